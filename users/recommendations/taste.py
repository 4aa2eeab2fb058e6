"""What a user's films have in common, in a constant number of queries."""

from collections import Counter

from django.db.models import Avg, Count, Q, QuerySet

from movies.models import Genre, Movie
from users.lists.reading import counts
from users.models import FavoriteMovie, Rating, User, WatchedMovie

MOST_DIRECTORS = 20


def taste(user: User) -> dict:
    """Return figures of the films that the user favored, watched or rated."""
    mine = films_of(user)
    rows = list(mine.values_list("release_date", "original_language", "details__directors"))
    ratings = dict(
        Rating.objects.filter(user=user)
        .order_by()
        .values_list("rating")
        .annotate(n=Count("*"))
        .order_by("rating")
    )
    rated = sum(ratings.values())
    total = sum(rating * n for rating, n in ratings.items())
    return {
        "totals": counts(user)
        | {"films": len(rows), "mean_rating": round(total / rated, 2) if rated else None},
        "genres": genres(user, mine, len(rows)),
        "decades": counted("decade", [date.year // 10 * 10 for date, *_ in rows if date]),
        "languages": counted("language", [language for _, language, _ in rows if language]),
        "directors": directors([each for *_, each in rows]),
        "ratings": [{"rating": each, "count": ratings.get(each, 0)} for each in range(1, 11)],
    }


def films_of(user: User) -> QuerySet[Movie]:
    on_lists = Q(pk__in=[])
    for entries in (FavoriteMovie, WatchedMovie, Rating):
        on_lists |= Q(pk__in=entries.objects.filter(user=user).values("movie"))
    return Movie.objects.filter(on_lists)


def genres(user: User, mine: QuerySet[Movie], films: int) -> list[dict]:
    """Return each genre's share of the user's films, beside its share of all films."""
    of_all = Movie.objects.filter(gone_at=None)
    size = of_all.count() or 1
    rows = (
        Genre.objects.annotate(
            mine=Count("movie_genres", filter=Q(movie_genres__movie__in=mine.values("pk"))),
            everywhere=Count("movie_genres", filter=Q(movie_genres__movie__gone_at=None)),
        )
        .filter(mine__gt=0)
        .order_by("-mine", "id")
    )
    rated = Rating.objects.filter(user=user).order_by()
    means = dict(rated.values_list("movie__movie_genres__genre").annotate(mean=Avg("rating")))
    return [
        {
            "id": genre.pk,
            "name": genre.name,
            "count": genre.mine,
            "share": round(genre.mine / films, 4),
            "catalogue_share": round(genre.everywhere / size, 4),
            "mean_rating": round(means[genre.pk], 2) if genre.pk in means else None,
        }
        for genre in rows
    ]


def counted(name: str, values: list) -> list[dict]:
    found = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return [{name: value, "count": count} for value, count in found]


def directors(of_films: list[list[dict] | None]) -> list[dict]:
    names, films = {}, Counter()
    for people in of_films:
        for each in people or []:
            names[each["id"]] = each["name"]
            films[each["id"]] += 1
    found = sorted(films.items(), key=lambda pair: (-pair[1], names[pair[0]]))
    return [{"id": id, "name": names[id], "count": n} for id, n in found[:MOST_DIRECTORS]]

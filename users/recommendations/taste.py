"""What a user's films have in common, in a constant number of queries."""

from collections import Counter

from django.core.cache import cache
from django.db.models import Avg, Count, QuerySet

from movies.models import Movie, MovieGenre
from users.lists.reading import counts
from users.models import FavoriteMovie, Rating, User, WatchedMovie

MOST_DIRECTORS = 20
CATALOGUE_SECONDS = 3600  # that the catalogue's own figures, which take long, are kept


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
    lists = [
        entries.objects.filter(user=user).order_by().values("movie")
        for entries in (FavoriteMovie, WatchedMovie, Rating)
    ]
    return Movie.objects.filter(pk__in=lists[0].union(*lists[1:]))


def genres(user: User, mine: QuerySet[Movie], films: int) -> list[dict]:
    """Return each genre's share of the user's films, beside its share of all films."""
    found = MovieGenre.objects.filter(movie__in=mine.values("pk")).order_by()
    counts = found.values_list("genre", "genre__name").annotate(n=Count("*"))
    rated = Rating.objects.filter(user=user).order_by()
    means = dict(rated.values_list("movie__movie_genres__genre").annotate(mean=Avg("rating")))
    shares = cache.get_or_set("catalogue-shares", catalogue_shares, CATALOGUE_SECONDS)
    return [
        {
            "id": genre,
            "name": name,
            "count": count,
            "share": round(count / films, 4),
            "catalogue_share": shares.get(genre, 0.0),
            "mean_rating": round(means[genre], 2) if genre in means else None,
        }
        for genre, name, count in sorted(counts, key=lambda row: (-row[2], row[0]))
    ]


def catalogue_shares() -> dict[int, float]:
    """Return each genre's share of all films that the database knows."""
    films = Movie.objects.filter(gone_at=None)
    size = films.count()
    found = MovieGenre.objects.filter(movie__gone_at=None).order_by().values_list("genre")
    return {genre: round(count / size, 4) for genre, count in found.annotate(n=Count("*"))}


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

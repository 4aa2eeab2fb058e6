"""What a user's films have in common, in a constant number of queries."""

from collections import Counter

from django.core.cache import cache
from django.db.models import Avg, Count, QuerySet

from movies.models import Movie, MovieGenre
from users.lists.reading import counts
from users.models import FavoriteMovie, Rating, User, WatchedMovie

MOST_DIRECTORS = 20
SHARES, CATALOGUE_SECONDS = "catalogue-shares", 3600


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
    found = found.values_list("genre", "genre__name").annotate(n=Count("*"))
    rows = sorted(found, key=lambda row: (-row[2], row[0]))
    rated = Rating.objects.filter(user=user).order_by()
    means = dict(rated.values_list("movie__movie_genres__genre").annotate(mean=Avg("rating")))
    shares = catalogue_shares({genre for genre, *_ in rows})
    return [
        {
            "id": genre,
            "name": name,
            "count": count,
            # One may have been added since the films were counted.
            "share": round(count / max(films, count), 4),
            "catalogue_share": shares[genre],
            "mean_rating": round(means[genre], 2) if genre in means else None,
        }
        for genre, name, count in rows
    ]


def catalogue_shares(wanted: set[int]) -> dict[int, float]:
    """Return the share of all films that the database knows of `wanted` genres and more.

    Counting a large catalogue takes long: it is done anew after CATALOGUE_SECONDS, or for a genre
    that nobody had before.
    """
    shares = cache.get(SHARES, {})
    if not wanted <= shares.keys():
        found = MovieGenre.objects.order_by().values_list("genre").annotate(n=Count("*"))
        by_genre, films = dict(found), Movie.objects.count()
        shares = {genre: round(n / max(films, n), 4) for genre, n in by_genre.items()}
        cache.set(SHARES, shares, CATALOGUE_SECONDS)
    # One of the user's films may have been deleted since its genres were read.
    return {genre: shares.get(genre, 0.0) for genre in wanted}


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

"""Statistics of a user's movies, in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from typing import TypedDict, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Avg, Count, QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from movies.models import Movie, MovieGenre
from users.lists.reading import counts
from users.models import Entry, FavoriteMovie, Rating, User, WatchedMovie

MAX_DIRECTORS = 20
SHARES_KEY, SHARES_SECONDS = "genre-shares", 3600
# With tens of thousands of movies, statistics take most of a second. From this many entries on they
# are cached, for a limited time because the movies themselves change, too.
CACHED_FROM, CACHED_SECONDS = 1000, 600

Value = TypeVar("Value", int, str)


class Named(TypedDict):
    """A person in `Movie.details`."""

    id: int
    name: str


class GenreTaste(TypedDict):
    id: int
    name: str
    count: int
    share: float
    catalogue_share: float
    mean_rating: float | None


class DirectorCount(TypedDict):
    id: int
    name: str
    count: int


class Taste(TypedDict):
    """The body of the answer, as TasteSerializer describes it."""

    totals: dict[str, float | None]
    genres: list[GenreTaste]
    decades: list[dict[str, int]]
    languages: list[dict[str, int | str]]
    directors: list[DirectorCount]
    ratings: list[dict[str, int]]


def fingerprint_of(entries: type[Entry], value: str = "0") -> str:
    """Return the SQL of a list's fingerprint, in which `value` is what else `statistics` reads."""
    # The plain sum could stay the same when some movies take the place of others.
    movie_id = "CAST(movie_id AS bigint)"
    return (
        f"SELECT '{entries._meta.model_name}', COUNT(*), SUM({movie_id}),"
        f" SUM({movie_id} * (movie_id %% 8191)), SUM({movie_id} * {value}), MAX(added_at)"
        f" FROM {entries._meta.db_table} WHERE user_id = %(user)s"
    )


FINGERPRINT = " UNION ALL ".join(
    [fingerprint_of(FavoriteMovie), fingerprint_of(WatchedMovie), fingerprint_of(Rating, "rating")]
)


def taste(user: User) -> Taste:
    """Return statistics of the movies that the user has favorited, watched or rated."""
    lengths = counts(user)
    is_cached = lengths["favorites"] + lengths["watched"] + lengths["ratings"] >= CACHED_FROM
    found = cached_statistics(user) if is_cached else statistics(user)
    return {**found, "totals": {**lengths, **found["totals"]}}


def cached_statistics(user: User) -> Taste:
    """Return the user's statistics, from the cache as long as their entries are the same."""
    key, entries = key_of(user), fingerprint(user)
    kept = cache.get(key)
    if kept and kept["entries"] == entries:
        return kept["statistics"]
    found = statistics(user)
    cache.set(key, {"entries": entries, "statistics": found}, CACHED_SECONDS)
    return found


def key_of(user: User) -> str:
    return f"taste-{user.pk}"


@receiver(pre_delete, sender=User)
def forget(instance: User, **kwargs: object) -> None:
    """Delete the statistics of a user who is deleted."""
    cache.delete(key_of(instance))


def fingerprint(user: User) -> str:
    """Return what changes with each change of the entries that `statistics` reads, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT, {"user": user.pk})
        return repr(sorted(cursor.fetchall()))


def statistics(user: User) -> Taste:
    """Return the user's Taste, without the lengths of the lists."""
    movies = movies_of(user)
    rows = list(movies.values_list("release_date", "original_language", "details__directors"))
    decades = by_count(date.year // 10 * 10 for date, _, _ in rows if date)
    languages = by_count(language for _, language, _ in rows if language)
    ratings = dict(
        Rating.objects.filter(user=user)
        .order_by()
        .values_list("rating")
        .annotate(n=Count("*"))
        .order_by("rating")
    )
    rated = sum(ratings.values())
    mean = sum(rating * n for rating, n in ratings.items()) / rated if rated else None
    return {
        "totals": {"films": len(rows), "mean_rating": round(mean, 2) if mean else None},
        "genres": genres(user, movies, len(rows)),
        "decades": [{"decade": decade, "count": n} for decade, n in decades],
        "languages": [{"language": language, "count": n} for language, n in languages],
        "directors": directors(people for _, _, people in rows),
        "ratings": [{"rating": each, "count": ratings.get(each, 0)} for each in range(1, 11)],
    }


def movies_of(user: User) -> QuerySet[Movie]:
    """Return the movies that the user has favorited, watched or rated."""
    lists = [
        entries.objects.filter(user=user).order_by().values_list("movie", flat=True)
        for entries in (FavoriteMovie, WatchedMovie, Rating)
    ]
    return Movie.objects.filter(pk__in=lists[0].union(*lists[1:]))


def genres(user: User, movies: QuerySet[Movie], total: int) -> list[GenreTaste]:
    """Return each genre's share of the user's `total` movies, and of all movies."""
    found = MovieGenre.objects.filter(movie__in=movies.values("pk")).order_by()
    counted = found.values_list("genre", "genre__name").annotate(n=Count("*"))
    rows = sorted(counted, key=lambda row: (-row[2], row[0]))
    rated = Rating.objects.filter(user=user).order_by()
    means = dict(rated.values_list("movie__movie_genres__genre").annotate(mean=Avg("rating")))
    shares = catalogue_shares({row[0] for row in rows})
    return [
        {
            "id": genre,
            "name": name,
            "count": count,
            # A movie may have been added after `total` was counted.
            "share": round(count / max(total, count), 4),
            "catalogue_share": shares[genre],
            "mean_rating": round(means[genre], 2) if genre in means else None,
        }
        for genre, name, count in rows
    ]


def catalogue_shares(genre_ids: set[int]) -> dict[int, float]:
    """Return each genre's share of all movies in the database.

    Counting a large catalogue is slow, so the shares are cached for SHARES_SECONDS. They are
    counted again if one of these genres is not in the cache.
    """
    # Pairs, because the keys of JSON objects are texts.
    shares: dict[int, float] = dict(cache.get(SHARES_KEY, []))
    if not genre_ids <= shares.keys():
        found = MovieGenre.objects.order_by().values_list("genre").annotate(n=Count("*"))
        by_genre, total = dict(found), Movie.objects.count()
        shares = {genre: round(n / max(total, n), 4) for genre, n in by_genre.items()}
        cache.set(SHARES_KEY, [*shares.items()], SHARES_SECONDS)
    # A movie of the user's may have been deleted since its genres were read.
    return {genre: shares.get(genre, 0.0) for genre in genre_ids}


def by_count(values: Iterable[Value]) -> list[tuple[Value, int]]:
    """Return the distinct values with their counts, the most frequent first."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def directors(of_movies: Iterable[list[Named] | None]) -> list[DirectorCount]:
    """Return the MAX_DIRECTORS directors with the most movies."""
    names: dict[int, str] = {}
    totals: Counter[int] = Counter()
    for people in of_movies:
        for each in people or []:
            names[each["id"]] = each["name"]
            totals[each["id"]] += 1
    found = sorted(totals.items(), key=lambda pair: (-pair[1], names[pair[0]]))
    return [{"id": id, "name": names[id], "count": n} for id, n in found[:MAX_DIRECTORS]]

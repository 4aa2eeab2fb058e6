"""What the database knows: the last resort when there is neither a document nor TMDb.

Each function answers a question of `catalogue` from Movie rows as they were last seen, in
TMDB_LANGUAGE, or None where the rows cannot tell. Films that TMDb no longer has are left out.
"""

from django.conf import settings
from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from movies.genres import ENGLISH_GENRES
from movies.models import Genre, Movie
from movies.services.mapping.summary import image_url
from movies.text import fold

from .writing import DETAILS

PAGE_SIZE = 20
LAST_PAGE = 500
MIN_VOTES_TOP_RATED = 200

NO_DETAILS = {
    name: [] if name in {"production_countries", "spoken_languages", "keywords", "directors",
                         "cast", "trailers"} else None
    for name in DETAILS
}  # fmt: skip

ORDERS = {
    "popularity": "popularity",
    "rating": "vote_average",
    "release_date": "release_date",
    "votes": "vote_count",
}
FILTERS = {
    "year": "release_date__year",
    "released_after": "release_date__gte",
    "released_before": "release_date__lte",
    "min_rating": "vote_average__gte",
    "min_votes": "vote_count__gte",
    "min_runtime": "runtime__gte",
    "max_runtime": "runtime__lte",
    "original_language": "original_language",
}


def movie(movie_id: int | str) -> dict | None:
    """Return a MovieDetail by TMDb or IMDb id, without what changes by region."""
    known = {"imdb_id": movie_id} if isinstance(movie_id, str) else {"id": movie_id}
    found = films().filter(**known).first()
    if found is None:
        return None
    known_details = NO_DETAILS | (found.details or {})
    if not found.details:
        known_details["overview"] = found.overview
        known_details["overview_language"] = settings.TMDB_LANGUAGE if found.overview else None
    return (
        summary(found)
        | {"imdb_id": found.imdb_id, "runtime": found.runtime}
        | known_details
        | {"certification": None, "watch_providers": None}
    )


def popular(page: int) -> dict | None:
    return page_of(films().filter(popularity__isnull=False).order_by("-popularity", "id"), page)


def top_rated(page: int) -> dict | None:
    rated = films().filter(vote_count__gte=MIN_VOTES_TOP_RATED, vote_average__isnull=False)
    return page_of(rated.order_by("-vote_average", "id"), page)


def search(*, query: str, page: int, year: int | None = None) -> dict | None:
    """Find films whose title holds the query; equal titles and beginnings come first."""
    wanted = fold(query)
    if not wanted:
        return None
    found = films().filter(folded_title__contains=wanted)
    if year:
        found = found.filter(release_date__year=year)
    rank = Case(
        When(folded_title=wanted, then=Value(0)),
        When(folded_title__startswith=wanted, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return page_of(found.order_by(rank, F("popularity").desc(nulls_last=True), "id"), page)


def discover(*, page: int, sort: str, filters: dict) -> dict | None:
    found = films()
    for genre in filters.get("genres", ()):
        found = found.filter(movie_genres__genre=genre)
    found = found.exclude(movie_genres__genre__in=filters.get("exclude_genres", ()))
    found = found.filter(**{FILTERS[name]: filters[name] for name in FILTERS if name in filters})
    column = ORDERS[sort.removeprefix("-")]
    found = found.filter(**{f"{column}__isnull": False})
    return page_of(found.order_by(f"-{column}" if sort[0] == "-" else column, "id"), page)


def genres() -> dict:
    """Return all genres, named as stored, or in English where one was not seen yet."""
    names = ENGLISH_GENRES | dict(Genre.objects.values_list("id", "name"))
    return {"genres": [{"id": genre_id, "name": name} for genre_id, name in names.items()]}


def films() -> QuerySet[Movie]:
    return Movie.objects.filter(gone_at=None).prefetch_related("movie_genres__genre")


def page_of(found: QuerySet[Movie], page: int) -> dict | None:
    """Return one page; None where there is no film at all, so that nothing empty is shown."""
    total = found.count()
    if not total:
        return None
    return {
        "page": page,
        "total_pages": min(-(-total // PAGE_SIZE), LAST_PAGE),
        "total_results": total,
        "results": [summary(each) for each in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]],
    }


def summary(film: Movie) -> dict:
    """Return a MovieSummary of a row whose genres are prefetched."""
    return {
        "id": film.id,
        "title": film.title,
        "original_title": film.original_title,
        "original_language": film.original_language,
        "overview": film.overview,
        "release_date": film.release_date.isoformat() if film.release_date else None,
        "genres": [
            {"id": each.genre_id, "name": each.genre.name} for each in film.movie_genres.all()
        ],
        "poster_path": film.poster_path,
        "poster_url": image_url(film.poster_path, "w500"),
        "backdrop_path": film.backdrop_path,
        "backdrop_url": image_url(film.backdrop_path, "w1280"),
        "popularity": film.popularity,
        "vote_average": film.vote_average,
        "vote_count": film.vote_count,
    }

"""The catalogue: one function per question, which views and commands call.

Each takes validated parameters by keyword and returns a cache.Answer: from the cache while that
is fresh, else from TMDb through the service layer, else from what the database knows. On the
way every film is stored, so that the lists of users and that last resort find it.

All raise a TMDbError (movies.services.exceptions) where nothing can answer. A film that TMDb
does not have is an answer: a document with status 404. `refresh_below` makes a document with
no more than so many seconds of freshness left count as stale.
"""

from contextlib import suppress
from dataclasses import replace

from django.conf import settings

from .cache.documents import Document, Key
from .cache.single_flight import Answer, Loaded, Source, answer, fresh, keep
from .limits import charged_to
from .loading import load_film, load_genres, load_page
from .models import Movie
from .services import budget
from .services.exceptions import TMDbError, TMDbNotFound
from .services.mapping.movie import cut_to_region
from .services.tmdb_service import service
from .services.transport import load_within
from .store import reading as database
from .store.writing import save_detail

# Sorting by rating without a floor is led by films with one vote.
MIN_VOTES_BY_RATING = 200


# Our charts by TMDb's names for them.
CHARTS = {
    "popular": "popular",
    "top-rated": "top_rated",
    "now-playing": "now_playing",
    "upcoming": "upcoming",
}
# Our discover parameters by TMDb's names for them.
DISCOVER_FILTERS = {
    "genres": "with_genres",
    "exclude_genres": "without_genres",
    "year": "primary_release_year",
    "released_after": "primary_release_date.gte",
    "released_before": "primary_release_date.lte",
    "min_rating": "vote_average.gte",
    "min_votes": "vote_count.gte",
    "min_runtime": "with_runtime.gte",
    "max_runtime": "with_runtime.lte",
    "original_language": "with_original_language",
    "region": "region",
}
DISCOVER_ORDERS = {
    "popularity": "popularity",
    "rating": "vote_average",
    "release_date": "primary_release_date",
    "votes": "vote_count",
}


def trending(*, window: str, page: int, language: str, refresh_below: float = 0) -> Answer:
    """Answer what everybody watches, over the `day` or the `week`."""

    def load() -> Loaded:
        found = service().trending(window=window, page=page, language=language)
        return load_page(found, page=page, language=language)

    key = Key.of("trending", window=window, page=page, language=language)
    return answer(key, load, refresh_below=refresh_below)


def chart(
    name: str, *, page: int, language: str, region: str | None = None, refresh_below: float = 0
) -> Answer:
    """Answer one of the CHARTS."""

    def load() -> Loaded:
        found = service().chart(CHARTS[name], page=page, language=language, region=region)
        return load_page(found, page=page, language=language, region=region)

    known = {"popular": database.popular, "top-rated": database.top_rated}.get(name)
    return answer(
        Key.of(name, page=page, language=language, region=region),
        load,
        database=known and (lambda: known(page)),
        refresh_below=refresh_below,
    )


def search(
    *, query: str, page: int, language: str, include_adult: bool, year: int | None = None
) -> Answer:
    """Answer the films found under any title that TMDb knows them by."""
    asked = {"query": query, "year": year, "page": page}

    def load() -> Loaded:
        found = service().search(**asked, include_adult=include_adult, language=language)
        return load_page(found, page=page, language=language, include_adult=include_adult)

    key = Key.of("search", **asked, include_adult=include_adult, language=language)
    return answer(key, load, database=lambda: database.search(**asked))


def discover(*, page: int, language: str, sort: str, **filters) -> Answer:
    """Answer the films that all of `filters` (keys of DISCOVER_FILTERS) let through."""
    order = sort.removeprefix("-")
    if order == "rating":
        filters.setdefault("min_votes", MIN_VOTES_BY_RATING)
    upstream = {DISCOVER_FILTERS[name]: _joined(value) for name, value in filters.items()}
    upstream["sort_by"] = f"{DISCOVER_ORDERS[order]}.{'desc' if sort[0] == '-' else 'asc'}"

    def load() -> Loaded:
        found = service().discover(page=page, language=language, filters=upstream)
        return load_page(found, page=page, language=language, region=filters.get("region"))

    return answer(
        Key.of("discover", page=page, language=language, **upstream),
        load,
        database=lambda: database.discover(page=page, sort=sort, filters=filters),
    )


def genres(*, language: str, refresh_below: float = 0) -> Answer:
    """Answer TMDb's film genres by name."""
    return answer(
        Key.of("genres", language=language),
        lambda: load_genres(language),
        database=database.genres,
        refresh_below=refresh_below,
    )


def movie(movie_id: int, *, language: str, region: str, refresh_below: float = 0) -> Answer:
    """Answer a film, with all that one request can tell of it.

    TMDb's answer is kept once a language; each region's document is cut from it.
    """
    key = Key.of("details", movie_id, language=language, region=region)
    if found := fresh(key, refresh_below):
        return found

    def load() -> Loaded:
        everywhere, afterwards = load_film(movie_id, language)
        return Loaded(everywhere, afterwards=afterwards)

    def from_database() -> dict | None:
        known = database.movie(movie_id)
        return known and {"detail": known, "certifications": {}, "watch_providers": {}}

    with budget.reserve():
        everywhere = answer(
            _film_key(movie_id, language),
            load,
            database=from_database,
            refresh_below=refresh_below,
        )
    if everywhere.document.status != 200:
        return everywhere
    document = everywhere.document.of_same_age(cut_to_region(everywhere.document.json(), region))
    if everywhere.source is not Source.DATABASE and document.seconds_fresh > 0:
        # A stale cut would not be looked at: the answer that it is cut from tells better.
        keep(key, document, document.seconds_fresh)
    return replace(everywhere, document=document)


def refetch(movie_id: int) -> None:
    """Ask TMDb for a film whatever is kept of it, and store it; mark it if TMDb has it no more.

    Raises TMDbError but TMDbNotFound.
    """
    language = settings.TMDB_LANGUAGE
    try:
        everywhere, afterwards = load_film(movie_id, language)
    except TMDbNotFound:
        return
    afterwards()
    keep(_film_key(movie_id, language), Document.of("details", everywhere))


def stored(movie_ids: list[int]) -> dict[int, bool]:
    """Return {id: TMDb still has it} of the films that the database knows."""
    rows = Movie.objects.filter(id__in=movie_ids).values_list("id", "gone_at")
    return {movie_id: gone_at is None for movie_id, gone_at in rows}


def exists(movie_id: int) -> bool:
    """Say whether TMDb has a film: by its row, else by asking, which stores it.

    Raises TMDbError.
    """
    if known := stored([movie_id]):
        return known[movie_id]
    found = movie(movie_id, language=settings.TMDB_LANGUAGE, region=settings.TMDB_REGION)
    if found.document.status != 200:
        return False
    # Stored on the way, unless the answer was kept from before.
    if not stored([movie_id]):
        save_detail(found.document.json(), complete=True)
    return True


def obtain(movie_ids: list[int], *, seconds: float, limit: str, who: str) -> dict[int, bool]:
    """Have the films stored that can be had in so many seconds and with a half of the budget.

    Each that TMDb is asked for is charged to `who` by `limit`. Returns {id: TMDb has it} without
    the films that could not be asked for.
    """
    known = stored(movie_ids)
    missing = [movie_id for movie_id in movie_ids if movie_id not in known]
    with (
        load_within(seconds),
        budget.up_to(budget.IN_BULK),
        budget.one_patience(),
        charged_to(limit, who, each=True),
    ):
        for movie_id in missing:
            # Its row may have come along with another film meanwhile: `exists` looks again. Once
            # TMDb is not to be asked any more, what is kept still answers.
            with suppress(TMDbError):
                known[movie_id] = exists(movie_id)
    return known


def movie_by_imdb_id(imdb_id: str, *, language: str) -> Answer:
    """Answer `{"id": TMDb's id}` of the film with this IMDb id, and keep the film's own answer."""

    def load() -> Loaded:
        everywhere, afterwards = load_film(imdb_id, language)
        movie_id = everywhere["detail"]["id"]
        keep(_film_key(movie_id, language), Document.of("details", everywhere))
        return Loaded({"id": movie_id}, afterwards=afterwards)

    def from_database() -> dict | None:
        known = database.movie(imdb_id)
        return known and {"id": known["id"]}

    with budget.reserve():
        return answer(Key.of("details", imdb_id), load, database=from_database)


def related(kind: str, movie_id: int, *, page: int, language: str) -> Answer:
    """Answer a film's `recommendations` or `similar` films.

    The first page is usually there already: it comes with the film's details.
    """

    def load() -> Loaded:
        ask = service().recommendations if kind == "recommendations" else service().similar
        return load_page(ask(movie_id, page=page, language=language), page=page, language=language)

    return answer(Key.of(kind, movie_id, page=page, language=language), load)


def _film_key(movie_id: int, language: str) -> Key:
    return Key.of("details", movie_id, language=language)


def _joined(value: object) -> object:
    return ",".join(map(str, value)) if isinstance(value, list) else value

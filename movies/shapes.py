"""The shape of a movie in the API's answers, in the cache and in the database.

TMDb's answers, the rows of the database and the demo's movies are converted to these shapes in one
place each: `services.mapping`, `store.rows`, and (through TMDb's own shapes) `demo`. The
serializers of `api` describe the same shapes, which a test checks.
"""

from typing import NotRequired, TypedDict


class Named(TypedDict):
    id: int
    name: str


class MovieSummary(TypedDict):
    id: int
    title: str
    original_title: str | None
    original_language: str | None
    overview: str | None
    release_date: str | None  # YYYY-MM-DD
    genres: list[Named]
    poster_path: str | None
    poster_url: str | None
    backdrop_path: str | None
    backdrop_url: str | None
    popularity: float | None
    vote_average: float | None  # None while nobody has voted
    vote_count: int | None


class MoviePage(TypedDict):
    page: int
    total_pages: int
    total_results: int
    results: list[MovieSummary]


class Coded(TypedDict):
    code: str
    name: str


class Collection(Named):
    poster_url: str | None
    backdrop_url: str | None


class Person(Named):
    profile_url: str | None


class CastMember(Person):
    character: str | None
    order: int


class Trailer(TypedDict):
    name: str | None
    site: str
    key: str
    url: str
    official: bool


class Provider(Named):
    logo_url: str | None


class WatchProviders(TypedDict):
    link: str | None
    flatrate: list[Provider]
    free: list[Provider]
    ads: list[Provider]
    rent: list[Provider]
    buy: list[Provider]


class MovieDetail(MovieSummary):
    overview_language: str | None
    tagline: str | None
    imdb_id: str | None
    runtime: int | None  # minutes
    status: str | None
    homepage: str | None
    budget: int | None  # US dollars
    revenue: int | None  # US dollars
    production_countries: list[Coded]
    spoken_languages: list[Coded]
    collection: Collection | None
    keywords: list[Named]
    directors: list[Person]
    cast: list[CastMember]
    trailers: list[Trailer]
    # These differ by region. They are missing in the part that is the same everywhere.
    certification: NotRequired[str | None]
    watch_providers: NotRequired[WatchProviders | None]

"""Movies in the JSON of TMDb's v3 API: list items, details and appended parts.

The catalogue has a single release date for each movie, so `region` has no effect.
"""

from collections.abc import Callable, Iterable

from movies.genres import ENGLISH_GENRES
from movies.tmdb import PAGE_SIZE

from . import selection
from .data import Catalogue, DemoMovie

EMPTY_PAGE = {"page": 1, "results": [], "total_pages": 1, "total_results": 0}


def genre_names(catalogue: Catalogue, language: str) -> dict[int, str]:
    names = catalogue.genre_names.get(language.split("-")[0], {})
    return {genre: names.get(str(genre), name) for genre, name in ENGLISH_GENRES.items()}


def translation(movie: DemoMovie, language: str) -> dict[str, str]:
    """Return the title, overview and tagline. As at TMDb, only the title has a fallback."""
    code = language.split("-")[0]
    if code == "en":
        return {"title": movie.title, "overview": movie.overview, "tagline": movie.tagline or ""}
    own = movie.original_title if code == movie.original_language else movie.title
    return {"title": own, "overview": "", "tagline": ""} | movie.translations.get(code, {})


def common(movie: DemoMovie, language: str) -> dict:
    """Return the keys that list items and details have in common."""
    texts = translation(movie, language)
    return {
        "adult": False,
        "backdrop_path": None,
        "id": movie.id,
        "title": texts["title"],
        "original_language": movie.original_language,
        "original_title": movie.original_title,
        "overview": texts["overview"],
        "popularity": movie.popularity,
        "poster_path": None,
        "release_date": movie.release_date,
        "softcore": False,
        "video": False,
        "vote_average": movie.vote_average,
        "vote_count": movie.vote_count,
    }


def list_item(movie: DemoMovie, language: str, typed: bool = False) -> dict:
    """Return a list item. `typed` adds the `media_type` that some of TMDb's lists have."""
    item = common(movie, language) | {"genre_ids": list(movie.genres)}
    return item | {"media_type": "movie"} if typed else item


def page_of(movies: list[DemoMovie], page: int, language: str, typed: bool = False) -> dict:
    """Return a page of `movies`, numbered from 1. A page past the end is empty."""
    chosen = movies[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "page": page,
        "results": [list_item(movie, language, typed) for movie in chosen],
        "total_pages": max(1, -(-len(movies) // PAGE_SIZE)),
        "total_results": len(movies),
    }


def details(catalogue: Catalogue, movie: DemoMovie, language: str, parts: Iterable[str]) -> dict:
    """Return a movie's details with the appended `parts`. Unknown parts are ignored."""
    names = genre_names(catalogue, language)
    body = common(movie, language) | {
        "belongs_to_collection": collection(catalogue, movie),
        "budget": 0,
        "genres": [{"id": genre, "name": names[genre]} for genre in movie.genres],
        "homepage": "",
        "imdb_id": movie.imdb_id,
        "origin_country": list(movie.countries[:1]),
        "production_companies": [],
        "production_countries": [
            {"iso_3166_1": code, "name": catalogue.countries[code]} for code in movie.countries
        ],
        "revenue": 0,
        "runtime": movie.runtime or 0,
        "spoken_languages": [language_entry(catalogue, code) for code in movie.languages],
        "status": "Released" if movie.release_date <= str(catalogue.today) else "Post Production",
        "tagline": translation(movie, language)["tagline"],
    }
    return body | {name: PARTS[name](catalogue, movie, language) for name in parts if name in PARTS}


def language_entry(catalogue: Catalogue, code: str) -> dict:
    english, own = catalogue.languages[code]
    return {"english_name": english, "iso_639_1": code, "name": own}


def collection(catalogue: Catalogue, movie: DemoMovie) -> dict | None:
    if movie.collection is None:
        return None
    name = catalogue.collections[movie.collection]
    return {"id": movie.collection, "name": name, "poster_path": None, "backdrop_path": None}


def credits(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    cast = [
        person(catalogue, person_id, "Acting")
        | {
            "cast_id": order,
            "character": character or "",
            "credit_id": f"{movie.id}-cast-{order}",
            "order": order,
        }
        for order, (person_id, character) in enumerate(movie.cast)
    ]
    crew = [
        person(catalogue, person_id, "Directing")
        | {
            "credit_id": f"{movie.id}-crew-{place}",
            "department": "Directing",
            "job": "Director",
        }
        for place, person_id in enumerate(movie.directors)
    ]
    return {"cast": cast, "crew": crew}


def person(catalogue: Catalogue, person_id: int, department: str) -> dict:
    name = catalogue.people[person_id]
    return {
        "adult": False,
        "gender": 0,
        "id": person_id,
        "known_for_department": department,
        "name": name,
        "original_name": name,
        "popularity": 1.0,
        "profile_path": None,
    }


def keywords(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    named = [{"id": each, "name": catalogue.keywords[each]} for each in movie.keywords]
    return {"keywords": named}


def release_dates(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    """Return the known certifications, each with the movie's only release date."""
    released = {
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{movie.release_date}T00:00:00.000Z",
        "type": 3,
    }
    return {
        "results": [
            {"iso_3166_1": country, "release_dates": [released | {"certification": rating}]}
            for country, rating in movie.certifications.items()
        ]
    }


def translations(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    return {
        "translations": [
            language_entry(catalogue, code)
            | {
                "iso_3166_1": MAIN_COUNTRIES.get(code, code.upper()),
                "data": translation(movie, code) | {"homepage": "", "runtime": movie.runtime or 0},
            }
            for code in ["en", *movie.translations]
        ]
    }


def alternative_titles(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    titles = [
        {"iso_3166_1": country, "title": title, "type": ""}
        for country, title in movie.alternative_titles
    ]
    return {"titles": titles}


def external_ids(catalogue: Catalogue, movie: DemoMovie, language: str) -> dict:
    others = ("wikidata_id", "facebook_id", "instagram_id", "twitter_id")
    return {"imdb_id": movie.imdb_id} | dict.fromkeys(others)


def recommendations(catalogue: Catalogue, movie: DemoMovie, language: str, page: int = 1) -> dict:
    movies = selection.recommendations(catalogue, movie)
    return page_of(movies, page, language, typed=True)


def similar(catalogue: Catalogue, movie: DemoMovie, language: str, page: int = 1) -> dict:
    return page_of(selection.similar(catalogue, movie), page, language)


# Also the paths below /movie/{id}. Parts that the catalogue has no data for are empty.
PARTS: dict[str, Callable[..., dict]] = {
    "alternative_titles": alternative_titles,
    "credits": credits,
    "external_ids": external_ids,
    "images": lambda *_: {"backdrops": [], "logos": [], "posters": []},
    "keywords": keywords,
    "lists": lambda *_: EMPTY_PAGE,
    "recommendations": recommendations,
    "release_dates": release_dates,
    "reviews": lambda *_: EMPTY_PAGE,
    "similar": similar,
    "translations": translations,
    "videos": lambda *_: {"results": []},
    "watch/providers": lambda *_: {"results": {}},
}
PAGED_PARTS = {"recommendations", "similar"}

# The country of a language's translations at TMDb, if it differs from the language's code.
MAIN_COUNTRIES = {"en": "US", "ja": "JP", "ko": "KR", "zh": "CN", "sv": "SE", "da": "DK"}

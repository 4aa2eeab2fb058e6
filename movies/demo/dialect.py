"""Films as TMDb's v3 API writes them: list items, details, appended parts.

The catalogue knows one release date of a film, so `region` changes nothing here.
"""

from collections.abc import Callable, Iterable

from movies.genres import ENGLISH_GENRES

from . import selection
from .data import Catalogue, Film

PAGE_SIZE = 20
EMPTY_PAGE = {"page": 1, "results": [], "total_pages": 1, "total_results": 0}


def genre_names(catalogue: Catalogue, language: str) -> dict[int, str]:
    names = catalogue.genre_names.get(language.split("-")[0], {})
    return {genre: names.get(str(genre), name) for genre, name in ENGLISH_GENRES.items()}


def translation(film: Film, language: str) -> dict[str, str]:
    """Return title, overview and tagline; as at TMDb, only the title falls back."""
    code = language.split("-")[0]
    if code == "en":
        return {"title": film.title, "overview": film.overview, "tagline": film.tagline or ""}
    own = film.original_title if code == film.original_language else film.title
    return {"title": own, "overview": "", "tagline": ""} | film.translations.get(code, {})


def common(film: Film, language: str) -> dict:
    """Return what lists and details share."""
    texts = translation(film, language)
    return {
        "adult": False,
        "backdrop_path": None,
        "id": film.id,
        "title": texts["title"],
        "original_language": film.original_language,
        "original_title": film.original_title,
        "overview": texts["overview"],
        "popularity": film.popularity,
        "poster_path": None,
        "release_date": film.release_date,
        "softcore": False,
        "video": False,
        "vote_average": film.vote_average,
        "vote_count": film.vote_count,
    }


def list_item(film: Film, language: str, typed: bool = False) -> dict:
    """Return a list's entry; `typed` adds the media_type that some lists have."""
    item = common(film, language) | {"genre_ids": list(film.genres)}
    return item | {"media_type": "movie"} if typed else item


def page_of(films: list[Film], page: int, language: str, typed: bool = False) -> dict:
    """Return one page; a page past the end is empty."""
    chosen = films[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "page": page,
        "results": [list_item(film, language, typed) for film in chosen],
        "total_pages": max(1, -(-len(films) // PAGE_SIZE)),
        "total_results": len(films),
    }


def details(catalogue: Catalogue, film: Film, language: str, parts: Iterable[str]) -> dict:
    """Return a film's details with the appended `parts`; unknown parts are overlooked."""
    names = genre_names(catalogue, language)
    body = common(film, language) | {
        "belongs_to_collection": collection(catalogue, film),
        "budget": 0,
        "genres": [{"id": genre, "name": names[genre]} for genre in film.genres],
        "homepage": "",
        "imdb_id": film.imdb_id,
        "origin_country": list(film.countries[:1]),
        "production_companies": [],
        "production_countries": [
            {"iso_3166_1": code, "name": catalogue.countries[code]} for code in film.countries
        ],
        "revenue": 0,
        "runtime": film.runtime or 0,
        "spoken_languages": [language_entry(catalogue, code) for code in film.languages],
        "status": "Released" if film.release_date <= str(catalogue.today) else "Post Production",
        "tagline": translation(film, language)["tagline"],
    }
    return body | {name: PARTS[name](catalogue, film, language) for name in parts if name in PARTS}


def language_entry(catalogue: Catalogue, code: str) -> dict:
    english, own = catalogue.languages[code]
    return {"english_name": english, "iso_639_1": code, "name": own}


def collection(catalogue: Catalogue, film: Film) -> dict | None:
    if film.collection is None:
        return None
    name = catalogue.collections[film.collection]
    return {"id": film.collection, "name": name, "poster_path": None, "backdrop_path": None}


def credits(catalogue: Catalogue, film: Film, language: str) -> dict:
    cast = [
        person(catalogue, person_id, "Acting")
        | {
            "cast_id": order,
            "character": character or "",
            "credit_id": f"{film.id}-cast-{order}",
            "order": order,
        }
        for order, (person_id, character) in enumerate(film.cast)
    ]
    crew = [
        person(catalogue, person_id, "Directing")
        | {
            "credit_id": f"{film.id}-crew-{place}",
            "department": "Directing",
            "job": "Director",
        }
        for place, person_id in enumerate(film.directors)
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


def keywords(catalogue: Catalogue, film: Film, language: str) -> dict:
    named = [{"id": each, "name": catalogue.keywords[each]} for each in film.keywords]
    return {"keywords": named}


def release_dates(catalogue: Catalogue, film: Film, language: str) -> dict:
    """Return the known certifications; the date beside each is the film's own."""
    released = {
        "descriptors": [],
        "iso_639_1": "",
        "note": "",
        "release_date": f"{film.release_date}T00:00:00.000Z",
        "type": 3,
    }
    return {
        "results": [
            {"iso_3166_1": country, "release_dates": [released | {"certification": rating}]}
            for country, rating in film.certifications.items()
        ]
    }


def translations(catalogue: Catalogue, film: Film, language: str) -> dict:
    return {
        "translations": [
            language_entry(catalogue, code)
            | {
                "iso_3166_1": MAIN_COUNTRIES.get(code, code.upper()),
                "data": translation(film, code) | {"homepage": "", "runtime": film.runtime or 0},
            }
            for code in ["en", *film.translations]
        ]
    }


def alternative_titles(catalogue: Catalogue, film: Film, language: str) -> dict:
    titles = [
        {"iso_3166_1": country, "title": title, "type": ""}
        for country, title in film.alternative_titles
    ]
    return {"titles": titles}


def external_ids(catalogue: Catalogue, film: Film, language: str) -> dict:
    others = ("wikidata_id", "facebook_id", "instagram_id", "twitter_id")
    return {"imdb_id": film.imdb_id} | dict.fromkeys(others)


def recommendations(catalogue: Catalogue, film: Film, language: str, page: int = 1) -> dict:
    films = selection.recommendations(catalogue, film)
    return page_of(films, page, language, typed=True)


def similar(catalogue: Catalogue, film: Film, language: str, page: int = 1) -> dict:
    return page_of(selection.similar(catalogue, film), page, language)


# Also the sub-paths of /movie/{id}; empty where the catalogue has nothing true to say.
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

# The country that TMDb files a language's texts under, where it is not the language's own code.
MAIN_COUNTRIES = {"en": "US", "ja": "JP", "ko": "KR", "zh": "CN", "sv": "SE", "da": "DK"}

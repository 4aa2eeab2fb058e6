"""Map TMDb's details answer, with its appended parts, to a MovieDetail."""

import re
from typing import TypedDict

from movies import tmdb
from movies.shapes import (
    CastMember,
    Coded,
    Collection,
    MovieDetail,
    Named,
    Person,
    Provider,
    Trailer,
    WatchProviders,
)

from . import values
from .summary import GenreNames, movie_summary

LONGEST_CAST = 20
LONGEST_RUNTIME = 2**31 - 1  # minutes; the largest value of the column
# Release types, theatrical first: 3 theatrical, 2 limited, 1 premiere, 4 digital, 5 disc, 6 TV.
RELEASE_TYPES = (3, 2, 1, 4, 5, 6)
VIDEO_URLS = {
    "YouTube": "https://www.youtube.com/watch?v={}",
    "Vimeo": "https://vimeo.com/{}",
}
VIDEO_KEY = re.compile(r"[\w-]+", re.ASCII)


class MovieEverywhere(TypedDict):
    """A details answer: what is the same in every region, and what differs by region."""

    detail: MovieDetail
    certifications: dict[str, str]
    watch_providers: dict[str, WatchProviders]


# In order of preference; a movie may have no original language.
Languages = tuple[str | None, ...]


def all_regions(
    movie: dict, *, language: str, fallback: str, genre_names: GenreNames
) -> MovieEverywhere | None:
    """Map TMDb's details answer in `language` to the input of `cut_to_region`.

    Overview and tagline are in `language`, else in `fallback` (TMDB_LANGUAGE), else in the
    movie's original language. Returns None if the answer is not a movie.
    """
    detail = movie_detail(movie, language, fallback, genre_names)
    if detail is None:
        return None
    return {
        "detail": detail,
        "certifications": certifications(movie),
        "watch_providers": watch_providers(movie),
    }


def cut_to_region(everywhere: MovieEverywhere, region: str) -> MovieDetail:
    """Return the MovieDetail of one region."""
    return {
        **everywhere["detail"],
        "certification": everywhere["certifications"].get(region),
        "watch_providers": everywhere["watch_providers"].get(region),
    }


def movie_detail(
    movie: dict, language: str, fallback: str, genre_names: GenreNames
) -> MovieDetail | None:
    """Return the parts of a MovieDetail that are the same in every region."""
    summary = movie_summary(movie, genre_names)
    if summary is None:
        return None
    languages = (language, fallback, summary["original_language"])
    overview, overview_language = translated(movie, "overview", languages)
    return {
        **summary,
        "overview": overview,
        "overview_language": overview_language,
        "tagline": translated(movie, "tagline", languages)[0],
        "imdb_id": values.imdb_id(movie.get("imdb_id")),
        "runtime": values.whole(movie.get("runtime"), 1, LONGEST_RUNTIME),
        "status": values.text(movie.get("status")),
        "homepage": values.web_address(movie.get("homepage")),
        "budget": values.whole(movie.get("budget"), 1),
        "revenue": values.whole(movie.get("revenue"), 1),
        "production_countries": coded(movie, "production_countries", "iso_3166_1"),
        "spoken_languages": coded(movie, "spoken_languages", "iso_639_1"),
        "collection": collection(movie),
        "keywords": keywords(movie),
        "directors": directors(movie),
        "cast": cast(movie),
        "trailers": trailers(movie, (language, summary["original_language"], "en")),
    }


def translated(movie: dict, name: str, languages: Languages) -> tuple[str | None, str | None]:
    """Return the text `name` in the first of `languages` that has it, and that language.

    The answer itself is in the first language; the others come from its `translations`.
    """
    own = values.text(movie.get(name))
    if own:
        return own, languages[0]
    texts: dict[str, str] = {}
    for entry in values.objects(values.part(movie, "translations", "translations")):
        found = values.text(values.part(entry, "data", name))
        code = entry.get("iso_639_1")
        if found and isinstance(code, str):
            texts.setdefault(f"{code}-{entry.get('iso_3166_1')}", found)
            # For a language without a country, the text of any country will do.
            texts.setdefault(code, found)
    for language in filter(None, languages):
        for candidate in (language, language.split("-")[0]):
            if candidate in texts:
                return texts[candidate], language
    return None, None


def coded(movie: dict, name: str, code: str) -> list[Coded]:
    """Return countries or languages as `[{code, name}]`."""
    found: list[Coded] = []
    for entry in values.objects(movie.get(name)):
        key = values.text(entry.get(code))
        label = values.text(entry.get("name")) or values.text(entry.get("english_name"))
        if key:
            found.append({"code": key, "name": label or key})
    return found


def named(entry: dict) -> Named | None:
    """Return `{id, name}` of an entry that has both."""
    entry_id, name = values.tmdb_id(entry.get("id")), values.text(entry.get("name"))
    return {"id": entry_id, "name": name} if entry_id and name else None


def collection(movie: dict) -> Collection | None:
    entry = movie.get("belongs_to_collection")
    if not isinstance(entry, dict) or not (found := named(entry)):
        return None
    return {
        **found,
        "poster_url": values.image_url(entry.get("poster_path"), tmdb.POSTER),
        "backdrop_url": values.image_url(entry.get("backdrop_path"), tmdb.BACKDROP),
    }


def keywords(movie: dict) -> list[Named]:
    entries = values.objects(values.part(movie, "keywords", "keywords"))
    return [found for entry in entries if (found := named(entry))]


def person(entry: dict) -> Person | None:
    if not (found := named(entry)):
        return None
    return {**found, "profile_url": values.image_url(entry.get("profile_path"), tmdb.PROFILE)}


def directors(movie: dict) -> list[Person]:
    """Return each director once; TMDb lists a person once for each job."""
    found: dict[int, Person] = {}
    for entry in values.objects(values.part(movie, "credits", "crew")):
        if entry.get("job") == "Director" and (director := person(entry)):
            found.setdefault(director["id"], director)
    return list(found.values())


def cast(movie: dict) -> list[CastMember]:
    """Return the top of the cast, in billing order."""
    found: list[CastMember] = []
    for place, entry in enumerate(values.objects(values.part(movie, "credits", "cast"))):
        if actor := person(entry):
            order = values.whole(entry.get("order"))
            found.append(
                {
                    **actor,
                    "character": values.text(entry.get("character")),
                    "order": place if order is None else order,
                }
            )
    return sorted(found, key=lambda actor: actor["order"])[:LONGEST_CAST]


def trailers(movie: dict, languages: Languages) -> list[Trailer]:
    """Return the trailers on YouTube and Vimeo in `languages`, in that order."""
    ranks: dict[str, int] = {}
    for rank, language in enumerate(filter(None, languages)):
        ranks.setdefault(language.split("-")[0], rank)
    found: list[tuple[int, Trailer]] = []
    for entry in values.objects(values.part(movie, "videos", "results")):
        site, key = entry.get("site"), entry.get("key")
        rank = ranks.get(values.text(entry.get("iso_639_1")) or "", -1)
        if entry.get("type") != "Trailer" or rank < 0 or site not in VIDEO_URLS:
            continue
        if isinstance(key, str) and VIDEO_KEY.fullmatch(key):
            trailer: Trailer = {
                "name": values.text(entry.get("name")),
                "site": site,
                "key": key,
                "url": VIDEO_URLS[site].format(key),
                "official": entry.get("official") is True,
            }
            found.append((rank, trailer))
    return [trailer for _, trailer in sorted(found, key=lambda each: each[0])]


def certifications(movie: dict) -> dict[str, str]:
    """Return each region's own certification, that of a theatrical release before others."""
    found = {}
    for entry in values.objects(values.part(movie, "release_dates", "results")):
        region = entry.get("iso_3166_1")
        releases = list(values.objects(entry.get("release_dates")))
        in_order = [
            certification
            for release_type in RELEASE_TYPES
            for release in releases
            if release.get("type") == release_type
            and (certification := values.text(release.get("certification")))
        ]
        if isinstance(region, str) and in_order:
            found[region] = in_order[0]
    return found


def watch_providers(movie: dict) -> dict[str, WatchProviders]:
    """Return where the movie can be watched, by region. Malformed regions are left out."""
    regions = values.part(movie, "watch/providers", "results")
    if not isinstance(regions, dict):
        return {}
    return {
        region: {
            "link": values.web_address(entry.get("link")),
            "flatrate": providers(entry.get("flatrate")),
            "free": providers(entry.get("free")),
            "ads": providers(entry.get("ads")),
            "rent": providers(entry.get("rent")),
            "buy": providers(entry.get("buy")),
        }
        for region, entry in regions.items()
        if isinstance(entry, dict)
    }


def providers(entries: object) -> list[Provider]:
    found: list[Provider] = []
    for entry in values.objects(entries):
        if provider := named({"id": entry.get("provider_id"), "name": entry.get("provider_name")}):
            logo_url = values.image_url(entry.get("logo_path"), tmdb.LOGO)
            found.append({**provider, "logo_url": logo_url})
    return found

"""TMDb's details answer, with its appended parts, as ours: MovieDetail."""

import re

from movies import tmdb
from movies.shapes import (
    CastMember,
    Coded,
    Collection,
    MovieDetail,
    MovieEverywhere,
    Named,
    Person,
    Provider,
    Trailer,
    WatchProviders,
)

from . import values
from .genres import GenreNames
from .summary import movie_summary

LONGEST_CAST = 20
LONGEST_RUNTIME = 2**31 - 1  # minutes, as the column holds them
# Release types, theatrical first: 3 theatrical, 2 limited, 1 premiere, 4 digital, 5 disc, 6 TV.
RELEASE_TYPES = (3, 2, 1, 4, 5, 6)
PROVIDER_KINDS = ("flatrate", "free", "ads", "rent", "buy")
VIDEO_ADDRESSES = {
    "YouTube": "https://www.youtube.com/watch?v={}",
    "Vimeo": "https://vimeo.com/{}",
}
VIDEO_KEY = re.compile(r"[\w-]+", re.ASCII)


def all_regions(
    movie: dict, *, language: str, fallback: str, genre_names: GenreNames
) -> MovieEverywhere | None:
    """Return what TMDb's details answer in `language` tells, for `cut_to_region`.

    {"detail": a MovieDetail without what changes by region, "certifications": {region: str},
    "watch_providers": {region: WatchProviders}}. Overview and tagline come in `language`, else
    in `fallback` (TMDB_LANGUAGE), else in the movie's own language. None where the answer holds
    no movie.
    """
    detail = movie_detail(movie, language, fallback, genre_names)
    return detail and {
        "detail": detail,
        "certifications": certifications(movie),
        "watch_providers": watch_providers(movie),
    }


def cut_to_region(everywhere: MovieEverywhere, region: str) -> MovieDetail:
    """Return the MovieDetail of one region, of what `all_regions` returned."""
    return everywhere["detail"] | {
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
    return summary | {
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


def translated(movie: dict, name: str, languages: tuple) -> tuple[str | None, str | None]:
    """Return the field `name` in the first of `languages` that has it, and that language.

    The answer itself is in the first; the others come from its `translations`.
    """
    own = values.text(movie.get(name))
    if own:
        return own, languages[0]
    texts = {}
    for entry in values.objects(values.part(movie, "translations", "translations")):
        found = values.text(values.part(entry, "data", name))
        code = entry.get("iso_639_1")
        if found and isinstance(code, str):
            texts.setdefault(f"{code}-{entry.get('iso_3166_1')}", found)
            # A language alone is served by any of its countries' texts.
            texts.setdefault(code, found)
    for language in filter(None, languages):
        for candidate in (language, language.split("-")[0]):
            if candidate in texts:
                return texts[candidate], language
    return None, None


def coded(movie: dict, name: str, code: str) -> list[Coded]:
    """Return countries or languages as `[{code, name}]`."""
    found = []
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
    found = named(entry) if isinstance(entry, dict) else None
    return found and found | {
        "poster_url": values.image_url(entry.get("poster_path"), tmdb.POSTER),
        "backdrop_url": values.image_url(entry.get("backdrop_path"), tmdb.BACKDROP),
    }


def keywords(movie: dict) -> list[Named]:
    return [
        found
        for entry in values.objects(values.part(movie, "keywords", "keywords"))
        if (found := named(entry))
    ]


def person(entry: dict) -> Person | None:
    found = named(entry)
    return found and found | {
        "profile_url": values.image_url(entry.get("profile_path"), tmdb.PROFILE)
    }


def directors(movie: dict) -> list[Person]:
    """Return each director once; TMDb lists a person once for each job."""
    found = {}
    for entry in values.objects(values.part(movie, "credits", "crew")):
        if entry.get("job") == "Director" and (director := person(entry)):
            found.setdefault(director["id"], director)
    return list(found.values())


def cast(movie: dict) -> list[CastMember]:
    """Return the top of the cast in billing order."""
    found = []
    for place, entry in enumerate(values.objects(values.part(movie, "credits", "cast"))):
        if actor := person(entry):
            order = values.whole(entry.get("order"))
            found.append(
                {
                    "id": actor["id"],
                    "name": actor["name"],
                    "character": values.text(entry.get("character")),
                    "order": place if order is None else order,
                    "profile_url": actor["profile_url"],
                }
            )
    return sorted(found, key=lambda actor: actor["order"])[:LONGEST_CAST]


def trailers(movie: dict, languages: tuple) -> list[Trailer]:
    """Return the trailers on YouTube and Vimeo in `languages`, the first language's first."""
    ranks: dict[str, int] = {}
    for rank, language in enumerate(filter(None, languages)):
        ranks.setdefault(language.split("-")[0], rank)
    found = []
    for entry in values.objects(values.part(movie, "videos", "results")):
        site, key = values.text(entry.get("site")), entry.get("key")
        rank = ranks.get(values.text(entry.get("iso_639_1")))
        usable = isinstance(key, str) and VIDEO_KEY.fullmatch(key) and site in VIDEO_ADDRESSES
        if usable and entry.get("type") == "Trailer" and rank is not None:
            trailer = {
                "name": values.text(entry.get("name")),
                "site": site,
                "key": key,
                "url": VIDEO_ADDRESSES[site].format(key),
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
        ratings = [
            rating
            for kind in RELEASE_TYPES
            for release in releases
            if release.get("type") == kind and (rating := values.text(release.get("certification")))
        ]
        if isinstance(region, str) and ratings:
            found[region] = ratings[0]
    return found


def watch_providers(movie: dict) -> dict[str, WatchProviders]:
    """Return where the movie can be seen, by region; regions of which nothing is known lack."""
    regions = values.part(movie, "watch/providers", "results")
    if not isinstance(regions, dict):
        return {}
    return {
        region: {"link": values.web_address(entry.get("link"))}
        | {kind: providers(entry.get(kind)) for kind in PROVIDER_KINDS}
        for region, entry in regions.items()
        if isinstance(entry, dict)
    }


def providers(entries: object) -> list[Provider]:
    found = []
    for entry in values.objects(entries):
        provider = named({"id": entry.get("provider_id"), "name": entry.get("provider_name")})
        if provider:
            found.append(
                provider | {"logo_url": values.image_url(entry.get("logo_path"), tmdb.LOGO)}
            )
    return found

"""Answers recorded from TMDb, in the folder TMDB_RECORDED_DIR, are mapped without losses."""

import json
import os
from pathlib import Path

import pytest

from movies.genres import ENGLISH_GENRES
from movies.services.mapping.genres import genre_list
from movies.services.mapping.movie import all_regions, cut_to_region
from movies.services.mapping.summary import movie_page

FOLDER = os.environ.get("TMDB_RECORDED_DIR", "")
LISTS = (
    "trending_",
    "movie_popular",
    "movie_top_rated",
    "movie_now_playing",
    "movie_upcoming",
    "movie_recommendations",
    "movie_similar",
    "search_movie",
    "search_multi",
    "discover_movie",
)

pytestmark = pytest.mark.skipif(
    not Path(FOLDER).is_dir() or not FOLDER,
    reason="TMDB_RECORDED_DIR is not a folder of recorded answers",
)


def recorded(*prefixes: str) -> list[Path]:
    found = sorted(Path(FOLDER).glob("*.json")) if FOLDER else []
    return [path for path in found if path.name.startswith(prefixes)]


def read(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))


def german(movie: dict, language: str) -> dict:
    everywhere = all_regions(movie, language=language, fallback="en-US", genre_names=ENGLISH_GENRES)
    return cut_to_region(everywhere, "DE")


def id_of(path: Path) -> str:
    return path.stem


def assert_summary(ours: dict, movie: dict, genre_ids: list[int]) -> None:
    """Check a MovieSummary against the recording, with unknown values as None."""
    for name in ("id", "title", "original_title", "original_language", "popularity", "vote_count"):
        assert ours[name] == movie[name], name
    for name in ("overview", "release_date", "poster_path", "backdrop_path"):
        assert ours[name] == (movie.get(name) or None), name
    assert ours["vote_average"] == (movie["vote_average"] if movie["vote_count"] else None)
    assert [genre["id"] for genre in ours["genres"]] == [
        each for each in genre_ids if each in ENGLISH_GENRES
    ]
    for name, size in (("poster", "w500"), ("backdrop", "w1280")):
        path = movie.get(f"{name}_path")
        url = f"https://image.tmdb.org/t/p/{size}{path}" if path else None
        assert ours[f"{name}_url"] == url


@pytest.mark.parametrize("path", recorded(*LISTS), ids=id_of)
def test_a_recorded_list_is_mapped_completely(path):
    answer = read(path)
    page = movie_page(answer, answer["page"], ENGLISH_GENRES)
    movies = [each for each in answer["results"] if each.get("media_type", "movie") == "movie"]
    assert len(page["results"]) == len(movies)
    for ours, movie in zip(page["results"], movies):
        assert_summary(ours, movie, movie["genre_ids"])
    assert page["total_pages"] == min(answer["total_pages"], 500)
    assert page["total_results"] == answer["total_results"]
    assert page["page"] == answer["page"]


@pytest.mark.parametrize("path", recorded("movie_details", "movie_latest"), ids=id_of)
def test_a_recorded_movie_is_mapped_completely(path):
    movie = read(path)
    language = next((each for each in ("de", "it") if f"_{each}" in path.stem), "en-US")
    ours = german(movie, language)
    assert_summary(ours, movie, [genre["id"] for genre in movie["genres"]])
    assert [genre["name"] for genre in ours["genres"]] == [each["name"] for each in movie["genres"]]
    for name in ("imdb_id", "runtime", "tagline", "status", "homepage", "budget", "revenue"):
        assert ours[name] == (movie[name] or None), name
    assert ours["overview_language"] == (language if movie["overview"] else None)
    assert ours["production_countries"] == [
        {"code": each["iso_3166_1"], "name": each["name"]} for each in movie["production_countries"]
    ]
    assert [each["code"] for each in ours["spoken_languages"]] == [
        each["iso_639_1"] for each in movie["spoken_languages"]
    ]
    assert [each["name"] for each in ours["spoken_languages"]] == [
        each["name"] or each["english_name"] for each in movie["spoken_languages"]
    ]
    collection = movie["belongs_to_collection"]
    assert ours["collection"] == (
        collection
        and {
            "id": collection["id"],
            "name": collection["name"],
            "poster_url": image(collection["poster_path"], "w500"),
            "backdrop_url": image(collection["backdrop_path"], "w1280"),
        }
    )
    assert ours["keywords"] == movie.get("keywords", {}).get("keywords", [])
    cast = sorted(movie.get("credits", {}).get("cast", []), key=lambda each: each["order"])[:20]
    assert ours["cast"] == [
        {
            "id": each["id"],
            "name": each["name"],
            "character": each["character"] or None,
            "order": each["order"],
            "profile_url": image(each["profile_path"], "w185"),
        }
        for each in cast
    ]
    crew = movie.get("credits", {}).get("crew", [])
    directors = {each["id"]: each for each in crew if each["job"] == "Director"}
    assert ours["directors"] == [
        {"id": key, "name": each["name"], "profile_url": image(each["profile_path"], "w185")}
        for key, each in directors.items()
    ]
    assert_providers(ours, movie.get("watch/providers", {"results": {}}))
    assert_trailers(ours, movie, language)


def image(path: str | None, size: str) -> str | None:
    return path and f"https://image.tmdb.org/t/p/{size}{path}"


def assert_providers(ours: dict, answer: dict) -> None:
    recorded_there = answer["results"].get("DE")
    if recorded_there is None:
        assert ours["watch_providers"] is None
        return
    assert ours["watch_providers"]["link"] == recorded_there["link"]
    for kind in ("flatrate", "free", "ads", "rent", "buy"):
        assert ours["watch_providers"][kind] == [
            {
                "id": each["provider_id"],
                "name": each["provider_name"],
                "logo_url": image(each["logo_path"], "w92"),
            }
            for each in recorded_there.get(kind, [])
        ]


def assert_trailers(ours: dict, movie: dict, language: str) -> None:
    wanted = {language[:2], movie["original_language"], "en"}
    trailers = [
        each
        for each in movie.get("videos", {"results": []})["results"]
        if each["type"] == "Trailer" and each["iso_639_1"] in wanted
    ]
    assert sorted((each["key"], each["name"], each["official"]) for each in ours["trailers"]) == (
        sorted((each["key"], each["name"], each["official"]) for each in trailers)
    )
    for each in ours["trailers"]:
        assert each["url"] == f"https://www.youtube.com/watch?v={each['key']}"


def test_recorded_parts_are_mapped_completely():
    movie = read(Path(FOLDER) / "movie_details_47964.json")
    for part, name in (
        ("videos", "videos"),
        ("release_dates", "release_dates"),
        ("watch/providers", "watch_providers"),
        ("keywords", "keywords"),
    ):
        movie[part] = read(Path(FOLDER) / f"movie_{name}_47964.json")
    ours = german(movie, "en-US")
    releases = next(
        each["release_dates"]
        for each in movie["release_dates"]["results"]
        if each["iso_3166_1"] == "DE"
    )
    theatrical = [each["certification"] for each in releases if each["type"] == 3]
    assert ours["certification"] == next(filter(None, theatrical))
    assert ours["watch_providers"]["buy"]
    assert_providers(ours, movie["watch/providers"])
    assert ours["trailers"]
    assert_trailers(ours, movie, "en-US")


def test_recorded_genres_equal_the_built_in_ones():
    assert genre_list(read(Path(FOLDER) / "genre_movie_list.json")) == ENGLISH_GENRES

"""The built-in catalogue: that it is rich, and answers as TMDb does."""

import re
from collections import Counter

import pytest

from movies.demo.app import answer
from movies.demo.data import catalogue
from movies.genres import ENGLISH_GENRES

FILMS = catalogue().films
# A documentary, a film with one actor, and two whose further voices are not known for sure.
SMALL_CASTS = {
    "Man with a Movie Camera",
    "Alice",
    "Grave of the Fireflies",
    "Fantastic Planet",
}
OWN_IDS = 900_000_000  # people, keywords and collections from here on have ids of our own


def get(path: str, query: str = "") -> dict:
    status, body = answer("GET", f"/3{path}", query)
    assert status == 200, body
    return body


def titles(path: str, query: str = "") -> list[str]:
    return [film["title"] for film in get(path, query)["results"]]


def test_it_is_rich_enough_to_recommend_from():
    assert len(FILMS) >= 300
    decades = Counter(film.decade for film in FILMS)
    assert decades.keys() == {f"{decade}" for decade in range(192, 203)}
    assert min(decades.values()) >= 8
    assert len({film.original_language for film in FILMS}) >= 25
    assert {genre for film in FILMS for genre in film.genres} == set(ENGLISH_GENRES)
    members = Counter(film.collection for film in FILMS if film.collection)
    assert sum(count >= 2 for count in members.values()) >= 20
    assert sum(bool(film.translations) for film in FILMS) >= 30


def test_every_film_is_whole():
    known = catalogue()
    for film in FILMS:
        assert re.fullmatch(r"tt[0-9]{7,8}", film.imdb_id), film.title
        assert re.fullmatch(r"(19[2-9]|20[0-2])\d-[01]\d-[0-3]\d", film.release_date), film.title
        assert film.directors and film.overview and film.genres, film.title
        assert len(film.cast) <= 10, film.title
        assert len(film.cast) >= 5 or film.title in SMALL_CASTS, film.title
        assert len(film.keywords) >= 5, film.title
        foreign = film.original_language != "en"
        assert film.alternative_titles or not foreign, film.title
        assert all(country for country, _ in film.alternative_titles), film.title
        assert film.runtime is None or 10 < film.runtime < 500, film.title
        assert film.countries and film.original_language, film.title
        assert set(film.countries) <= set(known.countries), film.title
        assert set(film.languages) | set(film.translations) <= set(known.languages), film.title
        assert not film.collection or film.collection in known.collections, film.title
        released = film not in known.upcoming
        assert (film.vote_count >= 200) == released, film.title


def test_ids_are_unique():
    assert len({film.id for film in FILMS}) == len({film.imdb_id for film in FILMS}) == len(FILMS)
    people = catalogue().people
    assert len(set(people.values())) == len(people)
    assert all(0 < person < 10_000_000 or person > OWN_IDS for person in people)


@pytest.mark.parametrize("movie_id", [603, 550, 680, 155, 13, 238, 278, 129, 194])
def test_the_films_that_examples_use_are_there(movie_id):
    assert get(f"/movie/{movie_id}")["id"] == movie_id


def test_the_clock_stands_before_the_newest_releases():
    known = catalogue()
    upcoming = get("/movie/upcoming")
    assert upcoming["total_results"] == 20
    assert all(film["release_date"] > str(known.today) for film in upcoming["results"])
    playing = get("/movie/now_playing")
    assert playing["total_results"] == 40
    assert playing["dates"]["maximum"] <= str(known.today)
    assert get("/movie/popular")["total_results"] == len(FILMS) - 20


def test_trending_is_stable_and_differs_by_window():
    week = titles("/trending/movie/week")
    assert week == titles("/trending/movie/week")
    assert week != titles("/trending/movie/day")
    assert get("/trending/movie/day")["results"][0]["media_type"] == "movie"


@pytest.mark.parametrize(
    "query, first",
    [
        ("the+matrix", "The Matrix"),
        ("matr", "The Matrix"),
        ("amelie", "Amélie"),
        ("AM%C3%89LIE", "Amélie"),
        ("%E5%8D%83%E3%81%A8%E5%8D%83%E5%B0%8B", "Spirited Away"),
        ("Sen+to+Chihiro", "Spirited Away"),
        ("Das+Leben+der+Anderen", "The Lives of Others"),
        ("lord+rings", "The Lord of the Rings: The Fellowship of the Ring"),
        ("wall-e", "WALL·E"),
        ("wall+e", "WALL·E"),
        ("1917", "1917"),
        ("M", "M"),
        ("ET", "E.T. the Extra-Terrestrial"),
        ("godfather+2", "The Godfather Part II"),
        ("spiderman+into", "Spider-Man: Into the Spider-Verse"),
        ("walle", "WALL·E"),
        ("Dr.+Strangelove", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb"),
    ],
)
def test_search_finds_the_best_match_first(query, first):
    assert titles("/search/movie", f"query={query}")[0] == first


@pytest.mark.parametrize("query", ["%26", "%23", "+%2F+", "zzzz"])
def test_search_finds_nothing_by_punctuation_or_nonsense(query):
    assert titles("/search/movie", f"query={query}") == []


def test_search_by_year():
    assert titles("/search/movie", "query=the&year=1") == []
    assert titles("/search/movie", "query=dune&year=2021") == ["Dune"]
    assert titles("/search/movie", "query=dune&primary_release_year=2024") == ["Dune: Part Two"]


def test_discover_joins_by_comma_and_bar():
    both = {film["id"] for film in get("/discover/movie", "with_genres=27,35")["results"]}
    either = get("/discover/movie", "with_genres=27|35")
    assert all({27, 35} <= set(catalogue().by_id[str(each)].genres) for each in both)
    assert either["total_results"] > len(both)


@pytest.mark.parametrize(
    "parameters, passes",
    [
        ("with_runtime.gte=180", lambda film: film.runtime >= 180),
        ("with_runtime.lte=75", lambda film: film.runtime <= 75),
        ("vote_average.lte=6", lambda film: film.vote_average <= 6),
        ("vote_count.lte=900", lambda film: film.vote_count <= 900),
        ("year=1968", lambda film: film.release_date.startswith("1968")),
        ("with_people=6384", lambda film: 6384 in dict(film.cast)),
        ("with_crew=525", lambda film: 525 in film.directors),
        ("with_keywords=310", lambda film: 310 in film.keywords),
        ("with_origin_country=SE", lambda film: "SE" in film.countries),
        ("without_genres=18|35", lambda film: not {18, 35} & set(film.genres)),
    ],
)
def test_discover_filters(parameters, passes):
    body = get("/discover/movie", parameters)
    assert 0 < body["total_results"] < len(FILMS)
    assert all(passes(catalogue().by_id[str(film["id"])]) for film in body["results"])


def test_a_bad_number_is_a_422():
    assert answer("GET", "/3/discover/movie", "vote_count.gte=many")[0] == 422


@pytest.mark.parametrize(
    "movie_id, expected",
    [
        (603, "The Matrix Reloaded"),
        (129, "My Neighbor Totoro"),
        (238, "The Godfather Part II"),
        (120, "The Lord of the Rings: The Two Towers"),
        (348, "Aliens"),
        (862, "Toy Story 2"),
        (680, "Kill Bill: Vol. 1"),
    ],
)
def test_recommendations_are_what_a_person_would_name(movie_id, expected):
    assert expected in titles(f"/movie/{movie_id}/recommendations")[:5]


def test_details_have_their_parts():
    body = get("/movie/603", "append_to_response=credits,keywords,videos,watch/providers,nonsense")
    assert body["belongs_to_collection"]["name"] == "The Matrix Collection"
    assert {"credits", "keywords", "videos", "watch/providers"} <= body.keys()
    assert "nonsense" not in body
    assert "id" not in body["credits"]
    assert get("/movie/603/credits")["id"] == 603


def test_texts_are_translated_and_only_titles_fall_back():
    german = get("/movie/129", "language=de-DE&append_to_response=translations")
    assert german["title"] == "Chihiros Reise ins Zauberland"
    assert german["overview"]
    korean = get("/movie/129", "language=ko-KR")
    assert (korean["title"], korean["overview"], korean["tagline"]) == ("Spirited Away", "", "")
    languages = {each["iso_639_1"] for each in german["translations"]["translations"]}
    assert {"en", "de"} <= languages


@pytest.mark.parametrize(
    "path, query, status, code",
    [
        ("/movie/999999999", "", 404, 34),
        ("/movie/tt9999999", "", 404, 34),
        ("/movie/0", "", 404, 6),
        ("/movie/popular", "page=501", 400, 22),
        ("/movie/popular", "page=0", 400, 22),
        ("/movie/popular", "page=x", 400, 22),
        ("/movie/603", "append_to_response=" + ",".join("a" * 21), 400, 27),
        ("/movie/603/nonsense", "", 404, 34),
        ("/nowhere", "", 404, 34),
        ("/search/movie", "", 422, 5),
    ],
)
def test_errors_are_tmdbs(path, query, status, code):
    found_status, body = answer("GET", f"/3{path}", query)
    assert (found_status, body["status_code"], body["success"]) == (status, code, False)


def test_only_get_is_answered():
    assert answer("POST", "/3/movie/603", "")[0] == 405


def test_a_page_past_the_end_is_empty():
    body = get("/movie/popular", "page=500")
    assert (body["page"], body["results"]) == (500, [])

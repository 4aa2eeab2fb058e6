"""The demo's answers imitate those of TMDb."""

import pytest

from movies.demo.app import answer
from movies.demo.data import catalogue

MOVIES = catalogue().movies


def get(path: str, query: str = "") -> dict:
    status, body = answer("GET", f"/3{path}", query)
    assert status == 200, body
    return body


def titles(path: str, query: str = "") -> list[str]:
    return [movie["title"] for movie in get(path, query)["results"]]


@pytest.mark.parametrize("movie_id", [603, 550, 680, 155, 13, 238, 278, 129, 194])
def test_the_movies_used_in_examples_exist(movie_id):
    assert get(f"/movie/{movie_id}")["id"] == movie_id


def test_upcoming_movies_are_released_after_the_demos_date():
    known = catalogue()
    upcoming = get("/movie/upcoming")
    assert upcoming["total_results"] == 20
    assert all(movie["release_date"] > str(known.today) for movie in upcoming["results"])
    playing = get("/movie/now_playing")
    assert playing["total_results"] == 40
    assert playing["dates"]["maximum"] <= str(known.today)
    assert get("/movie/popular")["total_results"] == len(MOVIES) - 20


def test_trending_is_stable_but_differs_between_day_and_week():
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
def test_punctuation_and_nonsense_match_nothing(query):
    assert titles("/search/movie", f"query={query}") == []


def test_search_can_be_limited_to_a_year():
    assert titles("/search/movie", "query=the&year=1") == []
    assert titles("/search/movie", "query=dune&year=2021") == ["Dune"]
    assert titles("/search/movie", "query=dune&primary_release_year=2024") == ["Dune: Part Two"]


def test_a_comma_means_all_genres_and_a_bar_any_of_them():
    both = {movie["id"] for movie in get("/discover/movie", "with_genres=27,35")["results"]}
    either = get("/discover/movie", "with_genres=27|35")
    assert all({27, 35} <= set(catalogue().by_id[str(each)].genres) for each in both)
    assert either["total_results"] > len(both)


@pytest.mark.parametrize(
    "parameters, passes",
    [
        ("with_runtime.gte=180", lambda movie: movie.runtime >= 180),
        ("with_runtime.lte=75", lambda movie: movie.runtime <= 75),
        ("vote_average.lte=6", lambda movie: movie.vote_average <= 6),
        ("vote_count.lte=900", lambda movie: movie.vote_count <= 900),
        ("year=1968", lambda movie: movie.release_date.startswith("1968")),
        ("with_people=6384", lambda movie: 6384 in dict(movie.cast)),
        ("with_crew=525", lambda movie: 525 in movie.directors),
        ("with_keywords=310", lambda movie: 310 in movie.keywords),
        ("with_origin_country=SE", lambda movie: "SE" in movie.countries),
        ("without_genres=18|35", lambda movie: not {18, 35} & set(movie.genres)),
    ],
)
def test_discover_returns_only_movies_that_pass_the_filter(parameters, passes):
    body = get("/discover/movie", parameters)
    assert 0 < body["total_results"] < len(MOVIES)
    assert all(passes(catalogue().by_id[str(movie["id"])]) for movie in body["results"])


def test_a_malformed_number_is_a_422():
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
def test_recommendations_contain_the_obvious_movie(movie_id, expected):
    assert expected in titles(f"/movie/{movie_id}/recommendations")[:5]


def test_details_contain_the_requested_parts():
    body = get("/movie/603", "append_to_response=credits,keywords,videos,watch/providers,nonsense")
    assert body["belongs_to_collection"]["name"] == "The Matrix Collection"
    assert {"credits", "keywords", "videos", "watch/providers"} <= body.keys()
    assert "nonsense" not in body
    assert "id" not in body["credits"]
    assert get("/movie/603/credits")["id"] == 603


def test_texts_are_translated_but_only_the_title_has_a_fallback():
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
def test_errors_have_tmdbs_status_and_code(path, query, status, code):
    found_status, body = answer("GET", f"/3{path}", query)
    assert (found_status, body["status_code"], body["success"]) == (status, code, False)


def test_only_get_is_allowed():
    assert answer("POST", "/3/movie/603", "")[0] == 405


def test_a_page_past_the_end_is_empty():
    body = get("/movie/popular", "page=500")
    assert (body["page"], body["results"]) == (500, [])

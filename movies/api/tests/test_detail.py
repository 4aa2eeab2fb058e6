"""GET /api/movies/{id}/"""

import pytest

from movies.models import Movie
from movies.tests.builders import detail_film

pytestmark = pytest.mark.django_db


def answer(tmdb, **changes) -> None:
    """Let TMDb answer a film of the test's own making."""
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": detail_film(**changes)})


def get(client, **parameters) -> dict:
    response = client.get("/api/movies/603/", parameters)
    assert response.status_code == 200, response.content
    return response.json()


def test_it_answers_all_about_a_film(client):
    film = get(client)
    assert (film["id"], film["title"], film["imdb_id"]) == (603, "The Matrix", "tt0133093")
    assert film["runtime"] == 136
    assert [person["name"] for person in film["directors"]] == ["Lana Wachowski", "Lilly Wachowski"]
    assert (film["cast"][0]["name"], film["cast"][0]["order"]) == ("Keanu Reeves", 0)
    assert film["collection"]["name"] == "The Matrix Collection"
    assert film["certification"] == "R"
    assert film["overview_language"] == "en-US"


def test_one_request_asks_for_everything(client, tmdb):
    get(client, language="uk", region="UA")
    asked = tmdb.requests()["latest"][0]
    assert asked["path"] == "/movie/603"
    assert set(asked["query"]["append_to_response"].split(",")) == {
        "credits",
        "keywords",
        "videos",
        "release_dates",
        "watch/providers",
        "translations",
        "recommendations",
        "similar",
    }
    assert {"en", "ja", "uk"} <= set(asked["query"]["include_video_language"].split(","))


@pytest.mark.parametrize(
    "movie_id",
    ["0", "00603", "-603", "603.0", "2147483648", "9" * 30, "abc", "tt", "tt123", "tt12345678901",
     "TT0133093", "٦٠٣", "603%00", "%00", "6 03", "tt0133093x"],
)  # fmt: skip
def test_a_path_that_can_be_no_films_is_a_404_that_asks_nobody(client, tmdb, movie_id):
    response = client.get(f"/api/movies/{movie_id}/")
    assert response.status_code == 404
    assert tmdb.requests()["total"] == 0


def test_a_film_that_tmdb_does_not_have_is_a_404(client):
    assert client.get("/api/movies/999999999/").status_code == 404
    assert client.get("/api/movies/tt9999999/").status_code == 404


def test_a_film_that_vanishes_upstream_is_marked(client, tmdb, later):
    get(client)
    later(days=2)
    tmdb.add_fault({"fault": "error", "path": "/movie/603", "status": 404, "code": 34, "times": 1})
    assert client.get("/api/movies/603/").status_code == 404
    assert Movie.objects.get(id=603).gone_at
    later(minutes=11)
    get(client)
    assert Movie.objects.get(id=603).gone_at is None


def test_an_imdb_id_redirects_with_its_query(client):
    response = client.get("/api/movies/tt0133093/?language=de&region=de")
    assert response.status_code == 308
    assert response["Location"] == "/api/movies/603/?language=de&region=de"


def test_an_answer_about_another_film_is_no_answer(client, tmdb):
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": detail_film(550)})
    assert client.get("/api/movies/603/").status_code == 503
    assert not Movie.objects.exists()


def test_unknown_is_null(client, tmdb):
    answer(
        tmdb,
        belongs_to_collection=None,
        budget=0,
        revenue=0,
        runtime=0,
        homepage="",
        tagline="",
        overview="",
        imdb_id="",
        status=None,
        release_date="",
        poster_path=None,
        backdrop_path=None,
        genres=[],
        vote_average=0,
        vote_count=0,
        production_countries=[],
        spoken_languages=[],
    )
    film = get(client)
    assert [name for name, value in film.items() if value == "" or value is False] == []
    nulls = {name for name, value in film.items() if value is None}
    assert nulls == {
        "collection",
        "budget",
        "revenue",
        "runtime",
        "homepage",
        "tagline",
        "overview",
        "overview_language",
        "imdb_id",
        "status",
        "release_date",
        "poster_path",
        "poster_url",
        "backdrop_path",
        "backdrop_url",
        "vote_average",
        "certification",
        "watch_providers",
    }


def test_a_film_of_which_only_id_and_title_arrive_is_answered(client, tmdb):
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "body": {"id": 603, "title": "X"}})
    assert get(client)["title"] == "X"


def test_large_money_and_odd_runtimes_pass(client, tmdb):
    answer(tmdb, revenue=2_923_706_026, runtime=51_420, title="T" * 400)
    film = get(client)
    assert (film["revenue"], film["runtime"], film["title"]) == (2_923_706_026, 51_420, "T" * 400)
    assert Movie.objects.get(id=603).runtime == 51_420


def test_nonsense_from_tmdb_becomes_null_not_an_error(client, tmdb):
    answer(
        tmdb,
        runtime="long",
        budget=-5,
        revenue=10**30,
        homepage="javascript:alert(1)",
        imdb_id="nm0000001",
        release_date="soon",
        poster_path="../../etc",
        genres="none",
        credits={"cast": [None, 1, {"id": "x"}], "crew": "nobody"},
        keywords={"keywords": None},
        videos={"results": [{"site": [1], "key": "abc", "iso_639_1": {}, "type": "Trailer"}]},
        release_dates={"results": [{"iso_3166_1": "US"}]},
        popularity="high",
        **{"watch/providers": {"results": []}},
        translations=None,
        overview="a\x00b",
    )
    film = get(client)
    assert film["overview"] == "ab"
    assert film["runtime"] is film["budget"] is film["revenue"] is film["homepage"] is None
    assert film["poster_url"] is film["popularity"] is film["certification"] is None
    assert film["cast"] == film["directors"] == film["keywords"] == film["genres"] == []


def test_a_lone_surrogate_is_dropped(client, tmdb):
    raw = '{"id": 603, "title": "A\\ud800B", "overview": "\\udfff"}'
    tmdb.add_fault({"fault": "json", "path": "/movie/603", "raw": raw})
    assert get(client)["title"] == "AB"


TRANSLATIONS = {
    "translations": [
        {"iso_639_1": "de", "iso_3166_1": "DE", "data": {"overview": "", "tagline": "Glaube."}},
        {"iso_639_1": "en", "iso_3166_1": "GB", "data": {"overview": "British.", "tagline": ""}},
        {"iso_639_1": "en", "iso_3166_1": "US", "data": {"overview": "American.", "tagline": ""}},
        {"iso_639_1": "ja", "iso_3166_1": "JP", "data": {"overview": "日本。", "tagline": "愛"}},
    ]
}


def test_texts_fall_back_to_the_sites_language_then_the_films_own(client, tmdb):
    answer(tmdb, overview="", tagline="", original_language="ja", translations=TRANSLATIONS)
    film = get(client, language="fr")
    assert (film["overview"], film["overview_language"]) == ("American.", "en-US")
    assert film["tagline"] == "愛"
    assert get(client, language="de")["tagline"] == "Glaube."


def test_the_films_own_language_is_the_last_resort(client, tmdb):
    own = {"translations": TRANSLATIONS["translations"][3:]}
    answer(tmdb, overview="", original_language="ja", translations=own)
    film = get(client, language="fr")
    assert (film["overview"], film["overview_language"]) == ("日本。", "ja")


def test_a_fallback_text_is_not_stored_as_the_sites_own(client, tmdb):
    own = {"translations": TRANSLATIONS["translations"][3:]}
    answer(tmdb, overview="", original_language="ja", translations=own)
    get(client)
    film = Movie.objects.get(id=603)
    assert film.overview is None
    assert film.details["overview_language"] == "ja"


def test_trailers_come_in_the_asked_language_first_then_the_films_own_and_english(client, tmdb):
    def video(language, name, **changes):
        return {
            "iso_639_1": language,
            "name": name,
            "key": f"{name}-key_1",
            "site": "YouTube",
            "type": "Trailer",
            "official": True,
        } | changes

    results = [
        video("en", "english"),
        video("fr", "french"),
        video("ja", "japanese", site="Vimeo", key="123"),
        video("de", "german"),
        video("de", "fan", official=False),
        video("de", "clip", type="Clip"),
        video("de", "elsewhere", site="Dailymotion"),
        video("de", "hostile", key='x"><script>'),
        video(None, "nowhere"),
    ]
    answer(tmdb, original_language="ja", videos={"results": results})
    trailers = get(client, language="de")["trailers"]
    assert [(each["name"], each["url"]) for each in trailers] == [
        ("german", "https://www.youtube.com/watch?v=german-key_1"),
        ("fan", "https://www.youtube.com/watch?v=fan-key_1"),
        ("japanese", "https://vimeo.com/123"),
        ("english", "https://www.youtube.com/watch?v=english-key_1"),
    ]

    assert [each["official"] for each in trailers] == [True, False, True, True]


def releases(*pairs) -> list[dict]:
    return [{"type": kind, "certification": rating} for kind, rating in pairs]


def test_the_certification_is_the_regions_own_theatrical_first(client, tmdb):
    results = [
        {"iso_3166_1": "US", "release_dates": releases((1, ""), (4, "PG"), (3, "R"))},
        {"iso_3166_1": "GB", "release_dates": releases((6, "18"), (4, "15"), (3, ""))},
        {"iso_3166_1": "FR", "release_dates": releases((3, ""))},
    ]
    answer(tmdb, release_dates={"results": results})
    assert get(client)["certification"] == "R"
    assert get(client, region="gb")["certification"] == "15"
    assert get(client, region="FR")["certification"] is None
    assert get(client, region="DE")["certification"] is None


def test_providers_are_the_regions_with_free_and_ads_and_empty_lists(client, tmdb, settings):
    provider = {
        "provider_id": 8,
        "provider_name": "N",
        "logo_path": "/l.jpg",
        "display_priority": 1,
    }
    results = {
        "DE": {"link": "https://www.themoviedb.org/x", "ads": [provider], "free": [provider]},
        "FR": {"link": "https://www.themoviedb.org/y"},
    }
    answer(tmdb, **{"watch/providers": {"results": results}})
    shown = {"id": 8, "name": "N", "logo_url": "https://image.tmdb.org/t/p/w92/l.jpg"}
    german = get(client, region="de")["watch_providers"]
    assert german == {
        "link": "https://www.themoviedb.org/x",
        "flatrate": [],
        "free": [shown],
        "ads": [shown],
        "rent": [],
        "buy": [],
    }
    assert get(client, region="FR")["watch_providers"]["flatrate"] == []
    assert get(client)["watch_providers"] is None


def test_the_cast_is_the_first_twenty_in_billing_order_and_directors_stand_once(client, tmdb):
    cast = [{"id": n + 1, "name": f"A{n}", "order": n, "character": ""} for n in range(30)]
    crew = [
        {"id": 7, "name": "D", "job": "Director", "profile_path": "/d.jpg"},
        {"id": 7, "name": "D", "job": "Writer"},
        {"id": 7, "name": "D", "job": "Director"},
    ]
    answer(tmdb, credits={"cast": cast[::-1], "crew": crew})
    film = get(client)
    assert [actor["order"] for actor in film["cast"]] == list(range(20))
    assert film["cast"][0]["character"] is None
    assert film["directors"] == [
        {"id": 7, "name": "D", "profile_url": "https://image.tmdb.org/t/p/w185/d.jpg"}
    ]


def test_image_sizes(client, tmdb):
    answer(tmdb)
    film = get(client)
    assert film["poster_url"] == "https://image.tmdb.org/t/p/w500/poster.jpg"
    assert film["backdrop_url"] == "https://image.tmdb.org/t/p/w1280/back.jpg"
    assert film["collection"] == {
        "id": 2344,
        "name": "The Matrix Collection",
        "poster_url": "https://image.tmdb.org/t/p/w500/collection.jpg",
        "backdrop_url": "https://image.tmdb.org/t/p/w1280/back.jpg",
    }

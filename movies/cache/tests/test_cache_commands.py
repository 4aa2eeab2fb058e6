"""manage.py warm_cache, clear_cache and cache_stats"""

import json

import pytest
from django.core.management import CommandError, call_command

from movies.cache import counts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def run(capsys, *command: str, **options) -> str:
    call_command(*command, **options)
    return capsys.readouterr().out


def stats(capsys) -> dict:
    counts.flush()
    return json.loads(run(capsys, "cache_stats", json=True))


@pytest.mark.parametrize("command", [["warm_cache"], ["clear_cache", "--all"], ["cache_stats"]])
def test_without_redis_url_they_fail_and_leave_the_cache_alone(client, command, settings):
    settings.REDIS_URL = None
    client.get("/api/movies/popular/")
    with pytest.raises(CommandError, match="in the server's process") as error:
        call_command(*command)
    assert error.value.returncode == 2
    assert client.get("/api/movies/popular/")["Cache-Status"].startswith("catalogue; hit")


class TestWarming:
    def test_it_warms_what_visitors_see_first(self, client, redis, tmdb, capsys):
        # 2 windows x 2 pages, 4 charts x 2 pages, genres, 40 movies.
        assert run(capsys, "warm_cache") == "Documents warm: 53.\n"
        tmdb.forget_requests()
        for path in ("trending/", "trending/?window=day&page=2", "upcoming/", "genres/"):
            assert client.get(f"/api/movies/{path}")["Cache-Status"].startswith("catalogue; hit")
        movie = client.get("/api/movies/popular/").json()["results"][3]
        for path in (f"{movie['id']}/", f"{movie['id']}/recommendations/"):
            assert client.get(f"/api/movies/{path}")["Cache-Status"].startswith("catalogue; hit")
        assert tmdb.requests()["total"] == 0

    def test_groups_pages_and_languages_can_be_chosen(self, redis, tmdb, capsys):
        output = run(capsys, "warm_cache", groups=["upcoming"], pages=1, languages=["de", "fr"])
        assert output == "Documents warm: 2.\n"
        asked = [each for each in tmdb.requests()["latest"] if each["path"] == "/movie/upcoming"]
        assert [each["query"]["language"] for each in asked] == ["de", "fr"]

    def test_fresh_documents_are_left_alone(self, redis, tmdb, capsys):
        run(capsys, "warm_cache", pages=1, details=3)
        tmdb.forget_requests()
        run(capsys, "warm_cache", pages=1, details=3)
        assert tmdb.requests()["total"] == 0

    def test_documents_that_would_become_stale_before_the_next_run_are_refreshed(
        self, redis, tmdb, capsys, later
    ):
        run(capsys, "warm_cache", groups=["upcoming", "genres"], pages=1)
        tmdb.forget_requests()
        later(hours=3, minutes=1)
        run(capsys, "warm_cache", groups=["upcoming", "genres"], pages=1)
        assert tmdb.requests()["paths"] == {"/movie/upcoming": 1}

    def test_a_document_that_cannot_be_warmed_is_named_and_kept(self, client, redis, tmdb, later):
        client.get("/api/movies/upcoming/")
        later(hours=4)
        tmdb.add_fault({"fault": "error", "status": 401, "path": "/movie/upcoming"})
        with pytest.raises(CommandError, match="1 could not be warmed: upcoming en-US page 1"):
            call_command("warm_cache", groups=["upcoming", "genres"], pages=1)
        response = client.get("/api/movies/upcoming/")
        assert response.status_code == 200
        assert response["Cache-Status"].startswith("catalogue; hit; ttl=")

    def test_an_answer_from_the_database_is_not_warm(self, client, redis, tmdb, capsys):
        client.get("/api/movies/popular/")
        redis.flushdb()
        tmdb.add_fault({"fault": "error", "status": 401})
        with pytest.raises(CommandError, match="1 could not be warmed"):
            call_command("warm_cache", groups=["popular"], pages=1)
        assert not [key for key in redis.keys() if b"popular" in key]

    def test_it_fails_if_redis_does_not_answer(self, own_redis, tmdb):
        own_redis.stop()
        with pytest.raises(CommandError, match="Redis does not answer"):
            call_command("warm_cache", groups=["genres"])

    def test_it_stops_if_tmdb_is_down(self, redis, tmdb):
        tmdb.add_fault({"fault": "error", "status": 500})
        with pytest.raises(CommandError, match="20 could not be warmed"):
            call_command("warm_cache", groups=["upcoming"], pages=20)
        assert tmdb.requests()["total"] <= 15

    def test_it_reads_as_many_popular_pages_as_the_number_of_movies_requires(
        self, redis, tmdb, capsys
    ):
        run(capsys, "warm_cache", groups=["details"], pages=1, details=45)
        paths = tmdb.requests()["paths"]
        assert paths["/movie/popular"] == 3
        assert sum(path.removeprefix("/movie/").isdigit() for path in paths) == 45

    @pytest.mark.parametrize(
        "wrong", [{"languages": ["deutsch & co"]}, {"details": -15}, {"details": 10_001}]
    )
    def test_invalid_options_are_rejected(self, redis, wrong):
        with pytest.raises(CommandError, match=f"--{list(wrong)[0]}"):
            call_command("warm_cache", **wrong)

    def test_it_waits_for_the_budget_to_refresh_stale_documents(
        self, client, redis, tmdb, settings, later, capsys
    ):
        client.get("/api/movies/upcoming/")
        client.get("/api/movies/upcoming/?page=2")
        later(hours=7)
        settings.TMDB_REQUESTS_PER_SECOND = 1
        assert run(capsys, "warm_cache", groups=["upcoming"], pages=2) == "Documents warm: 2.\n"

    def test_it_waits_for_the_budget(self, redis, tmdb, settings, capsys):
        settings.TMDB_REQUESTS_PER_SECOND = 4
        assert run(capsys, "warm_cache", groups=["upcoming"], pages=6) == "Documents warm: 6.\n"

    def test_there_is_no_progress_bar_without_a_terminal(self, redis, tmdb, capsys):
        call_command("warm_cache", groups=["genres"])
        assert capsys.readouterr().err == ""

    @pytest.mark.parametrize("pages", [0, 501])
    def test_the_number_of_pages_is_limited(self, redis, pages):
        with pytest.raises(CommandError, match="from 1 to 500"):
            call_command("warm_cache", pages=pages)


class TestClearing:
    @pytest.fixture
    def filled(self, client, redis, tmdb):
        for path in ("trending/", "popular/", "603/", "603/?region=DE", "604/", "search/?query=x"):
            client.get(f"/api/movies/{path}")
        redis.set("foreign", "untouched")
        redis.set("movies:1:throttle", "untouched")

    def hit(self, client, path: str) -> bool:
        return client.get(f"/api/movies/{path}")["Cache-Status"].startswith("catalogue; hit")

    def test_a_group_can_be_cleared(self, client, filled, capsys):
        assert run(capsys, "clear_cache", group="trending") == "Documents deleted: 1.\n"
        assert not self.hit(client, "trending/")
        assert self.hit(client, "popular/")

    def test_a_movie_can_be_cleared(self, client, filled, capsys):
        # Two regions, the document for all regions, two related pages, and the redirect.
        client.get("/api/movies/tt0133093/")
        assert run(capsys, "clear_cache", movie=603) == "Documents deleted: 6.\n"
        assert client.get("/api/movies/tt0133093/")["Cache-Status"].endswith("stored")
        assert self.hit(client, "604/")

    def test_all_documents_can_be_cleared_and_no_other_keys(self, client, redis, filled, capsys):
        run(capsys, "clear_cache", all=True)
        assert not self.hit(client, "popular/")
        assert redis.get("foreign") == redis.get("movies:1:throttle") == b"untouched"
        assert redis.exists("movie-catalogue:budget")

    def test_an_option_is_required(self, redis):
        with pytest.raises(CommandError, match="required"):
            call_command("clear_cache")


class TestStatistics:
    def test_answers_are_counted_and_documents_measured(self, client, redis, tmdb, capsys, later):
        for _ in range(3):
            client.get("/api/movies/upcoming/")
        later(hours=7)
        tmdb.add_fault({"fault": "error", "status": 401})
        client.get("/api/movies/upcoming/")
        row = stats(capsys)["groups"]["upcoming"]
        assert (row["misses"], row["hits"], row["stale"], row["entries"]) == (1, 2, 1, 1)
        assert row["bytes"] > 10_000
        assert stats(capsys)["groups"]["search"]["entries"] == 0

    def test_redis_memory_is_included(self, redis, capsys):
        found = stats(capsys)["redis"]
        assert found["used_bytes"] > 0
        assert found["limit_bytes"] == found["evicted_keys"] == 0

    def test_the_default_is_a_table(self, client, redis, tmdb, capsys):
        client.get("/api/movies/upcoming/")
        output = run(capsys, "cache_stats")
        assert output.splitlines()[0].split() == [
            "group", "hits", "stale", "misses", "entries", "bytes",
        ]  # fmt: skip
        assert "bytes used, limit none" in output


@pytest.mark.parametrize("command", [["clear_cache", "--all"], ["cache_stats"]])
def test_they_fail_if_redis_does_not_answer(own_redis, command):
    own_redis.stop()
    with pytest.raises(CommandError, match="Redis does not answer"):
        call_command(*command)

"""GET /api/movies/{id}/?region=: the certification and the watch providers."""

import pytest

from .details import get, send

pytestmark = pytest.mark.django_db


def releases(*pairs) -> list[dict]:
    return [{"type": kind, "certification": rating} for kind, rating in pairs]


def test_the_certification_is_the_regions_preferably_for_theaters(client, tmdb):
    results = [
        {"iso_3166_1": "US", "release_dates": releases((1, ""), (4, "PG"), (3, "R"))},
        {"iso_3166_1": "GB", "release_dates": releases((6, "18"), (4, "15"), (3, ""))},
        {"iso_3166_1": "FR", "release_dates": releases((3, ""))},
    ]
    send(tmdb, release_dates={"results": results})
    assert get(client)["certification"] == "R"
    assert get(client, region="gb")["certification"] == "15"
    assert get(client, region="FR")["certification"] is None
    assert get(client, region="DE")["certification"] is None


def test_watch_providers_are_the_regions_by_kind(client, tmdb, settings):
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
    send(tmdb, **{"watch/providers": {"results": results}})
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

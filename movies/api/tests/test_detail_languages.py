"""GET /api/movies/{id}/?language=: texts and trailers."""

import pytest

from movies.models import Movie

from .details import get, send

pytestmark = pytest.mark.django_db


TRANSLATIONS = {
    "translations": [
        {"iso_639_1": "de", "iso_3166_1": "DE", "data": {"overview": "", "tagline": "Glaube."}},
        {"iso_639_1": "en", "iso_3166_1": "GB", "data": {"overview": "British.", "tagline": ""}},
        {"iso_639_1": "en", "iso_3166_1": "US", "data": {"overview": "American.", "tagline": ""}},
        {"iso_639_1": "ja", "iso_3166_1": "JP", "data": {"overview": "日本。", "tagline": "愛"}},
    ]
}


def test_texts_fall_back_to_the_sites_language_and_then_to_the_original_one(client, tmdb):
    send(tmdb, overview="", tagline="", original_language="ja", translations=TRANSLATIONS)
    movie = get(client, language="fr")
    assert (movie["overview"], movie["overview_language"]) == ("American.", "en-US")
    assert movie["tagline"] == "愛"
    assert get(client, language="de")["tagline"] == "Glaube."


def test_the_original_language_is_the_last_fallback(client, tmdb):
    own = {"translations": TRANSLATIONS["translations"][3:]}
    send(tmdb, overview="", original_language="ja", translations=own)
    movie = get(client, language="fr")
    assert (movie["overview"], movie["overview_language"]) == ("日本。", "ja")


def test_a_fallback_text_is_not_stored_as_one_in_the_sites_language(client, tmdb):
    own = {"translations": TRANSLATIONS["translations"][3:]}
    send(tmdb, overview="", original_language="ja", translations=own)
    get(client)
    movie = Movie.objects.get(id=603)
    assert movie.overview is None
    assert movie.details["overview_language"] == "ja"


def test_trailers_are_in_the_requested_language_the_original_one_or_english(client, tmdb):
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
    send(tmdb, original_language="ja", videos={"results": results})
    trailers = get(client, language="de")["trailers"]
    assert [(each["name"], each["url"]) for each in trailers] == [
        ("german", "https://www.youtube.com/watch?v=german-key_1"),
        ("fan", "https://www.youtube.com/watch?v=fan-key_1"),
        ("japanese", "https://vimeo.com/123"),
        ("english", "https://www.youtube.com/watch?v=english-key_1"),
    ]

    assert [each["official"] for each in trailers] == [True, False, True, True]

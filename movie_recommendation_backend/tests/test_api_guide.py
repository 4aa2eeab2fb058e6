"""The program of docs/API_GUIDE.md, run in a browser."""

import re

import pytest
from django.conf import settings

from movie_recommendation_backend.openapi.tests.browser import browser_page

from .serving import served

pytestmark = pytest.mark.slow

GUIDE = settings.BASE_DIR / "docs/API_GUIDE.md"
NAMES = "call, trendingWithHearts, setLoved, register, login, renew, logout, entriesOf"
NAMES += ", start, preview, signUpWith, next"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("guide"), THROTTLE_LOGIN="100/min") as running:
        yield running.url


@pytest.fixture
def guide(site):
    """A page of the site with the guide's program in `window.guide`."""
    blocks = re.findall(r"```js\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    program = f"window.guide = (() => {{ {''.join(blocks)} return {{ {NAMES} }}; }})();"

    def opened(page):
        page.goto(site)
        page.evaluate(program)
        return page

    with browser_page() as watched:
        yield lambda: opened(watched.page.context.new_page())


def test_a_page_of_hearts(guide):
    page = guide()
    page.evaluate("guide.register('ada', 'ada@films.example', 'correct horse 9')")
    movies = page.evaluate("guide.trendingWithHearts()")
    assert len(movies) == 20
    assert not any(movie["loved"] for movie in movies)
    first = movies[0]["id"]
    for loved in (True, True, False, False, True):
        page.evaluate(f"guide.setLoved({first}, {str(loved).lower()})")
    assert [movie["loved"] for movie in page.evaluate("guide.trendingWithHearts()")] == [
        movie["id"] == first for movie in movies
    ]
    walk = "(async () => { const ids = []; for await (const e of guide.entriesOf('favorites'))"
    assert page.evaluate(f"{walk} ids.push(e.movie.id); return ids; }})()") == [first]
    page.evaluate("guide.logout()")
    failed = page.evaluate("guide.trendingWithHearts().catch(e => [e.status, e.errors[0].code])")
    assert failed == [401, "not_authenticated"]


def test_tabs_that_refresh_concurrently_all_stay_logged_in(guide):
    tabs = [guide() for _ in range(4)]
    tabs[0].evaluate("guide.register('grace', 'grace@films.example', 'correct horse 9')")
    # All tabs start before any gets a response. In each, three calls share one request.
    for tab in tabs:
        tab.evaluate("window.done = Promise.all([guide.renew(), guide.renew(), guide.renew()]), 0")
    assert [tab.evaluate("window.done") for tab in tabs] == [[True] * 3] * 4
    for tab in tabs:
        assert tab.evaluate("guide.call('/api/users/profile/')")["username"] == "grace"


def test_a_wrong_password_is_an_error_to_show(guide):
    page = guide()
    failed = page.evaluate("guide.login('nobody', 'x').catch(e => [e.status, e.type, e.message])")
    assert failed == [401, "client_error", "The username or password is wrong."]


def test_from_picking_movies_to_recommendations(guide):
    page = guide()
    picked = [movie["id"] for movie in page.evaluate("guide.start()")][:3]
    shown = page.evaluate(f"guide.preview({picked})")
    assert shown["strategy"] == "blended"
    kept = page.evaluate(
        f"guide.signUpWith({picked}, 'hedy', 'hedy@films.example', 'correct horse 9')"
    )
    assert kept["added"] == picked
    first = [each["movie"]["id"] for each in page.evaluate("guide.next([])")]
    second = [each["movie"]["id"] for each in page.evaluate(f"guide.next({first})")]
    assert len({*picked, *first, *second}) == 43

"""What a user is answered, over HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from movies.models import Genre, Movie, MovieGenre
from users.models import FavoriteMovie, User
from users.recommendations import content, feedback
from users.recommendations.candidates import allowed_movies
from users.recommendations.models import ItemModel, Neighbour
from users.tests.frontend import errors

from .conftest import favor, ids_of, recommended


def test_a_user_of_whom_nothing_is_known_gets_what_is_trending(ada):
    body = recommended(ada)
    assert (body["strategy"], body["trained_at"]) == ("popular", None)
    trending = [film["id"] for film in ada.get("movies/trending/").json()["results"]]
    assert ids_of(body) == trending
    assert {tuple(each["sources"]) for each in body["results"]} == {("popular",)}
    assert not any(each["because"] for each in body["results"])


def test_his_favorite_genres_come_first(ada):
    ada.patch("users/profile/", {"favorite_genres": [16]})
    films = recommended(ada, "?limit=40")["results"]
    animated = [16 in [genre["id"] for genre in each["movie"]["genres"]] for each in films]
    assert animated == sorted(animated, reverse=True)
    assert animated[0] and not animated[-1]


def test_the_next_answer_knows_what_was_done_a_second_ago(ada, tastes):
    ours, theirs = tastes
    favor(ada, ours[:6])
    first = ids_of(recommended(ada))
    ada.post("users/hidden/", {"movie_id": first[0]})
    assert first[0] not in ids_of(recommended(ada))
    favor(ada, theirs[:12])
    assert set(ids_of(recommended(ada))) & set(theirs)


def test_what_was_dealt_with_is_never_answered(ada, tastes):
    ours, _ = tastes
    favor(ada, ours[:6])
    body = ids_of(recommended(ada))
    bodies = {"watched": {}, "ratings": {"rating": 2}, "hidden": {}, "watchlist": {}}
    for film, (name, more) in zip(body, bodies.items()):
        assert ada.post(f"users/{name}/", {"movie_id": film} | more).status_code == 201
    for query in ("?limit=100", "?limit=100&genres=18"):
        assert not set(ids_of(recommended(ada, query))) & {*ours[:6], *body[:4]}
    with_watchlist = ids_of(recommended(ada, "?limit=100&exclude_watchlist=false"))
    assert body[3] in with_watchlist
    assert not set(with_watchlist) & {*ours[:6], *body[:3]}


def test_films_on_the_watchlist_are_answered_on_demand_by_all_sources(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    best = recommended(ada)["results"][0]
    ada.post("users/watchlist/", {"movie_id": best["movie"]["id"]})
    assert best["movie"]["id"] not in ids_of(recommended(ada))
    again = recommended(ada, "?exclude_watchlist=false")["results"]
    [wanted] = [each for each in again if each["movie"]["id"] == best["movie"]["id"]]
    assert wanted["sources"] == best["sources"]
    assert [reason["id"] for reason in wanted["because"]] == [603]


def test_pages_are_filled_with_the_most_popular_films(ada, films):
    ada.post("users/ratings/", {"movie_id": films[0], "rating": 2})
    Movie.objects.update(details=None)
    MovieGenre.objects.all().delete()
    Movie.objects.filter(pk=films[5]).update(popularity=None)
    known = Movie.objects.exclude(pk=films[0]).filter(popularity__isnull=False)
    in_order = list(known.order_by("-popularity", "pk").values_list("pk", flat=True))
    page = recommended(ada, f"?limit={len(in_order) + 1}")["results"]
    filled = [each["movie"]["id"] for each in page if each["sources"] == ["popular"]]
    rest = [film for film in in_order if film in filled]
    assert len(rest) > 30
    assert filled == [*rest, films[5]]


def test_pages_are_filled_with_films_of_unknown_popularity_last(ada, films):
    # No film has this genre, so that all are others.
    ada.patch("users/profile/", {"favorite_genres": [10770]})
    Movie.objects.filter(pk=films[5]).update(popularity=None)
    ada.post("users/ratings/", {"movie_id": films[0], "rating": 2})
    Movie.objects.update(details=None)
    MovieGenre.objects.all().delete()
    page = recommended(ada, "?limit=59")["results"]
    filled = [each["movie"]["id"] for each in page if each["sources"] == ["popular"]]
    assert len(filled) > 30
    assert filled[-1] == films[5]


def test_candidates_for_likeness_are_the_most_popular_of_the_commonest_genres(films, monkeypatch):
    monkeypatch.setattr(content, "CANDIDATES", 5)
    monkeypatch.setattr(content, "TOP_GENRES", 1)
    MovieGenre.objects.all().delete()
    common, rare = Genre.objects.order_by("id")[:2]
    for film in films[:10]:
        MovieGenre.objects.create(movie_id=film, genre=common, position=0)
    for film in [films[0], *films[10:]]:
        MovieGenre.objects.create(movie_id=film, genre=rare, position=1)
    found = content.popular_of_same_genres({films[0], films[1]}, allowed_movies(exclude=films[:2]))
    assert found == set(films[2:7])
    assert content.popular_of_same_genres({films[59] + 10**6}, allowed_movies()) == set()


def test_genres_are_applied_before_the_cut(ada, tastes):
    favor(ada, tastes[0][:6])
    films = recommended(ada, "?genres=18&limit=10")["results"]
    assert len(films) == 10
    for each in films:
        assert 18 in [genre["id"] for genre in each["movie"]["genres"]]


def test_favorites_that_the_model_does_not_know_leave_its_answer_as_it_is(ada, tastes, monkeypatch):
    monkeypatch.setattr(feedback, "MAX_FEEDBACK", 12)
    for number in range(4, 8):
        ada.get(f"movies/popular/?page={number}")
    favor(ada, tastes[0][:8])
    before = recommended(ada)
    unknown = list(
        Movie.objects.exclude(pk__in=[*tastes[0], *tastes[1]]).values_list("pk", flat=True)
    )
    assert len(unknown) > 30
    favor(ada, unknown[:30])
    after = recommended(ada)
    shown = [each for each in before["results"] if each["movie"]["id"] not in unknown[:30]]
    assert after["strategy"] == before["strategy"] == "personal"
    assert [each["movie"]["id"] for each in after["results"]][: len(shown)] == [
        each["movie"]["id"] for each in shown
    ]


@pytest.mark.parametrize("name", ["hidden", "watchlist", "ratings"])
def test_a_user_of_one_list_alone_gets_answers(ada, name):
    ada.post(f"users/{name}/", {"movie_id": 603, "rating": 1})
    body = recommended(ada)
    assert len(body["results"]) == 20
    assert 603 not in ids_of(body)
    named = any(each["because"] for each in body["results"])
    # What is hidden says nothing, and what is rated low is no reason.
    assert named == (name == "watchlist")


def test_films_of_which_little_is_known_are_no_crash(ada):
    now = timezone.now()
    empty = {"collection": None, "directors": None, "keywords": None, "cast": None}
    for pk, details in ((77777, empty), (77778, {}), (77779, None)):
        Movie.objects.create(pk=pk, title="x", folded_title="x", fetched_at=now, details=details)
    favor(ada, [77777, 77778])
    assert recommended(ada, "?limit=100")["results"]
    assert ada.get("recommendations/taste/").json()["totals"]["films"] == 2


def test_a_film_that_vanished_is_not_answered(ada, tastes):
    favor(ada, tastes[0][:6])
    first = ids_of(recommended(ada))[0]
    Movie.objects.filter(pk=first).update(gone_at=timezone.now())
    assert first not in ids_of(recommended(ada, "?limit=100"))


@pytest.mark.parametrize("favorites", [0, 1, 8])
def test_scrolling_goes_on_as_long_as_films_remain(ada, tastes, favorites):
    favor(ada, tastes[0][:favorites])
    shown: list[int] = []
    for _ in range(4):
        query = f"?limit=40&exclude={','.join(map(str, shown))}" if shown else "?limit=40"
        page = ids_of(recommended(ada, query))
        assert len(page) == 40
        assert not set(page) & set(shown)
        shown += page
    assert not set(shown) & set(tastes[0][:favorites])


@pytest.fixture
def hides_trending(ada):
    """A new user who hides all that trends first."""
    hidden = [film["id"] for film in ada.get("movies/trending/").json()["results"]]
    body = {"add": [{"movie_id": film} for film in hidden]}
    assert len(ada.post("users/hidden/bulk/", body).json()["added"]) == 20
    return ada, set(hidden)


@pytest.mark.parametrize("query", ["", "?limit=100", "?genres=18", "?limit=100&genres=18,28"])
@pytest.mark.parametrize("state", ["untrained", "empty model", "TMDb down"])
def test_hidden_films_come_back_through_no_source(hides_trending, query, state, request):
    ada, hidden = hides_trending
    if state == "empty model":
        ItemModel.objects.create(started_at=timezone.now(), activated_at=timezone.now())
    if state == "TMDb down":
        request.getfixturevalue("tmdb").add_fault({"fault": "dropped"})
    found = ids_of(recommended(ada, query))
    assert found
    assert not hidden & set(found)


def test_films_that_tmdb_names_are_not_answered_when_all_are_rated(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    named = [film["id"] for film in ada.get("movies/603/recommendations/").json()["results"]]
    for film in named:
        ada.post("users/ratings/", {"movie_id": film, "rating": 4})
    found = ids_of(recommended(ada, "?limit=100"))
    assert found and not set(found) & {603, *named}


def test_tmdb_may_be_down(ada, tastes, tmdb):
    tmdb.add_fault({"fault": "error", "status": 500})
    favor(ada, tastes[0][:2])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    assert len(body["results"]) == 20
    assert not any("tmdb" in each["sources"] for each in body["results"])


def test_a_cold_answer_asks_tmdb_a_few_times_only(ada, tmdb):
    favor(ada, list(Movie.objects.values_list("id", flat=True)[:20]))
    tmdb.forget_requests()
    recommended(ada)
    assert sum(tmdb.requests()["paths"].values()) <= 4


def test_after_the_rows_were_emptied_other_sources_answer(ada, tastes):
    favor(ada, tastes[0][:8])
    Neighbour.objects.all().delete()
    body = recommended(ada)
    assert len(body["results"]) == 20
    assert not any("item_item" in each["sources"] for each in body["results"])
    assert body["strategy"] == "popular"
    ItemModel.objects.all().delete()
    assert recommended(ada)["strategy"] == "blended"


@pytest.mark.parametrize(
    "favorites, query, most",
    [
        (1, "?limit=10", 12),
        (2, "?limit=10", 12),
        (2, "?limit=100", 12),
        (2, "?limit=40&genres=18", 12),
        (12, "?limit=10", 8),
        (28, "?limit=10", 8),
        (28, "?limit=60", 12),
    ],
)
def test_the_queries_are_as_many_however_many_favorites(ada, tastes, favorites, query, most):
    for number in range(4, 8):
        ada.get(f"movies/popular/?page={number}")
    ada.patch("users/profile/", {"favorite_genres": [10402]})
    favor(ada, tastes[0][:favorites])
    recommended(ada, query)
    with CaptureQueriesContext(connection) as captured:
        recommended(ada, query)
    assert len(captured) <= most


def test_it_takes_a_session(visitor):
    for path in ("recommendations/", "recommendations/taste/"):
        assert visitor.get(path).status_code == 401


@pytest.mark.parametrize(
    "query, attr",
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("genres=x", "genres"),
        ("exclude=603,", "exclude"),
        ("exclude=" + ",".join(map(str, range(1, 202))), "exclude"),
        ("exclude_watchlist=maybe", "exclude_watchlist"),
        ("exclude=%00", "exclude"),
    ],
)
def test_a_wrong_value_is_refused(ada, query, attr):
    response = ada.get(f"recommendations/?{query}")
    assert response.status_code == 400
    assert {each for _, each in errors(response)} == {attr}


def test_many_favorites_count_as_far_as_they_say_something(ada, tastes):
    user = User.objects.get(username="ada")
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(user=user, movie_id=film, added_at=timezone.now())
        for film in Movie.objects.values_list("id", flat=True)
    )
    # All that the database knew is a favorite: the catalogue has more.
    assert recommended(ada)["results"]

"""GET /api/recommendations/: which movies are recommended, and in which order."""

import pytest
from django.utils import timezone

from movies.models import Genre, Movie, MovieGenre
from users.models import FavoriteMovie, User
from users.recommendations import content, feedback
from users.recommendations.candidates import allowed_movies
from users.recommendations.models import ItemModel, Neighbour

from .conftest import favor, ids_of, load_popular, recommended


def test_a_new_user_gets_trending_movies(ada):
    body = recommended(ada)
    assert (body["strategy"], body["trained_at"]) == ("popular", None)
    trending = [movie["id"] for movie in ada.get("movies/trending/").json()["results"]]
    assert ids_of(body) == trending
    assert {tuple(each["sources"]) for each in body["results"]} == {("popular",)}
    assert not any(each["because"] for each in body["results"])


def test_movies_of_favorite_genres_come_first(ada):
    ada.patch("users/profile/", {"favorite_genres": [16]})
    results = recommended(ada, "?limit=40")["results"]
    animated = [16 in [genre["id"] for genre in each["movie"]["genres"]] for each in results]
    assert animated == sorted(animated, reverse=True)
    assert animated[0] and not animated[-1]


def test_feedback_counts_from_the_next_answer_on(ada, tastes):
    ours, theirs = tastes
    favor(ada, ours[:6])
    first = ids_of(recommended(ada))
    ada.post("users/hidden/", {"movie_id": first[0]})
    assert first[0] not in ids_of(recommended(ada))
    favor(ada, theirs[:12])
    assert set(ids_of(recommended(ada))) & set(theirs)


def test_pages_are_filled_with_the_most_popular_movies(ada, movie_ids):
    ada.post("users/ratings/", {"movie_id": movie_ids[0], "rating": 2})
    Movie.objects.update(details=None)
    MovieGenre.objects.all().delete()
    Movie.objects.filter(pk=movie_ids[5]).update(popularity=None)
    others = Movie.objects.exclude(pk=movie_ids[0]).filter(popularity__isnull=False)
    by_popularity = list(others.order_by("-popularity", "pk").values_list("pk", flat=True))
    page = recommended(ada, f"?limit={len(by_popularity) + 1}")["results"]
    filled = [each["movie"]["id"] for each in page if each["sources"] == ["popular"]]
    expected = [movie_id for movie_id in by_popularity if movie_id in filled]
    assert len(expected) > 30
    assert filled == [*expected, movie_ids[5]]


def test_pages_are_filled_with_movies_of_unknown_popularity_last(ada, movie_ids):
    # No movie has this genre, so favorite genres put none of them first.
    ada.patch("users/profile/", {"favorite_genres": [10770]})
    Movie.objects.filter(pk=movie_ids[5]).update(popularity=None)
    ada.post("users/ratings/", {"movie_id": movie_ids[0], "rating": 2})
    Movie.objects.update(details=None)
    MovieGenre.objects.all().delete()
    page = recommended(ada, "?limit=59")["results"]
    filled = [each["movie"]["id"] for each in page if each["sources"] == ["popular"]]
    assert len(filled) > 30
    assert filled[-1] == movie_ids[5]


def test_candidates_for_similarity_are_popular_movies_of_the_commonest_genres(
    movie_ids, monkeypatch
):
    monkeypatch.setattr(content, "CANDIDATES", 5)
    monkeypatch.setattr(content, "TOP_GENRES", 1)
    MovieGenre.objects.all().delete()
    common, rare = Genre.objects.order_by("id")[:2]
    for movie_id in movie_ids[:10]:
        MovieGenre.objects.create(movie_id=movie_id, genre=common, position=0)
    for movie_id in [movie_ids[0], *movie_ids[10:]]:
        MovieGenre.objects.create(movie_id=movie_id, genre=rare, position=1)
    allowed = allowed_movies(exclude=movie_ids[:2])
    assert content.popular_of_same_genres(set(movie_ids[:2]), allowed) == set(movie_ids[2:7])
    assert content.popular_of_same_genres({movie_ids[59] + 10**6}, allowed_movies()) == set()


def test_the_limit_applies_after_the_genres(ada, tastes):
    favor(ada, tastes[0][:6])
    results = recommended(ada, "?genres=18&limit=10")["results"]
    assert len(results) == 10
    for each in results:
        assert 18 in [genre["id"] for genre in each["movie"]["genres"]]


def test_favorites_that_the_model_does_not_know_do_not_change_its_ranking(ada, tastes, monkeypatch):
    monkeypatch.setattr(feedback, "MAX_FEEDBACK", 12)
    load_popular(ada)
    favor(ada, tastes[0][:8])
    before = recommended(ada)
    unknown = list(
        Movie.objects.exclude(pk__in=[*tastes[0], *tastes[1]]).values_list("pk", flat=True)
    )
    assert len(unknown) > 30
    favor(ada, unknown[:30])
    after = recommended(ada)
    expected = [movie_id for movie_id in ids_of(before) if movie_id not in unknown[:30]]
    assert after["strategy"] == before["strategy"] == "personal"
    assert ids_of(after)[: len(expected)] == expected


@pytest.mark.parametrize("name", ["hidden", "watchlist", "ratings"])
def test_a_single_entry_on_any_list_is_enough_for_a_full_page(ada, name):
    ada.post(f"users/{name}/", {"movie_id": 603, "rating": 1})
    body = recommended(ada)
    assert len(body["results"]) == 20
    assert 603 not in ids_of(body)
    has_reasons = any(each["because"] for each in body["results"])
    # A hidden movie is not feedback, and a movie with a low rating is not given as a reason.
    assert has_reasons == (name == "watchlist")


def test_movies_with_incomplete_details_are_handled(ada):
    now = timezone.now()
    empty = {"collection": None, "directors": None, "keywords": None, "cast": None}
    for pk, details in ((77777, empty), (77778, {}), (77779, None)):
        Movie.objects.create(pk=pk, title="x", folded_title="x", fetched_at=now, details=details)
    favor(ada, [77777, 77778])
    assert recommended(ada, "?limit=100")["results"]
    assert ada.get("recommendations/taste/").json()["totals"]["films"] == 2


@pytest.mark.parametrize("favorites", [0, 1, 8])
def test_paging_goes_on_as_long_as_there_are_movies(ada, tastes, favorites):
    favor(ada, tastes[0][:favorites])
    shown: list[int] = []
    for _ in range(4):
        query = f"?limit=40&exclude={','.join(map(str, shown))}" if shown else "?limit=40"
        page = ids_of(recommended(ada, query))
        assert len(page) == 40
        assert not set(page) & set(shown)
        shown += page
    assert not set(shown) & set(tastes[0][:favorites])


def test_other_sources_answer_if_the_models_rows_are_gone(ada, tastes):
    favor(ada, tastes[0][:8])
    Neighbour.objects.all().delete()
    body = recommended(ada)
    assert len(body["results"]) == 20
    assert not any("item_item" in each["sources"] for each in body["results"])
    assert body["strategy"] == "popular"
    ItemModel.objects.all().delete()
    assert recommended(ada)["strategy"] == "blended"


def test_a_user_who_likes_everything_still_gets_recommendations(ada, tastes):
    user = User.objects.get(username="ada")
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(user=user, movie_id=movie_id, added_at=timezone.now())
        for movie_id in Movie.objects.values_list("id", flat=True)
    )
    # The database has no other movies, but the catalogue does.
    assert recommended(ada)["results"]

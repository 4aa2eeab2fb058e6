"""`strategy`, `sources` and `because` describe how each movie was actually found."""

import pytest

from movies.models import Movie, MovieGenre
from users.recommendations.feedback import Feedback
from users.recommendations.models import FilmScalars, ItemModel, Neighbour
from users.recommendations.ranking import RankedMovie
from users.recommendations.recommend import model_contribution
from users.recommendations.recommendation import Contribution, Recommendation

from .conftest import favor, ids_of, load_popular, reason_ids, recommended


def test_one_favorite_is_enough_for_reasons(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    body = recommended(ada)
    assert (body["strategy"], body["trained_at"]) == ("blended", None)
    best = body["results"][0]
    assert best["movie"]["title"].startswith("The Matrix")
    assert best["because"] == [{"id": 603, "title": "The Matrix"}]
    assert {"tmdb", "content"} <= set(best["sources"])
    assert 603 not in ids_of(body)


def test_a_fan_of_one_group_gets_the_rest_of_the_group(ada, tastes):
    ours, theirs = tastes
    favor(ada, ours[:8])
    body = recommended(ada, "?limit=15")
    assert body["strategy"] == "personal"
    assert body["trained_at"] is not None
    assert set(ids_of(body)) <= set(ours[8:])
    for each in body["results"]:
        assert each["sources"][0] == "item_item"
        assert 1 <= len(each["because"]) <= 3
        assert set(reason_ids(each)) <= set(ours[:8])


def test_with_few_favorites_the_model_is_one_of_several_sources(ada, tastes):
    favor(ada, tastes[0][:2])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    sources = {source for each in body["results"] for source in each["sources"]}
    assert {"item_item", "tmdb"} <= sources


def test_a_movie_with_a_low_rating_is_never_a_reason(ada, tastes):
    ours, _ = tastes
    favor(ada, ours[:6])
    for movie_id in ours[6:9]:
        ada.post("users/ratings/", {"movie_id": movie_id, "rating": 2})
    for each in recommended(ada)["results"]:
        assert not set(reason_ids(each)) & set(ours[6:9])


def test_other_sources_join_once_the_model_knows_no_more_than_half_of_the_favorites(ada, tastes):
    load_popular(ada)
    trained = {*tastes[0], *tastes[1]}
    unknown = list(Movie.objects.exclude(pk__in=trained).values_list("pk", flat=True))
    favor(ada, [*tastes[0][:6], *unknown[:5]])
    body = recommended(ada)
    assert body["strategy"] == "personal"
    assert set(ids_of(body)) <= trained
    # Now exactly half.
    favor(ada, unknown[5:6])
    assert recommended(ada)["strategy"] == "blended"
    favor(ada, unknown[6:9])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    assert set(ids_of(body)) & trained
    assert set(ids_of(body)) - trained
    reasons = {reason_id for each in body["results"] for reason_id in reason_ids(each)}
    assert reasons & set(unknown)


def test_no_reason_is_invented_for_a_movie_that_is_only_popular(ada, tastes):
    ours, theirs = tastes
    Movie.objects.update(details=None, original_language="en", release_date="1999-01-01")
    MovieGenre.objects.all().delete()
    favor(ada, ours[:2])
    for each in recommended(ada, "?limit=60")["results"]:
        if each["movie"]["id"] in theirs:
            assert "content" not in each["sources"]
            assert not each["because"] or {"tmdb", "item_item"} & set(each["sources"])


def test_the_strategy_is_popular_if_popularity_is_the_only_source(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    body = recommended(ada, "?genres=10770")
    # No movie in the database has this genre, so the catalogue is asked for more.
    assert len(body["results"]) >= 3
    assert {tuple(each["sources"]) for each in body["results"]} == {("popular",)}
    assert body["strategy"] == "popular"


def test_a_movie_that_feedback_speaks_against_is_explained_by_popularity(ada, tastes):
    favor(ada, tastes[0][:6])
    model = ItemModel.objects.serving()
    best = ids_of(recommended(ada))[0]
    rows = Neighbour.objects.filter(model=model.pk, other=best)
    rows.update(short=-2000, long=-2000)
    rows.filter(film=tastes[0][0]).update(short=1, long=1)
    FilmScalars.objects.filter(model=model, film=best).update(b=10.0)
    first = recommended(ada)["results"][0]
    assert first["movie"]["id"] == best
    assert (first["sources"], first["because"]) == (["popular"], [])


MATRIX, TOTORO, ALIEN = (Feedback(movie_id, "", 1.0, True, True) for movie_id in (603, 8392, 348))


@pytest.mark.parametrize(
    "popularity_score, neighbour_score, sources",
    [
        (1.0, -0.1, ["popular"]),
        (1.0, 0.0, ["popular"]),
        (1.0, 0.01, ["popular", "item_item"]),
        (1.0, 2.0, ["item_item", "popular"]),
        (0.1, 2.0, ["item_item"]),
        (-1.0, 2.0, ["item_item"]),
    ],
)
def test_the_parts_of_a_score_decide_on_its_sources(popularity_score, neighbour_score, sources):
    movie = RankedMovie(9, popularity_score, neighbour_score)
    contribution = model_contribution(movie)
    assert contribution.amount == popularity_score + neighbour_score
    assert contribution.sources == sources


def test_the_largest_contribution_is_named_first_and_a_small_one_not_at_all():
    recommendation = Recommendation(
        9,
        [
            Contribution(0.010, ["item_item"], [MATRIX]),
            Contribution(0.020, ["tmdb"], [TOTORO]),
            Contribution(0.001, ["content"], [ALIEN]),
        ],
    )
    assert recommendation.sources == ["tmdb", "item_item"]
    assert recommendation.because == [TOTORO, MATRIX]
    assert recommendation.score == pytest.approx(0.031)


def test_lists_that_agree_add_up(ada, tastes, tmdb):
    ours, _ = tastes
    model = ItemModel.objects.serving()
    best = ours[3]
    FilmScalars.objects.filter(model=model, film=best).update(b=10.0)
    page = {"page": 1, "total_pages": 1, "total_results": 1}
    for movie_id in ours[:3]:
        path = f"/movie/{movie_id}/recommendations"
        body = page | {"results": [{"id": best, "title": "On every list"}]}
        tmdb.add_fault({"fault": "json", "body": body, "path": path})
    favor(ada, ours[:3])
    first = recommended(ada)["results"][0]
    assert first["movie"]["id"] == best
    # A single list would add only half of what the model adds.
    assert first["sources"][0] == "tmdb"
    assert set(reason_ids(first)) == set(ours[:3])

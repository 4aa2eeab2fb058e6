"""Why a film is answered: `strategy`, `sources` and `because` are true to what was computed."""

import pytest

from movies.models import Movie, MovieGenre
from users.recommendations.feedback import Feedback
from users.recommendations.models import FilmScalars, ItemModel, Neighbour
from users.recommendations.ranking import RankedMovie
from users.recommendations.recommend import model_contribution
from users.recommendations.recommendation import Contribution, Recommendation

from .conftest import favor, ids_of, recommended


def test_one_favorite_is_enough_for_reasons(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    body = recommended(ada)
    assert (body["strategy"], body["trained_at"]) == ("blended", None)
    best = body["results"][0]
    assert best["movie"]["title"].startswith("The Matrix")
    assert best["because"] == [{"id": 603, "title": "The Matrix"}]
    assert {"tmdb", "content"} <= set(best["sources"])
    assert 603 not in ids_of(body)


def test_who_likes_one_group_gets_the_rest_of_it(ada, tastes):
    ours, theirs = tastes
    favor(ada, ours[:8])
    body = recommended(ada, "?limit=15")
    assert body["strategy"] == "personal"
    assert body["trained_at"] is not None
    assert set(ids_of(body)) <= set(ours[8:])
    for each in body["results"]:
        assert each["sources"][0] == "item_item"
        assert 1 <= len(each["because"]) <= 3
        assert {reason["id"] for reason in each["because"]} <= set(ours[:8])


def test_a_model_that_knows_too_few_is_one_of_several_sources(ada, tastes):
    favor(ada, tastes[0][:2])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    sources = {source for each in body["results"] for source in each["sources"]}
    assert {"item_item", "tmdb"} <= sources


def test_a_low_rating_is_a_signal_and_no_reason(ada, tastes):
    ours, _ = tastes
    favor(ada, ours[:6])
    for film in ours[6:9]:
        ada.post("users/ratings/", {"movie_id": film, "rating": 2})
    for each in recommended(ada)["results"]:
        assert not {reason["id"] for reason in each["because"]} & set(ours[6:9])


def test_who_likes_more_that_the_model_does_not_know_gets_such_films_too(ada, tastes):
    for number in range(4, 8):
        ada.get(f"movies/popular/?page={number}")
    learnt = {*tastes[0], *tastes[1]}
    unknown = list(Movie.objects.exclude(pk__in=learnt).values_list("pk", flat=True))
    favor(ada, [*tastes[0][:6], *unknown[:5]])
    body = recommended(ada)
    assert body["strategy"] == "personal"
    assert set(ids_of(body)) <= learnt
    # As many as the model knows.
    favor(ada, unknown[5:6])
    assert recommended(ada)["strategy"] == "blended"
    favor(ada, unknown[6:9])
    body = recommended(ada)
    assert body["strategy"] == "blended"
    assert set(ids_of(body)) & learnt
    assert set(ids_of(body)) - learnt
    reasons = {reason["id"] for each in body["results"] for reason in each["because"]}
    assert reasons & set(unknown)


def test_no_reason_is_made_up_for_a_film_that_is_there_because_it_is_popular(ada, tastes):
    ours, theirs = tastes
    Movie.objects.update(details=None, original_language="en", release_date="1999-01-01")
    MovieGenre.objects.all().delete()
    favor(ada, ours[:2])
    for each in recommended(ada, "?limit=60")["results"]:
        if each["movie"]["id"] in theirs:
            assert "content" not in each["sources"]
            assert not each["because"] or {"tmdb", "item_item"} & set(each["sources"])


def test_where_popularity_alone_answers_it_says_so(ada):
    ada.post("users/favorites/", {"movie_id": 603})
    body = recommended(ada, "?genres=10770")
    # None that the database knew has this genre: the catalogue is asked for more.
    assert len(body["results"]) >= 3
    assert {tuple(each["sources"]) for each in body["results"]} == {("popular",)}
    assert body["strategy"] == "popular"


def test_a_film_that_the_users_own_speak_against_is_not_explained_by_them(ada, tastes):
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


MATRIX, TOTORO, ALIEN = (Feedback(film, "", 1.0, True, True) for film in (603, 8392, 348))


@pytest.mark.parametrize(
    "of_all, of_own, sources",
    [
        (1.0, -0.1, ["popular"]),
        (1.0, 0.0, ["popular"]),
        (1.0, 0.01, ["popular", "item_item"]),
        (1.0, 2.0, ["item_item", "popular"]),
        (0.1, 2.0, ["item_item"]),
        (-1.0, 2.0, ["item_item"]),
    ],
)
def test_what_of_the_model_speaks_for_a_film(of_all, of_own, sources):
    part = model_contribution(RankedMovie(9, of_all, of_own), [MATRIX])
    assert part.amount == of_all + of_own
    assert part.sources == sources
    assert part.because == ([MATRIX] if "item_item" in sources else [])


def test_the_source_that_adds_most_comes_first_and_one_that_adds_little_not_at_all():
    film = Recommendation(
        9,
        [
            Contribution(0.010, ["item_item"], [MATRIX]),
            Contribution(0.020, ["tmdb"], [TOTORO]),
            Contribution(0.001, ["content"], [ALIEN]),
        ],
    )
    assert film.sources == ["tmdb", "item_item"]
    assert film.because == [TOTORO, MATRIX]
    assert film.score == pytest.approx(0.031)


def test_lists_that_agree_add_up(ada, tastes, tmdb):
    ours, _ = tastes
    model = ItemModel.objects.serving()
    best = ours[3]
    FilmScalars.objects.filter(model=model, film=best).update(b=10.0)
    page = {"page": 1, "total_pages": 1, "total_results": 1}
    for film in ours[:3]:
        path = f"/movie/{film}/recommendations"
        named = page | {"results": [{"id": best, "title": "Named by all"}]}
        tmdb.add_fault({"fault": "json", "body": named, "path": path})
    favor(ada, ours[:3])
    first = recommended(ada)["results"][0]
    assert first["movie"]["id"] == best
    # One list alone would add half of what the model does.
    assert first["sources"][0] == "tmdb"
    assert {reason["id"] for reason in first["because"]} == set(ours[:3])

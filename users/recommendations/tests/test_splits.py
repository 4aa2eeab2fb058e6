"""Who is held out, and what of them is hidden."""

import numpy as np
import pytest

from users.recommendations.evaluation import splits
from users.recommendations.learning.datasets import BadFile

from . import planted

FAVORITES = {user: np.array(films) for user, films in planted.histories().items()}


@pytest.fixture
def folds():
    return list(splits.folds(FAVORITES, 5, seed=3))


def test_nobody_held_out_is_trained_on(folds):
    for inside, held_out in folds:
        outside = {each.user for each in held_out}
        assert not outside & inside.keys()
        assert outside | inside.keys() == FAVORITES.keys()
        assert len(outside) == len(FAVORITES) / 5


def test_each_user_is_held_out_in_one_of_five_folds(folds):
    users = [each.user for _, held_out in folds for each in held_out]
    assert sorted(users) == sorted(FAVORITES)


def test_visible_and_hidden_share_nothing_and_lose_nothing(folds):
    for each in folds[0][1]:
        assert sorted([*each.visible, *each.hidden]) == sorted(FAVORITES[each.user])
        assert len(each.hidden) == len(each) - round(0.8 * len(each)) >= 1


def test_a_seed_makes_the_split(folds):
    def hidden(many):
        return [each.hidden.tolist() for _, held_out in many for each in held_out]

    assert hidden(folds) == hidden(splits.folds(FAVORITES, 5, seed=3))
    assert hidden(folds) != hidden(splits.folds(FAVORITES, 5, seed=4))


def test_the_last_favorite_alone_is_hidden():
    [(_, held_out)] = splits.folds(FAVORITES, 1, seed=3, last=True)
    for each in held_out:
        assert each.hidden.tolist() == [FAVORITES[each.user][-1]]
        assert each.visible.tolist() == FAVORITES[each.user][:-1].tolist()


def test_few_favorites_are_of_users_with_twenty_and_exclude_all_visible_ones(folds):
    cases = splits.cases(folds[0][1], "3", seed=3)
    by_user = {each.user: each for each in folds[0][1]}
    assert {case.user for case in cases} == {
        user for user, each in by_user.items() if len(each.visible) >= 20
    }
    assert cases
    for case in cases:
        visible = by_user[case.user].visible
        assert len(set(case.folded_in.tolist())) == 3
        assert set(case.folded_in) <= set(visible)
        assert case.excluded.tolist() == visible.tolist()


def test_light_users_have_five_to_nineteen(folds):
    cases = splits.cases(folds[0][1], "light", seed=3)
    expected = {each.user for each in folds[0][1] if len(FAVORITES[each.user]) <= 19}
    assert {case.user for case in cases} == expected and expected


def test_as_many_are_folded_in_as_would_be_served():
    each = splits.HeldOutUser(1, np.arange(500), np.array([600]))
    [case] = splits.cases([each], "all", seed=3)
    assert case.folded_in.tolist() == list(range(100, 500))
    assert len(case.excluded) == 500


def test_histories_are_in_order_without_doubles_and_low_ratings(tmp_path):
    path = tmp_path / "ratings.csv"
    liked = [(11, 40), (12, 10), (13, 30), (14, 20), (15, 50), (12, 60)]
    rows = [f"1,{film},4,{when}" for film, when in liked] + ["1,16,3.5,5", "2,11,5,1"]
    path.write_text("userId,movieId,rating,timestamp\n" + "\n".join(rows))
    [(user, films)] = splits.read_histories(path).items()
    assert (user, films.tolist()) == (1, [14, 13, 11, 15, 12])


def test_without_times_nothing_is_last(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("userId,movieId,rating\n1,10,4\n")
    with pytest.raises(BadFile, match="no times"):
        splits.read_histories(path, needs_times=True)

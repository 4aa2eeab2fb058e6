"""Which users are held out, and which of their favorites are hidden."""

import numpy as np
import pytest

from users.recommendations.evaluation import splits
from users.recommendations.learning.datasets import BadFile

from . import planted

FAVORITES = {user: np.array(movie_ids) for user, movie_ids in planted.histories().items()}


@pytest.fixture
def folds():
    return list(splits.folds(FAVORITES, 5, seed=3))


def test_held_out_users_are_not_in_the_training_data(folds):
    for training, held_out in folds:
        outside = {each.user for each in held_out}
        assert not outside & training.keys()
        assert outside | training.keys() == FAVORITES.keys()
        assert len(outside) == len(FAVORITES) / 5


def test_each_user_is_held_out_in_one_of_five_folds(folds):
    users = [each.user for _, held_out in folds for each in held_out]
    assert sorted(users) == sorted(FAVORITES)


def test_each_favorite_is_either_visible_or_hidden(folds):
    for each in folds[0][1]:
        assert sorted([*each.visible, *each.hidden]) == sorted(FAVORITES[each.user])
        assert len(each.hidden) == len(each) - round(0.8 * len(each)) >= 1


def test_the_seed_determines_the_split(folds):
    def hidden(folds):
        return [each.hidden.tolist() for _, held_out in folds for each in held_out]

    assert hidden(folds) == hidden(splits.folds(FAVORITES, 5, seed=3))
    assert hidden(folds) != hidden(splits.folds(FAVORITES, 5, seed=4))


def test_only_the_last_favorite_can_be_hidden():
    [(_, held_out)] = splits.folds(FAVORITES, 1, seed=3, last=True)
    for each in held_out:
        assert each.hidden.tolist() == [FAVORITES[each.user][-1]]
        assert each.visible.tolist() == FAVORITES[each.user][:-1].tolist()


def test_rows_of_few_favorites_have_users_with_twenty_and_exclude_all_their_visible_ones(folds):
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


def test_light_users_have_five_to_nineteen_favorites(folds):
    cases = splits.cases(folds[0][1], "light", seed=3)
    expected = {each.user for each in folds[0][1] if len(FAVORITES[each.user]) <= 19}
    assert {case.user for case in cases} == expected and expected


def test_no_more_favorites_are_folded_in_than_a_request_uses():
    each = splits.HeldOutUser(1, np.arange(500), np.array([600]))
    [case] = splits.cases([each], "all", seed=3)
    assert case.folded_in.tolist() == list(range(100, 500))
    assert len(case.excluded) == 500


def test_histories_are_ordered_by_time_without_repetitions_and_low_ratings(tmp_path):
    path = tmp_path / "ratings.csv"
    liked = [(11, 40), (12, 10), (13, 30), (14, 20), (15, 50), (12, 60)]
    rows = [f"1,{movie_id},4,{time}" for movie_id, time in liked] + ["1,16,3.5,5", "2,11,5,1"]
    path.write_text("userId,movieId,rating,timestamp\n" + "\n".join(rows))
    [(user, movie_ids)] = splits.read_histories(path).items()
    assert (user, movie_ids.tolist()) == (1, [14, 13, 11, 15, 12])


def test_a_file_without_times_has_no_last_favorites(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("userId,movieId,rating\n1,10,4\n")
    with pytest.raises(BadFile, match="no times"):
        splits.read_histories(path, needs_times=True)

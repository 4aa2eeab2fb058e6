"""The metrics give values that were worked out by hand."""

from math import log2

import numpy as np
import pytest

from users.recommendations.evaluation import metrics

RANKED = np.array([[7, 3, 9, 1], [5, 6, -1, -1], [2, 4, 8, 7]])
HIDDEN = [np.array([3, 1, 100]), np.array([6]), np.array([50])]
RELEVANT = np.array([3, 1, 1])


@pytest.fixture
def hits():
    return metrics.hits(RANKED, HIDDEN)


def test_hits_mark_the_hidden_movies(hits):
    assert hits.astype(int).tolist() == [[0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_recall_is_relative_to_the_best_possible_list(hits):
    assert metrics.recall(hits, RELEVANT, 4).tolist() == [2 / 3, 1, 0]
    assert metrics.recall(hits, RELEVANT, 2).tolist() == [1 / 2, 1, 0]


def test_ndcg_is_relative_to_the_best_possible_list(hits):
    first = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert metrics.ndcg(hits, RELEVANT, 4) == pytest.approx([first, 1 / log2(3), 0])
    # At 2, the best possible list has two of the three hidden movies.
    at_2 = (1 / log2(3)) / (1 + 1 / log2(3))
    assert metrics.ndcg(hits, RELEVANT, 2) == pytest.approx([at_2, 1 / log2(3), 0])


def test_ndcg_beyond_the_length_of_the_lists_does_not_change(hits):
    assert metrics.ndcg(hits, RELEVANT, 100) == pytest.approx(metrics.ndcg(hits, RELEVANT, 4))


def test_the_hit_rate_is_1_with_any_hit(hits):
    assert metrics.hit_rate(hits, RELEVANT, 1).tolist() == [0, 0, 0]
    assert metrics.hit_rate(hits, RELEVANT, 2).tolist() == [1, 1, 0]


def test_coverage_counts_each_movie_once_and_ignores_the_end_of_a_list():
    counts = np.array([[1, 1, 1], [3, 0, 0], [0, 3, 0]])
    assert metrics.coverage(RANKED, 16, counts).tolist() == [9 / 16, 4 / 16, 2 / 16]


def test_coverage_counts_the_first_twenty_ranks():
    assert metrics.coverage(np.arange(50)[None], 100, np.ones((1, 1))).tolist() == [0.2]


def test_the_width_of_an_interval_agrees_with_theory():
    values = np.random.default_rng(1).normal(10, 2, 400)
    means = metrics.resamples(400, seed=1) @ values / 400
    interval = metrics.interval(means)
    assert interval["value"] == pytest.approx(values.mean())
    width = interval["high"] - interval["low"]
    assert width == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_the_seed_determines_the_resamples():
    assert (metrics.resamples(30, 5) == metrics.resamples(30, 5)).all()
    assert (metrics.resamples(30, 5) != metrics.resamples(30, 6)).any()

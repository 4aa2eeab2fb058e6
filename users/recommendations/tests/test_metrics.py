"""Metrics against values worked out by hand."""

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


def test_found(hits):
    assert hits.astype(int).tolist() == [[0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_recall_is_of_as_many_as_could_be_found(hits):
    assert metrics.recall(hits, RELEVANT, 4).tolist() == [2 / 3, 1, 0]
    assert metrics.recall(hits, RELEVANT, 2).tolist() == [1 / 2, 1, 0]


def test_ndcg(hits):
    first = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / log2(4))
    assert metrics.ndcg(hits, RELEVANT, 4) == pytest.approx([first, 1 / log2(3), 0])
    # Of three hidden films two could stand in two places.
    shorter = (1 / log2(3)) / (1 + 1 / log2(3))
    assert metrics.ndcg(hits, RELEVANT, 2) == pytest.approx([shorter, 1 / log2(3), 0])


def test_ndcg_of_more_places_than_the_lists_have(hits):
    assert metrics.ndcg(hits, RELEVANT, 100) == pytest.approx(metrics.ndcg(hits, RELEVANT, 4))


def test_hit_rate(hits):
    assert metrics.hit_rate(hits, RELEVANT, 1).tolist() == [0, 0, 0]
    assert metrics.hit_rate(hits, RELEVANT, 2).tolist() == [1, 1, 0]


def test_coverage_counts_a_film_once_and_no_ended_list():
    counts = np.array([[1, 1, 1], [3, 0, 0], [0, 3, 0]])
    assert metrics.coverage(RANKED, 16, counts).tolist() == [9 / 16, 4 / 16, 2 / 16]


def test_coverage_looks_at_twenty_places():
    assert metrics.coverage(np.arange(50)[None], 100, np.ones((1, 1))).tolist() == [0.2]


def test_an_interval_is_as_wide_as_theory_says():
    values = np.random.default_rng(1).normal(10, 2, 400)
    means = metrics.resamples(400, seed=1) @ values / 400
    interval = metrics.interval(means)
    assert interval["value"] == pytest.approx(values.mean())
    width = interval["high"] - interval["low"]
    assert width == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_draws_are_seeded():
    assert (metrics.resamples(30, 5) == metrics.resamples(30, 5)).all()
    assert (metrics.resamples(30, 5) != metrics.resamples(30, 6)).any()

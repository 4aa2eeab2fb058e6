"""The two regressions equal a plain implementation: dense, in double precision."""

import numpy as np
import pytest
import scipy.sparse as sp

from users.recommendations.learning import gram
from users.recommendations.learning.fit import fit, lambda_long_for, popularity_discount


def plain_ridge(A, C):
    """Solve column by column: least squares in which no movie predicts itself."""
    m = C.shape[1]
    P = np.linalg.inv(A)
    return np.column_stack([P @ C[:, j] - P[:, j] * (P[j] @ C[:, j]) / P[j, j] for j in range(m)])


def plain_short(X, users):
    m = X.shape[1]
    A, C = np.zeros((m + 1, m + 1)), np.zeros((m + 1, m))
    shown_sum = total_sum = 0
    for x, weight in zip(X, users):
        total = x.sum()
        shown = min(2, total - 1)
        both, one = shown * (shown - 1) / (total * (total - 1)), shown / total
        A[:m, :m] += weight * both * (np.outer(x, x) - np.diag(x)) + weight * one * np.diag(x)
        C[:m] += weight * one * (np.outer(x, x) - np.diag(x))
        A[m, :m] += weight * one * x
        A[:m, m] += weight * one * x
        A[m, m] += weight
        C[m] += weight * x
        shown_sum, total_sum = shown_sum + weight * shown, total_sum + weight * total
    A[:m, :m] += 60 * shown_sum / total_sum * np.eye(m)
    A[m, m] += 1
    return plain_ridge(A, C)


def plain_long(X, users, penalty):
    m = X.shape[1]
    totals = X.sum(1)
    weights = users * totals**-0.2
    weights *= (users * totals).sum() / (weights * totals).sum()
    A, C = np.zeros((m, m)), np.zeros((m, m))
    ridge = 0
    for x, weight, total in zip(X, weights, totals):
        n = 0.6 * total
        off = np.outer(x, x) - np.diag(x)
        A += weight * n**-0.7 * n * max(n - 1, 0) / (total * (total - 1)) * off
        A += weight * n**0.3 / total * np.diag(x)
        C += weight * n**0.65 / total * off
        ridge += weight * n**0.3
    A += penalty * ridge / (weights * totals).sum() * np.eye(m)
    known = X.T @ users
    known += 0.03 * known.mean()
    return plain_ridge(A, C) * (known / known.mean()) ** -0.28


@pytest.fixture(params=["one block", "several blocks"])
def block(request, monkeypatch):
    if request.param == "several blocks":
        monkeypatch.setattr(gram, "BLOCK", 7)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_model_equals_the_plain_implementation(block, weighted):
    random = np.random.default_rng(5)
    X = (random.random((150, 40)) < np.linspace(0.05, 0.5, 40)).astype(float)
    X = X[X.sum(1) >= 2]
    users = random.choice([0.3, 1.0], len(X)) if weighted else np.ones(len(X))
    model = fit(sp.csr_matrix(X.astype(np.float32)), users)

    B = plain_short(X, users)
    popularity = X.T @ users
    c = popularity / popularity.sum() @ B[:-1]
    S = B[:-1] - c
    np.fill_diagonal(S, 0)
    L = plain_long(X, users, 120)

    parts = list(model.rows())
    assert np.vstack([part[1] for part in parts]) == pytest.approx(S, abs=1e-4)
    assert np.vstack([part[2] for part in parts]) == pytest.approx(L, abs=1e-4)
    assert model.b == pytest.approx(B[-1], abs=1e-4)
    assert model.c == pytest.approx(c, abs=1e-4)
    assert model.popularity == pytest.approx(popularity)


@pytest.mark.parametrize("users, penalty", [(400, 120), (1_000_000, 1500)])
def test_lambda_grows_with_the_number_of_users(users, penalty):
    assert lambda_long_for(users) == pytest.approx(penalty)


@pytest.mark.parametrize("users, exponent", [(50, -0.28), (1581, -0.215), (1_000_000, -0.15)])
def test_popular_movies_are_discounted_more_if_there_are_few_users(users, exponent):
    popularity = np.array([0.0, 400.0])
    known = np.array([6.0, 406.0]) / 206
    assert popularity_discount(popularity, users) == pytest.approx(known**exponent, rel=1e-4)

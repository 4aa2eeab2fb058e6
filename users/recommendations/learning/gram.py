"""Dense symmetric matrices of films by films, in blocks so that few of them are in memory."""

import numpy as np
import scipy.sparse as sp
from scipy.linalg import lapack

BLOCK = 512  # rows or columns at a time


def blocks(size: int):
    for start in range(0, size, BLOCK):
        yield slice(start, min(size, start + BLOCK))


def weighted_gram(X: sp.spmatrix, weights: np.ndarray, out: np.ndarray) -> None:
    """Write Xᵀ diag(weights) X, films by films, into `out`; X is 0 or 1."""
    X, weights = X.tocsc(), weights.astype(np.float32)
    for part in blocks(X.shape[1]):
        some = X[:, part]
        weighted = sp.csc_matrix((weights[some.indices], some.indices, some.indptr), some.shape)
        out[:, part] = (X.T @ weighted).toarray()


def column_sums(X: sp.csc_matrix, weights: np.ndarray) -> np.ndarray:
    """Return Xᵀ weights, in double precision."""
    return np.concatenate([X[:, part].T @ weights for part in blocks(X.shape[1])])


def invert(A: np.ndarray) -> None:
    """Replace a symmetric positive definite matrix by its inverse, in place (Cholesky).

    Raises np.linalg.LinAlgError where it is not positive definite.
    """
    # The lower half of A is the upper one of its transpose, which LAPACK takes as it lies.
    factor, failed = lapack.spotrf(A.T, lower=0, clean=0, overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError("The matrix is not positive definite.")
    _, failed = lapack.spotri(factor, lower=0, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError("The matrix has no inverse.")
    for part in blocks(len(A)):
        A[part, part.stop :] = A[part.stop :, part].T
        square = A[part, part]
        A[part, part] = np.tril(square) + np.tril(square, -1).T

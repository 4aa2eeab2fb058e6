"""Dense symmetric matrices of movies by movies, computed in blocks to save memory."""

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import lapack

BLOCK = 512  # rows or columns at a time

Sparse = sp.csc_matrix | sp.csr_matrix


def blocks(size: int) -> Iterator[slice]:
    """Yield slices of at most BLOCK that cover 0 to `size`."""
    for start in range(0, size, BLOCK):
        yield slice(start, min(size, start + BLOCK))


def weighted_gram(X: Sparse, weights: NDArray[np.float64], out: NDArray[np.float32]) -> None:
    """Write Xᵀ diag(weights) X into `out`.

    X is users by movies and holds only 0 and 1; `out` is movies by movies.
    """
    columns, weights_32 = X.tocsc(), weights.astype(np.float32)
    for part in blocks(columns.shape[1]):
        some = columns[:, part]
        weighted = sp.csc_matrix((weights_32[some.indices], some.indices, some.indptr), some.shape)
        out[:, part] = (columns.T @ weighted).toarray()


def column_sums(X: Sparse, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Xᵀ weights, one number for each movie, in double precision."""
    return np.concatenate([X[:, part].T @ weights for part in blocks(X.shape[1])])


def invert(A: NDArray[np.float32]) -> None:
    """Replace a symmetric positive definite matrix by its inverse, by Cholesky decomposition.

    Raises np.linalg.LinAlgError if the matrix is not positive definite.
    """
    # LAPACK expects columns where numpy has rows, so the transpose needs no copy.
    factor, failed = lapack.spotrf(A.T, lower=0, clean=0, overwrite_a=1)
    if failed:
        raise np.linalg.LinAlgError("The matrix is not positive definite.")
    _, failed = lapack.spotri(factor, lower=0, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError("The matrix has no inverse.")
    # Only the lower half of A holds the inverse now.
    for part in blocks(len(A)):
        A[part, part.stop :] = A[part.stop :, part].T
        square = A[part, part]
        A[part, part] = np.tril(square) + np.tril(square, -1).T

"""Generated favorites with a structure that a model can find: circles of movies and of users."""

from pathlib import Path

import numpy as np

CIRCLES = 6


def histories(users: int = 240, movies: int = 120, seed: int = 7) -> dict[int, list[int]]:
    """Return users' favorites: mostly movies of the user's own circle, and popular ones."""
    random = np.random.default_rng(seed)
    ids = np.arange(movies) * 3 + 10
    popularity = 1 / np.sqrt(np.arange(movies) // CIRCLES + 1)
    found = {}
    for user in range(users):
        in_circle = np.arange(movies) % CIRCLES == user % CIRCLES
        weights = popularity * np.where(in_circle, 12, 1)
        count = int(random.integers(5, 30))
        chosen = random.choice(movies, count, replace=False, p=weights / weights.sum())
        found[user + 1] = ids[chosen].tolist()
    return found


def ratings_csv(path: Path, favorites: dict[int, list[int]]) -> Path:
    rows = [
        f"{user},{movie_id},4.5,{1_000_000 + position}"
        for user, movie_ids in favorites.items()
        for position, movie_id in enumerate(movie_ids)
    ]
    path.write_text("userId,movieId,rating,timestamp\n" + "\n".join(rows) + "\n")
    return path

"""Made-up favorites with a structure that a model can find: circles of films, and of users."""

from pathlib import Path

import numpy as np

CIRCLES = 6


def histories(users: int = 240, films: int = 120, seed: int = 7) -> dict[int, list[int]]:
    """Users favor films of their own circle, of which some are popular, and now and then others."""
    random = np.random.default_rng(seed)
    ids = np.arange(films) * 3 + 10
    popularity = 1 / np.sqrt(np.arange(films) // CIRCLES + 1)
    found = {}
    for user in range(users):
        chances = popularity * np.where(np.arange(films) % CIRCLES == user % CIRCLES, 12, 1)
        many = int(random.integers(5, 30))
        chosen = random.choice(films, many, replace=False, p=chances / chances.sum())
        found[user + 1] = ids[chosen].tolist()
    return found


def ratings_csv(path: Path, favorites: dict[int, list[int]]) -> Path:
    rows = [
        f"{user},{film},4.5,{1_000_000 + place}"
        for user, films in favorites.items()
        for place, film in enumerate(films)
    ]
    path.write_text("userId,movieId,rating,timestamp\n" + "\n".join(rows) + "\n")
    return path

"""Create many movies and list entries."""

import random
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from movies.models import Genre, Movie, MovieGenre
from movies.text import fold
from users.models import FavoriteMovie, User

TITLES = ["Élite", "elite", "Ärger", "ÄRGER II", "Zorro", "99", "ß", "ſ", "İstanbul", "東京", "a|b"]


def make_movies(number: int) -> list[Movie]:
    """Create movies with one or two genres. Half are equal; one in ten has no date and rating."""
    chance = random.Random(603)
    movies = []
    for movie_id in range(1, number + 1):
        same, unknown = movie_id % 2, movie_id % 10 == 0
        title = TITLES[0] if same else f"{chance.choice(TITLES)} {movie_id % 700}"
        day = datetime(1950, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(25_000))
        movies.append(
            Movie(
                id=movie_id,
                title=title,
                folded_title=fold(title),
                release_date=None if unknown else datetime(1999, 3, 31) if same else day.date(),
                vote_average=None if unknown else 8.2 if same else chance.random() * 10,
                fetched_at=timezone.now(),
            )
        )
    Movie.objects.bulk_create(movies)
    for genre, name in ((28, "Action"), (18, "Drama")):
        Genre.objects.get_or_create(id=genre, defaults={"name": name})
    MovieGenre.objects.bulk_create(
        MovieGenre(movie=movie, genre_id=genre, position=position)
        for movie in movies
        for position, genre in enumerate((28, 18) if movie.id % 3 else (18,))
    )
    return movies


def make_entries(user: User, movies: list[Movie]) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    FavoriteMovie.objects.bulk_create(
        FavoriteMovie(
            user=user,
            movie=movie,
            added_at=moment if movie.id % 2 else moment + timedelta(microseconds=movie.id * 7),
        )
        for movie in movies
    )

"""Train the item-item model for recommendations, and serve it."""

import sys
from argparse import ArgumentParser
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone
from tqdm import tqdm

from movies.catalogue.movie import exists
from movies.load import Load, LoadFailed
from movies.management.waiting import wait_to_ask
from movies.models import Movie
from movies.services.health import CircuitOpen
from users.recommendations.learning import datasets, interactions, storing
from users.recommendations.learning.fit import LAMBDA_SHORT
from users.recommendations.learning.rows import ROWS_PER_MOVIE
from users.recommendations.learning.training import (
    AlreadyRunning,
    exclusive_training_lock,
    train,
)
from users.recommendations.models import ItemModel

MAX_LAMBDA = 1e9  # more would exceed the precision of 32-bit floats


@dataclass
class Options:
    """The command's own options."""

    rows: int
    lambda_short: float
    lambda_long: float | None
    min_support: int
    max_films: int
    ratings: Path | None
    links: Path | None
    fetch_missing: bool
    own_alone: bool
    dry_run: bool


class Command(BaseCommand):
    help = (
        "Train the recommendation model on the site's favorites and ratings, and switch to it once"
        " it is complete. The previous model is kept. If the run is interrupted, or if there is too"
        " little data, nothing changes. Too little data is not an error. --ratings adds a public"
        " dataset in MovieLens format. Check its license first: MovieLens, for example, requires"
        " permission for commercial use."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rows",
            type=int,
            default=ROWS_PER_MOVIE,
            help="average number of neighbours to store for each movie (default: %(default)s)",
        )
        parser.add_argument(
            "--lambda-short",
            type=float,
            default=LAMBDA_SHORT,
            help="regularization of the model for short histories (default: %(default)s)",
        )
        parser.add_argument(
            "--lambda-long",
            type=float,
            help="regularization of the model for long histories; by default it grows with the"
            " number of users, for example to 250 for 5,000",
        )
        parser.add_argument(
            "--min-support",
            type=int,
            default=interactions.MIN_SUPPORT,
            help="likes that a movie needs to be in the model (default: %(default)s)",
        )
        parser.add_argument(
            "--max-films",
            type=int,
            default=20_000,
            help="number of movies in the model at most, those with the most likes (default:"
            " %(default)s); memory grows with the square of this number",
        )
        parser.add_argument("--ratings", type=Path, help="ratings.csv or ratings.dat to add")
        parser.add_argument(
            "--links", type=Path, help="links.csv with the TMDb ids of the movies in --ratings"
        )
        parser.add_argument(
            "--fetch-missing",
            action="store_true",
            help="fetch the public dataset's movies that are not in the database yet; an"
            " interrupted run can be resumed",
        )
        parser.add_argument(
            "--own-alone",
            action="store_true",
            help="train on the site's own data only; without this option, a run without --ratings"
            " reads the public dataset of the current model again",
        )
        parser.add_argument("--dry-run", action="store_true", help="train, but store nothing")

    def handle(self, *args: str, **parsed: Any) -> None:
        started_at = timezone.now()
        options = Options(**{field.name: parsed[field.name] for field in fields(Options)})
        check(options)
        if not (options.ratings or options.own_alone):
            options.ratings, options.links = self.previous_dataset()
        if options.fetch_missing and not options.ratings:
            raise CommandError("--fetch-missing requires --ratings.")
        try:
            with exclusive_training_lock():
                if not options.dry_run:
                    storing.remove_old_models()
                self.train(options, started_at)
        except AlreadyRunning:
            raise CommandError("Another training run is in progress.") from None
        except storing.ModelRemoved:
            raise CommandError(
                "The new model was deleted during training. Nothing changed."
            ) from None
        except np.linalg.LinAlgError:
            raise CommandError(
                "The model has no solution with this lambda. Nothing changed."
            ) from None
        except IntegrityError:
            raise CommandError("A movie was deleted during training. Nothing changed.") from None
        except datasets.BadFile as error:
            raise CommandError(str(error)) from None
        except interactions.TooLittleData as error:
            self.stdout.write(f"Nothing changed, because there is too little data. {error}")

    def previous_dataset(self) -> tuple[Path | None, Path | None]:
        """Return the files of the current model's public dataset, so that later runs keep it."""
        model = ItemModel.objects.serving()
        paths = model.summary.get("public_set") if model else None
        if not paths:
            return None, None
        for path in paths:
            if not Path(path).exists():
                raise CommandError(
                    f"{path} is missing. The current model was trained on it: restore the file,"
                    " or pass --own-alone to train without it."
                )
        self.stdout.write(
            f"Using {paths[0]} like the current model. Pass --own-alone to train without it."
        )
        return Path(paths[0]), Path(paths[1])

    def train(self, options: Options, started_at: datetime) -> None:
        """Read the training data, train on it, and report the result."""
        likes = interactions.site_likes()
        site_users, site_pairs = likes.user_count, len(likes)
        public_set = None
        if options.ratings and options.links:
            datasets.add_likes(likes, options.ratings, datasets.read_tmdb_ids(options.links))
            if options.fetch_missing:
                self.fetch(missing_movies(likes, options.min_support))
            public_set = [str(options.ratings.resolve()), str(options.links.resolve())]
        weights = np.ones(likes.user_count)
        weights[site_users:] = public_weight = interactions.public_user_weight(site_pairs)
        matrix = interactions.build_matrix(
            likes,
            weights,
            known_movies=np.fromiter(Movie.objects.values_list("id", flat=True), np.int64),
            min_support=options.min_support,
            max_movies=options.max_films,
        )
        if matrix.left_out:
            self.stdout.write(
                f"Left out the {matrix.left_out} movies with the fewest likes, because of"
                f" --max-films {options.max_films}."
            )
        if public_set:
            self.stdout.write(
                f"Each user of the public dataset counts as {public_weight:.2f} of the site's own"
                " users."
            )
        summary = train(
            matrix,
            started_at,
            rows_per_movie=options.rows,
            lambda_short=options.lambda_short,
            lambda_long=options.lambda_long,
            public_set=public_set,
            dry_run=options.dry_run,
        )
        self.stdout.write(", ".join(f"{name}: {value}" for name, value in summary.items()))
        self.stdout.write(
            "Dry run: nothing was stored." if options.dry_run else "The new model is now served."
        )

    def fetch(self, movie_ids: list[int]) -> None:
        """Fetch movies through the catalogue, within its budget of requests."""
        failed = 0
        with tqdm(movie_ids, unit="movie", disable=None, file=sys.stderr) as bar:
            for movie_id in bar:
                try:
                    wait_to_ask(lambda: exists(movie_id, Load()))
                except CircuitOpen:
                    raise CommandError(
                        f"TMDb went down after {bar.n} of {len(movie_ids)} movies. Run the command"
                        " again later to continue."
                    ) from None
                except LoadFailed:
                    failed += 1
        if failed:
            self.stdout.write(f"Skipped {failed} movies that could not be fetched.")


def check(options: Options) -> None:
    """Raise CommandError if the options are out of range or contradict each other."""
    if options.rows > storing.MAX_ROWS_PER_MOVIE:
        raise CommandError(f"--rows must be at most {storing.MAX_ROWS_PER_MOVIE}.")
    for name in ("rows", "min_support", "max_films"):
        if getattr(options, name) < 1:
            raise CommandError(f"--{name.replace('_', '-')} must be at least 1.")
    for name in ("lambda_short", "lambda_long"):
        value = getattr(options, name)
        if value is not None and not 0 < value <= MAX_LAMBDA:
            raise CommandError(f"--{name.replace('_', '-')} must be above 0 and at most 1e9.")
    if bool(options.ratings) != bool(options.links):
        raise CommandError("--ratings and --links require each other.")
    if options.ratings and options.own_alone:
        raise CommandError("--own-alone cannot be combined with --ratings.")
    if options.fetch_missing and options.dry_run:
        raise CommandError(
            "--fetch-missing stores movies, so it cannot be combined with --dry-run."
        )


def missing_movies(likes: interactions.Interactions, min_support: int) -> list[int]:
    """Return the liked movies that are not in the database, those with most likes first.

    Movies with fewer than `min_support` likes are left out.
    """
    support = np.bincount(likes.movies, minlength=len(likes.movie_ids))
    enough = np.flatnonzero(support >= min_support)
    by_support = enough[np.argsort(-support[enough], kind="stable")]
    known = set(Movie.objects.values_list("id", flat=True))
    return [movie_id for movie_id in likes.movie_ids[by_support].tolist() if movie_id not in known]

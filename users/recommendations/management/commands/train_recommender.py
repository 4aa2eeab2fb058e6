"""Learn the recommendations' item-item model, and serve it."""

import sys
from pathlib import Path

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone
from tqdm import tqdm

from movies import catalogue
from movies.models import Movie
from movies.services.breaker import CircuitOpen
from movies.services.exceptions import TMDbError
from movies.services.patience import patiently
from users.recommendations.learning import datasets, interactions, storing
from users.recommendations.learning.fit import LAMBDA_SHORT
from users.recommendations.learning.rows import ROWS
from users.recommendations.learning.training import AlreadyRunning, alone, train
from users.recommendations.models import ItemModel

LARGEST_LAMBDA = 1e9  # beyond numbers of 32 bits end


class Command(BaseCommand):
    help = (
        "Learn from the site's favorites and ratings which films go with which, and serve what was"
        " learnt, all at once; the model before it is kept. With too little to learn from nothing"
        " changes, and the exit code is 0. A run that ends in the middle changes nothing either."
        " --ratings adds a public set in MovieLens format: its licence is yours to observe"
        " (MovieLens' sets, for one, may not be used for money without consent)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, default=ROWS, help="neighbours a film, on average")
        parser.add_argument("--lambda-short", type=float, default=LAMBDA_SHORT)
        parser.add_argument(
            "--lambda-long", type=float, help="grows with the users if not given: 250 for 5,000"
        )
        parser.add_argument("--min-support", type=int, default=interactions.MIN_SUPPORT)
        parser.add_argument("--max-films", type=int, default=20_000)
        parser.add_argument("--ratings", type=Path, help="ratings.csv or ratings.dat to add")
        parser.add_argument("--links", type=Path, help="links.csv: their films' ids at TMDb")
        parser.add_argument(
            "--fetch-missing",
            action="store_true",
            help="fetch films of the public set that the database does not know; goes on where an"
            " earlier run stopped",
        )
        parser.add_argument(
            "--own-alone",
            action="store_true",
            help="leave out the public set that the served model learnt from; without this it is"
            " read again where no other is given",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args, ratings, links, own_alone, fetch_missing, dry_run, **options):
        begun = timezone.now()
        check(options)
        if bool(ratings) != bool(links):
            raise CommandError("--ratings and --links go together.")
        if ratings and own_alone:
            raise CommandError("--own-alone leaves every public set out: not with --ratings.")
        if fetch_missing and dry_run:
            raise CommandError("--fetch-missing stores films: not with --dry-run.")
        if not (ratings or own_alone):
            ratings, links = self.set_of_before()
        if fetch_missing and not ratings:
            raise CommandError("--fetch-missing needs --ratings.")
        try:
            with alone():
                if not dry_run:
                    storing.remove_others()
                self.train(begun, ratings, links, fetch_missing, dry_run, options)
        except AlreadyRunning:
            raise CommandError("Another training runs.") from None
        except storing.Removed:
            raise CommandError("Something removed the new model: nothing changes.") from None
        except np.linalg.LinAlgError:
            raise CommandError("With such a lambda there is no model: nothing changes.") from None
        except IntegrityError:
            raise CommandError("A film was removed meanwhile: nothing changes.") from None
        except datasets.BadFile as error:
            raise CommandError(str(error)) from None
        except interactions.TooLittle as error:
            self.stdout.write(f"Nothing was learnt and nothing changes: {error}")

    def set_of_before(self) -> tuple[Path | None, Path | None]:
        """Return the public set of the served model, so that no nightly run drops it."""
        model = ItemModel.objects.serving()
        paths = model.summary.get("public_set") if model else None
        if not paths:
            return None, None
        for path in paths:
            if not Path(path).exists():
                raise CommandError(
                    f"{path}, which the served model learnt from, is not there: put it back, or"
                    " leave it out with --own-alone."
                )
        self.stdout.write(f"With {paths[0]}, as the served model; --own-alone leaves it out.")
        return Path(paths[0]), Path(paths[1])

    def train(self, begun, ratings, links, fetch_missing, dry_run, options) -> None:
        likes = interactions.own_likes()
        own_users, own_pairs = likes.many_users, len(likes)
        if ratings:
            datasets.add_liked(likes, ratings, datasets.tmdb_ids(links))
            if fetch_missing:
                self.fetch(missing(likes, options["min_support"]))
        weights = np.ones(likes.many_users)
        weights[own_users:] = public_weight = interactions.public_weight(own_pairs)
        matrix = interactions.matrix(
            likes,
            weights,
            known_films=np.fromiter(Movie.objects.values_list("id", flat=True), np.int64),
            min_support=options["min_support"],
            max_films=options["max_films"],
        )
        if ratings:
            self.stdout.write(
                f"A user of the public set weighs {public_weight:.2f} of one of the site's."
            )
        summary = train(
            matrix,
            begun,
            per_film=options["rows"],
            lambda_short=options["lambda_short"],
            lambda_long=options["lambda_long"],
            public_set=[str(ratings.resolve()), str(links.resolve())] if ratings else None,
            dry_run=dry_run,
        )
        self.stdout.write(", ".join(f"{name}: {value}" for name, value in summary.items()))
        self.stdout.write("Nothing was written." if dry_run else "The new model is served.")

    def fetch(self, movie_ids: list[int]) -> None:
        """Fetch films through the catalogue, within the request budget."""
        failed = 0
        with tqdm(movie_ids, unit="film", disable=None, file=sys.stderr) as bar:
            for movie_id in bar:
                try:
                    patiently(lambda: catalogue.exists(movie_id))
                except CircuitOpen:
                    raise CommandError(
                        f"TMDb is down: {bar.n} of {len(movie_ids)} films were fetched. Run it"
                        " again later; it goes on from there."
                    ) from None
                except TMDbError:
                    failed += 1
        if failed:
            self.stdout.write(f"{failed} films could not be fetched and are left out.")


def check(options: dict) -> None:
    if options["rows"] > storing.MOST_ROWS:
        raise CommandError(f"--rows is at most {storing.MOST_ROWS}.")
    for name in ("rows", "min_support", "max_films"):
        if options[name] < 1:
            raise CommandError(f"--{name.replace('_', '-')} is a number from 1 on.")
    for name in ("lambda_short", "lambda_long"):
        if options[name] is not None and not 0 < options[name] <= LARGEST_LAMBDA:
            raise CommandError(f"--{name.replace('_', '-')} is a number above 0, at most 1e9.")


def missing(likes: interactions.Interactions, min_support: int) -> list[int]:
    """Return the films that the database does not know, the most liked first."""
    support = np.bincount(likes.films, minlength=len(likes.film_ids))
    enough = np.flatnonzero(support >= min_support)
    films = likes.film_ids[enough[np.argsort(-support[enough], kind="stable")]].tolist()
    known = set(Movie.objects.values_list("id", flat=True))
    return [film for film in films if film not in known]

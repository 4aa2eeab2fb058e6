"""Evaluate the item-item model for recommendations on a public dataset."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from users.recommendations.evaluation import comparing, exporting, reports, served, splits
from users.recommendations.learning import datasets, interactions
from users.recommendations.learning.rows import ROWS_PER_MOVIE

MEASURED = (
    "This measures the item-item model as it is served: the stored integer rows, the item bias,"
    " and the choice of candidates. Answers to users with few favorites also use TMDb's lists,"
    " content and trending movies, which are not measured. Intervals are 95 % bootstrap intervals"
    " over users."
)


@dataclass(frozen=True)
class Options:
    """The command's own options."""

    ratings: Path | None
    movies: Path | None
    favorites: str
    leave_last_out: bool
    folds: int
    seed: int
    rows: int
    json: bool
    train: Path | None
    fold_in: Path | None
    export: Path | None


class Command(BaseCommand):
    help = (
        "Evaluate the item-item model on ratings in MovieLens format, and compare it with"
        " popularity, cosine item-kNN and EASE^R. The database is not used. Ratings of 4 stars or"
        " more count as favorites. A fifth of the users is held out: four fifths of their favorites"
        " are folded in, and the model must find the others. With --train and --fold-in, you"
        " provide the split, and the ranked lists are exported without an evaluation."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ratings", type=Path, help="ratings.csv or ratings.dat")
        parser.add_argument(
            "--movies",
            type=Path,
            help="movies.csv or movies.dat, the catalogue for the coverage; by default all movies"
            " that anybody likes",
        )
        parser.add_argument(
            "--favorites",
            default="all",
            help="how many favorites to fold in: numbers or `all` (the visible ones), separated by"
            " commas; users with 5 to 19 favorites always get a row of their own",
        )
        parser.add_argument(
            "--leave-last-out", action="store_true", help="hide only each user's last favorite"
        )
        parser.add_argument(
            "--folds",
            type=int,
            default=1,
            help="how many of the five folds to evaluate and pool (default: %(default)s)",
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="random seed (default: %(default)s)"
        )
        parser.add_argument(
            "--rows",
            type=int,
            default=ROWS_PER_MOVIE,
            help="average number of neighbours for each movie (default: %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
        parser.add_argument(
            "--train", type=Path, help="CSV of userId,movieId: the training part of your own split"
        )
        parser.add_argument(
            "--fold-in",
            type=Path,
            help="JSON lines of user and items: the users of --train's split",
        )
        parser.add_argument(
            "--export",
            type=Path,
            help="file to write each held-out user's 500 best movies to, as JSON lines",
        )

    def handle(self, *args: str, **parsed: Any) -> None:
        options = Options(**{field.name: parsed[field.name] for field in fields(Options)})
        check(options)
        try:
            if options.train and options.fold_in and options.export:
                self.export_only(options.train, options.fold_in, options.export, options.rows)
            elif options.ratings:
                self.compare(options.ratings, options)
        except datasets.BadFile as error:
            raise CommandError(str(error)) from None
        except interactions.TooLittleData as error:
            raise CommandError(f"There is too little data. {error}") from None

    def export_only(self, train: Path, fold_in: Path, export: Path, rows: int) -> None:
        """Train on one file, and export the lists of the users in another."""
        cases = exporting.read_cases(fold_in)
        matrix = interactions.build_matrix(datasets.read_pairs(train))
        model = served.train(matrix, rows)
        exporting.export([(model, cases)], export)
        self.stdout.write(f"Wrote {len(cases)} lists to {export}.")

    def compare(self, ratings: Path, options: Options) -> None:
        """Evaluate all models fold by fold, and report the pooled results."""
        seed, last = options.seed, options.leave_last_out
        favorites = splits.read_histories(ratings, needs_times=last)
        size = catalogue_size(favorites, options.movies)
        rows = {row: comparing.PooledLists() for row in rows_of(options.favorites)}
        constants, exported = [], []
        folds = splits.folds(favorites, options.folds, seed, last=last)
        for training, held_out in tqdm(
            folds, total=options.folds, unit="fold", disable=None, file=sys.stderr
        ):
            matrix = interactions.build_matrix(splits.interactions(training))
            model = served.train(matrix, options.rows)
            models, chosen = comparing.with_baselines(training, matrix, model, seed)
            constants.append(chosen)
            for row, pooled in rows.items():
                pooled.add(models, matrix.movie_ids, splits.cases(held_out, row, seed))
            exported.append((model, splits.cases(held_out, "all", seed)))
        if options.export:
            exporting.export(exported, options.export)
        summaries = {row: comparing.summarize(pooled, size, seed) for row, pooled in rows.items()}
        self.report(summaries, size, constants, as_json=options.json)

    def report(
        self,
        summaries: dict[str, comparing.Summary | None],
        size: int,
        constants: list[dict[str, int]],
        *,
        as_json: bool,
    ) -> None:
        """Print the results as JSON, or as tables."""
        if as_json:
            described = {"measured": MEASURED, "films": size, "baselines": constants}
            self.stdout.write(json.dumps({**described, "rows": summaries}, indent=2))
            return
        for row, summary in summaries.items():
            self.stdout.write(reports.table(row, summary))
        self.stdout.write(f"Constants of the baselines, for each fold: {constants}")
        self.stdout.write(MEASURED)


def check(options: Options) -> None:
    """Raise CommandError if the options are out of range or contradict each other."""
    if bool(options.train) != bool(options.fold_in):
        raise CommandError("--train and --fold-in require each other.")
    if bool(options.train) == bool(options.ratings):
        raise CommandError("Pass either --ratings, or --train and --fold-in.")
    if options.train and not options.export:
        raise CommandError("--train requires --export.")
    if not 1 <= options.folds <= splits.FOLDS:
        raise CommandError(f"--folds must be from 1 to {splits.FOLDS}.")
    if options.rows < 1:
        raise CommandError("--rows must be at least 1.")
    if options.seed < 0:
        raise CommandError("--seed must not be negative.")
    rows_of(options.favorites)


def rows_of(favorites: str) -> list[str]:
    """Return the rows that --favorites asks for, and the row of light users."""
    rows = favorites.split(",")
    for row in rows:
        if row not in splits.ALL_VISIBLE_ROWS and not (row.isdecimal() and int(row) > 0):
            raise CommandError(f"--favorites: {row!r} is neither `all` nor a positive number.")
    return list(dict.fromkeys([*rows, "light"]))


def catalogue_size(favorites: splits.Histories, movies: Path | None) -> int:
    """Return the number of movies in a file, or by default of all that anybody likes."""
    if movies:
        return len(datasets.read_movie_ids(movies))
    return len({movie_id for of_user in favorites.values() for movie_id in of_user.tolist()})

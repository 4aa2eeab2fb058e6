"""Measure how good the recommendations' item-item model is, on a public set of ratings."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from users.recommendations.evaluation import comparing, exporting, reports, served, splits
from users.recommendations.learning import datasets, interactions
from users.recommendations.learning.rows import ROWS

MEASURED = (
    "Measured is the item-item part as it is served: kept rows as whole numbers, scalars and"
    " weights, candidates a neighbour leads to or of the largest b. Not measured is what a real"
    " answer to few favorites fuses in, and any answer is filled up with: TMDb's lists, content,"
    " trending. 95 % intervals, bootstrap over users."
)


class Command(BaseCommand):
    help = (
        "Measures the item-item model on ratings in MovieLens format, beside popularity, cosine"
        " item-kNN and EASE^R; the database is not touched. Ratings of 4 stars and more are"
        " favorites; a fifth of the users is held out, four fifths of their favorites are folded"
        " in and the rest is to be found. With --train and --fold-in the split is given, and the"
        " ranked lists are only exported."
    )

    def add_arguments(self, parser):
        parser.add_argument("--ratings", type=Path, help="ratings.csv or ratings.dat")
        parser.add_argument(
            "--movies", type=Path, help="movies.csv or movies.dat: what coverage is a part of"
        )
        parser.add_argument(
            "--favorites",
            default="all",
            help="how many are folded in: numbers and all (visible ones), with commas between;"
            " users with 5 to 19 in all get a row of their own",
        )
        parser.add_argument(
            "--leave-last-out", action="store_true", help="hide each user's last favorite alone"
        )
        parser.add_argument("--folds", type=int, default=1, help="of five, pooled")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--rows", type=int, default=ROWS, help="neighbours a film, on average")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument("--train", type=Path, help="CSV of userId,movieId: a split of yours")
        parser.add_argument("--fold-in", type=Path, help="JSON lines of user and items, for it")
        parser.add_argument(
            "--export", type=Path, help="write each held-out user's 500 best films, JSON lines"
        )

    def handle(self, *args, **options):
        check(options)
        try:
            if options["train"]:
                self.export_only(options)
            else:
                self.compare(options)
        except datasets.BadFile as error:
            raise CommandError(str(error)) from None
        except interactions.TooLittle as error:
            raise CommandError(f"There is too little to learn from: {error}") from None

    def export_only(self, options: dict) -> None:
        cases = exporting.fold_in(options["fold_in"])
        learnt = interactions.matrix(datasets.pairs(options["train"]))
        model = served.train(learnt, options["rows"])
        exporting.export([(model, cases)], options["export"])
        self.stdout.write(f"{len(cases)} lists are in {options['export']}.")

    def compare(self, options: dict) -> None:
        seed, last = options["seed"], options["leave_last_out"]
        favorites = splits.histories(options["ratings"], in_order=last)
        films = catalogue(favorites, options["movies"])
        rows = {row: comparing.Pooled() for row in rows_of(options["favorites"])}
        constants, exported = [], []
        folds = splits.folds(favorites, options["folds"], seed, last=last)
        for inside, held_out in tqdm(
            folds, total=options["folds"], unit="fold", disable=None, file=sys.stderr
        ):
            learnt = interactions.matrix(splits.interactions(inside))
            model = served.train(learnt, options["rows"])
            models, chosen = comparing.with_baselines(inside, learnt, model, seed)
            constants.append(chosen)
            for row, pooled in rows.items():
                pooled.add(models, learnt.films, splits.cases(held_out, row, seed))
            exported.append((model, splits.cases(held_out, "all", seed)))
        if options["export"]:
            exporting.export(exported, options["export"])
        self.report(rows, films, constants, options)

    def report(self, rows: dict, films: int, constants: list[dict], options: dict) -> None:
        summaries = {
            row: comparing.summary(pooled, films, options["seed"]) for row, pooled in rows.items()
        }
        if options["json"]:
            described = {"measured": MEASURED, "films": films, "baselines": constants}
            self.stdout.write(json.dumps({**described, "rows": summaries}, indent=2))
            return
        for row, summary in summaries.items():
            self.stdout.write(reports.table(row, summary))
        self.stdout.write(f"Baselines' constants, a fold each: {constants}")
        self.stdout.write(MEASURED)


def check(options: dict) -> None:
    if bool(options["train"]) != bool(options["fold_in"]):
        raise CommandError("--train and --fold-in go together.")
    if bool(options["train"]) == bool(options["ratings"]):
        raise CommandError("Give either --ratings, or --train and --fold-in.")
    if options["train"] and not options["export"]:
        raise CommandError("--train needs --export.")
    if not 1 <= options["folds"] <= splits.PARTS:
        raise CommandError(f"--folds is a number from 1 to {splits.PARTS}.")
    if options["rows"] < 1 or options["seed"] < 0:
        raise CommandError("--rows is a number from 1 on, --seed one from 0 on.")
    rows_of(options["favorites"])


def rows_of(favorites: str) -> list[str]:
    rows = favorites.split(",")
    for row in rows:
        if row not in splits.WHOLE and not (row.isdecimal() and int(row) > 0):
            raise CommandError(f"--favorites: {row!r} is no number from 1 on, nor all.")
    return list(dict.fromkeys([*rows, "light"]))


def catalogue(favorites: splits.Histories, movies: Path | None) -> int:
    """Return how many films there are: those of `movies`, or those that anybody likes."""
    if movies:
        return len(datasets.film_ids(movies))
    return len({film for films in favorites.values() for film in films.tolist()})

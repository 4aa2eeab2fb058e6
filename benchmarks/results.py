"""Write the figures of a run into RESULTS.md, and plot them.

Each part replaces its own section, so that parts can be measured again alone.
"""

import platform
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot

from .throughput import CONNECTIONS, RATIOS, Contender, ratio

FOLDER = Path(__file__).parent
FILE = FOLDER / "RESULTS.md"
TITLE = """# Results

Written by `bin/benchmark`. Compare figures of the same section only: all of them come from one run.
"""
WHAT = {
    "bare": "a WSGI application that sends the document and nothing else",
    "hot": "the site: a copy in front of Django",
    "gzipped": "the same, gzipped",
    "304": "the same, not modified",
    "from Redis": "the site with `HOT_COPY_SECONDS=0`: a look at Redis each time",
    "through Django": "the site: a query that was never sent before",
    "view, ours": "a Django view that sends the document, behind the site's middleware (B)",
    "view, default": "the same behind Django's default middleware (D)",
    "cache_page": "a DRF view under `cache_page`, behind Django's default middleware",
    "cached object": "a DRF view that renders a cached object, behind the same",
    "favorites": "the site: page 1 of a user's favorites, 20 entries, from PostgreSQL",
    "favorites by hand": "a DRF view with the same queries and no serializer, in the site",
    "granian: hot": "the site on granian: a copy in front of Django",
    "granian: through Django": "the site on granian: a query that was never sent before",
    "granian: favorites": "the site on granian: page 1 of favorites",
}


class Row(Protocol):
    """What the benchmarks of growth return; `limit` is the most that `ratio` should be."""

    name: str
    small_ms: float
    big_ms: float
    ratio: float
    limit: float | None


class Measurement(Protocol):
    """What the benchmark of recommendations returns."""

    name: str
    ms: float
    baseline_ms: float
    ratio: float
    limit: float | None


def write_throughput(found: list[Contender], upstream: int, memory: float) -> None:
    rounds, by_name = len(found[0].rounds), {each.name: each for each in found}
    lines = [
        f"Medians of {rounds} interleaved rounds with wrk, {CONNECTIONS} connections, one gthread"
        " worker with 8 threads on one core, the load and all other servers on another.",
        "",
        *table(
            ("contender", "what it is", "requests/s", "p50 ms", "p95 ms", "p99 ms"),
            (
                (each.name, WHAT[each.name], f"{each.median('per_second'):,.0f}")
                + tuple(f"{each.median(name):.2f}" for name in ("p50", "p95", "p99"))
                for each in found
            ),
        ),
        "",
        "![Requests per second](throughput.svg)",
        "",
        *table(
            ("ratio", "measured", "wanted"),
            [
                (each.name, f"{ratio(found, each):.2f}", f"at least {each.at_least:g}")
                for each in RATIOS
            ]
            + [
                ("p99 ÷ p50, hot", f"{tail(by_name['hot']):.1f}", "at most 5"),
                ("requests to TMDb for 1,000 concurrent cold ones", str(upstream), "1"),
                ("private memory of a web worker, MB", f"{memory:.0f}", "at most 60"),
            ],
        ),
    ]
    plot_throughput(found)
    write_section("Throughput", lines)


def tail(each: Contender) -> float:
    return each.median("p99") / each.median("p50")


def write_growth(rows: list[Row], small: dict[str, int], big: dict[str, int]) -> None:
    lines = [
        f"Median milliseconds of whole requests on a site of {sizes(small)}, and on one of"
        f" {sizes(big)}. In rows with ÷, the first time is that of the request after the ÷, on the"
        " big site.",
        "",
        *growth_table(rows),
        "",
        "![Growth](growth.svg)",
    ]
    plot_growth(rows)
    write_section("Growth", lines)


def write_recommendations(found: list[Measurement]) -> None:
    lines = [
        "Median milliseconds of whole requests on a site of 200,000 users and 100,000 movies, and"
        " their ratio to page 1 of the same user's favorites. In the last row, the ratio is to the"
        " same request on a site of 5,000 movies.",
        "",
        *table(
            ("request", "ms", "compared with, ms", "ratio", "wanted"),
            (
                (
                    each.name,
                    f"{each.ms:.1f}",
                    f"{each.baseline_ms:.1f}",
                    f"{each.ratio:.2f}",
                    "" if each.limit is None else f"at most {each.limit:g}",
                )
                for each in found
            ),
        ),
    ]
    write_section("Recommendations", lines)


def growth_table(rows: Iterable[Row]) -> list[str]:
    return table(
        ("request", "first ms", "second ms", "ratio", "wanted"),
        (
            (
                row.name,
                f"{row.small_ms:.1f}",
                f"{row.big_ms:.1f}",
                f"{row.ratio:.2f}",
                "" if row.limit is None else f"at most {row.limit:g}",
            )
            for row in rows
        ),
    )


def sizes(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def write_section(title: str, lines: list[str]) -> None:
    """Write a section with the date and the machine, in place of the one of the same title."""
    text = FILE.read_text() if FILE.exists() else TITLE
    body = "\n".join([f"## {title}", "", about_the_machine(), "", *lines, ""])
    section = re.compile(rf"^## {title}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if section.search(text):
        text = section.sub(lambda match: body + "\n", text)
    else:
        text += "\n" + body
    FILE.write_text(text.rstrip() + "\n")


def about_the_machine() -> str:
    model = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    kilobytes = re.search(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    assert kilobytes
    cores = len(re.findall(r"^processor\s*:", Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    redis = subprocess.run(["redis-server", "--version"], capture_output=True, text=True).stdout
    names = ("Django", "djangorestframework", "gunicorn", "granian", "redis", "psycopg2-binary")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {model[1] if model else platform.machine()}, {cores} cores,"
        f" {int(kilobytes[1]) // 1024**2} GB, Python {platform.python_version()},"
        f" Redis {redis.split('v=')[1].split()[0]}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
        + "."
    )


def plot_throughput(found: list[Contender]) -> None:
    figure, axes = pyplot.subplots(figsize=(9, 5), layout="constrained")
    names = [each.name for each in found][::-1]
    bars = axes.barh(names, [each.median("per_second") for each in found][::-1], color="#3a6ea5")
    axes.bar_label(bars, fmt="{:,.0f}", padding=3, fontsize=8)
    axes.set_xlabel("requests per second on one core")
    save(figure, "throughput.svg")


def plot_growth(rows: list[Row]) -> None:
    figure, axes = pyplot.subplots(figsize=(9, 0.2 * len(rows) + 1), layout="constrained")
    names = [row.name for row in rows][::-1]
    for label, color, name in (("before", "#9ab", "small_ms"), ("after", "#c43", "big_ms")):
        axes.scatter([getattr(row, name) for row in rows][::-1], names, color=color, label=label)
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds")
    axes.tick_params(axis="y", labelsize=7)
    axes.legend()
    save(figure, "growth.svg")


def save(figure: pyplot.Figure, name: str) -> None:
    matplotlib.rcParams["svg.hashsalt"] = "benchmarks"
    figure.savefig(FOLDER / name, metadata={"Date": None})
    pyplot.close(figure)

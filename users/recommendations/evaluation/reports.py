"""Format a comparison as text."""

from . import metrics
from .comparing import SERVED, Summary
from .metrics import Interval

NAMES = [*metrics.METRICS, metrics.COVERAGE]


def table(row: str, summary: Summary | None) -> str:
    """Return the lines for one row of the comparison: each model, then the differences."""
    title = title_of(row)
    if summary is None:
        return f"{title}: no users.\n"
    lines = [f"{title}, {summary['users']} users", line("", NAMES)]
    for name, values in summary["models"].items():
        lines.append(line(f"  {name}", [share(values[metric]) for metric in NAMES]))
    for name, values in summary["differences"].items():
        cells = [percent(values[metric]) if metric in values else "" for metric in NAMES]
        lines.append(line(f"  {SERVED} over {name}", cells))
    return "\n".join(lines) + "\n"


def title_of(row: str) -> str:
    if row == "all":
        return "All visible favorites"
    if row == "light":
        return "Light users, all visible favorites"
    return f"{row} favorite{'' if row == '1' else 's'}"


def line(name: str, cells: list[str]) -> str:
    return f"{name:26}" + "".join(f"{cell:>26}" for cell in cells)


def share(value: Interval) -> str:
    return f"{value['value']:.4f} [{value['low']:.4f}, {value['high']:.4f}]"


def percent(value: Interval) -> str:
    return f"{value['value']:+.1%} [{value['low']:+.1%}, {value['high']:+.1%}]"

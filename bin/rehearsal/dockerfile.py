"""Read the Dockerfile and .dockerignore as Docker would. Supports only what these files use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    name: str
    rest: str


def instructions(path: Path) -> Iterator[Instruction]:
    """Yield the instructions, without comments and with continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield Instruction(name.upper(), rest.strip())


def copied(context: Path, source: str) -> Iterator[Path]:
    """Yield the files that `COPY source` would copy, relative to `context`."""
    ignored = patterns(context / ".dockerignore")
    base = context / source
    for path in sorted(base.rglob("*")) if base.is_dir() else [base]:
        name = path.relative_to(context)
        # If a folder is ignored, everything in it is ignored too.
        places = [name, *name.parents]
        if path.is_file() and not any(ignored.fullmatch(place.as_posix()) for place in places):
            yield name


def patterns(path: Path) -> re.Pattern:
    """Return one regular expression for all lines of a .dockerignore without exceptions (`!`)."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line.strip("/") for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(expression(line) for line in lines))


def expression(pattern: str) -> str:
    """Convert a pattern to a regular expression: `*` excludes slashes, `**/` is any path."""
    if pattern.startswith("!"):
        raise ValueError("Exceptions (!) in .dockerignore are not supported.")
    parts = re.split(r"(\*\*/|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts)

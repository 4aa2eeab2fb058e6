"""Read a Dockerfile and a .dockerignore as Docker would, as far as ours go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    name: str
    rest: str


def instructions(path: Path) -> Iterator[Instruction]:
    """Yield the instructions, each on one line, without comments."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield Instruction(name.upper(), rest.strip())


def copied(context: Path, source: str) -> Iterator[Path]:
    """Yield the files, relative to `context`, that `COPY source` would copy."""
    ignored = patterns(context / ".dockerignore")
    base = context / source
    for path in sorted(base.rglob("*")) if base.is_dir() else [base]:
        name = path.relative_to(context)
        # A folder that is left out leaves out what is in it.
        places = [name, *name.parents]
        if path.is_file() and not any(ignored.fullmatch(place.as_posix()) for place in places):
            yield name


def patterns(path: Path) -> re.Pattern:
    """Return one expression for all lines of a .dockerignore, which has no exceptions (`!`)."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    lines = [line.strip("/") for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(expression(line) for line in lines))


def expression(pattern: str) -> str:
    """Turn a pattern into a regular expression: `*` stops at slashes, `**/` is any folders."""
    if pattern.startswith("!"):
        raise ValueError("Exceptions in .dockerignore are not read here.")
    parts = re.split(r"(\*\*/|\*|\?)", pattern)
    meaning = {"**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return "".join(meaning.get(part, re.escape(part)) for part in parts)

"""The diagram of docs/ARCHITECTURE.md shows what the code imports."""

import re

import grimp
import pytest
from django.conf import settings

# Nothing here depends on the database that the suite runs on.
pytestmark = pytest.mark.once

PAGE = (settings.BASE_DIR / "docs/ARCHITECTURE.md").read_text("utf-8")
BOXES = {
    name: label.split("<br>") for name, label in re.findall(r'^ +(\w+)\["(.+)"\]$', PAGE, re.M)
}
ARROWS = set(re.findall(r"^ +(\w+) --> (\w+)$", PAGE, re.M))
NOT_DRAWN = re.compile(r"\.(tests|migrations)(\.|$)")


def box_of(module: str) -> str | None:
    """Return the box that names a module, or the nearest package that it lies in."""
    if NOT_DRAWN.search(module):
        return None
    while module:
        for box, modules in BOXES.items():
            if module in modules:
                return box
        module = module.rpartition(".")[0]
    return None


def imports() -> set[tuple[str, str]]:
    graph = grimp.build_graph("movie_recommendation_backend", "movies", "users")
    found = {
        (box_of(importer), box_of(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    return {(a, b) for a, b in found if a and b and a != b}


def follows(arrows: set[tuple[str, str]], arrow: tuple[str, str]) -> bool:
    """Say whether the other arrows lead from where this one begins to where it ends."""
    start, end = arrow
    reached, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        for a, b in arrows - {arrow}:
            if a == here and b not in reached:
                reached.add(b)
                waiting.append(b)
    return end in reached


def test_the_arrows_are_the_imports():
    real = imports()
    assert not [(a, b) for a, b in real if (b, a) in real]
    assert {arrow for arrow in real if not follows(real, arrow)} == ARROWS


def test_every_module_that_is_named_exists():
    graph = grimp.build_graph("movie_recommendation_backend", "movies", "users")
    named = {module for modules in BOXES.values() for module in modules}
    assert len(named) > 20
    assert named <= graph.modules
    mentioned = re.findall(r"`((?:movies|users)\.[a-z_.]+)`", PAGE)
    attributes = {"users.lists.kinds.LISTS"}
    assert set(mentioned) - attributes <= graph.modules

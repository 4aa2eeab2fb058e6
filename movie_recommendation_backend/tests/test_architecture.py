"""docs/ARCHITECTURE.md agrees with the import contracts, and names only what exists."""

import re
import tomllib

import grimp
import pytest
from django.conf import settings

# Nothing here depends on the database that the suite runs on.
pytestmark = pytest.mark.once

PAGE = (settings.BASE_DIR / "docs/ARCHITECTURE.md").read_text("utf-8")
PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]


def test_the_diagram_shows_the_layers_of_the_catalogue():
    [contract] = [each for each in CONTRACTS if each.get("containers") == ["movies"]]
    layers = [set(re.split(r" [:|] ", layer)) - {"urls"} for layer in contract["layers"]]
    boxes = [
        set(re.findall(r"movies\.(\w+)", label))
        for label in re.findall(r'^ +\w+\["(movies\..+)"\]$', PAGE, re.MULTILINE)
    ]
    assert boxes == [layer for layer in layers if layer]
    # From top to bottom.
    [path] = re.findall(r"^ +recommendations --> (.+)$", PAGE, re.MULTILINE)
    assert (
        path
        == "users --> api --> catalogue --> middle --> questions --> question --> base --> ground"
    )


def test_every_module_that_is_named_exists():
    graph = grimp.build_graph("movie_recommendation_backend", "movies", "users")
    mentioned = set(re.findall(r"`((?:movies|users|movie_recommendation_backend)[.\w]+)`", PAGE))
    for module in mentioned - graph.modules:
        # A name in a module.
        assert module.rpartition(".")[0] in graph.modules, module
    assert len(mentioned) > 15


def test_every_path_that_is_named_exists():
    for path in re.findall(r"`((?:movies|users|movie_recommendation_backend)/[\w/.]*)`", PAGE):
        assert (settings.BASE_DIR / path).exists(), path

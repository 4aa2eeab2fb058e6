"""A TypeScript client generated from the schema compiles in strict mode and works.

swagger-typescript-api makes the client, tsc checks it with a small program, node runs both
against a served site.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from conftest import missing
from movie_recommendation_backend.tests.serving import served

# Nothing here depends on the database that the suite runs on.
pytestmark = [pytest.mark.once, pytest.mark.slow]

PROGRAM = Path(__file__).with_name("typescript")


def run(command: str, *arguments: str, folder: Path) -> str:
    finished = subprocess.run(
        [command, *arguments], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture
def client_program(tmp_path) -> Path:
    """A folder with the program and the generated client."""
    if not (shutil.which("npm") and shutil.which("node")):
        missing("Node.js with npm")
    if not (PROGRAM / "node_modules").is_dir():
        run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", folder=PROGRAM)
    folder = tmp_path / "program"
    folder.mkdir()
    for name in ("main.ts", "tsconfig.json", "package.json"):
        shutil.copy(PROGRAM / name, folder)
    (folder / "node_modules").symlink_to(PROGRAM / "node_modules")
    generate = ["swagger-typescript-api", "generate", "--silent", "-r", "--enum-style=union"]
    schema = str(settings.BASE_DIR / "docs/schema.json")
    run("npx", *generate, "-p", schema, "-o", ".", "-n", "api.ts", folder=folder)
    # This comment would disable type checking.
    client = (folder / "api.ts").read_text("utf-8")
    assert "// @ts-nocheck" in client
    (folder / "api.ts").write_text(client.replace("// @ts-nocheck", ""), "utf-8")
    return folder


def test_it_compiles_strictly_and_calls_every_operation(client_program, tmp_path):
    run("npx", "tsc", folder=client_program)
    with served(tmp_path) as site:
        called = json.loads(run("node", "built/main.js", site.url, folder=client_program))
    description = json.loads((settings.BASE_DIR / "docs/schema.json").read_text("utf-8"))
    operations = {
        re.sub(r"_(\w)", lambda match: match[1].upper(), operation["operationId"])
        for path in description["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }
    assert set(called) == operations

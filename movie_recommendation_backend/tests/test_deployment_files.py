"""The deployment files are consistent with each other and with the code."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER
from rehearsal.dockerfile import copied, instructions

# Nothing here depends on the database that the suite runs on.
pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
RENDER = yaml.safe_load((ROOT / "render.yaml").read_text())
RENDERED = {service["name"]: service for service in RENDER["services"]}
VARIABLES = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
# Services that end by themselves, without a health check or restarts.
ONE_SHOT = {"migrate"}


def complaints(name: str, *arguments: str) -> str:
    """Return a checker's output if it fails, else an empty string."""
    path = Path(sys.executable).parent / name
    finished = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True)
    return finished.stdout + finished.stderr if finished.returncode else ""


@pytest.fixture(scope="module")
def gunicorn():
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


def test_the_dockerfile_passes_hadolint():
    assert complaints("hadolint", "Dockerfile") == ""


def test_the_compose_file_matches_the_compose_specification():
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert complaints("check-jsonschema", *schema, "docker-compose.yml") == ""


def test_one_python_everywhere():
    bases = [step.rest for step in instructions(ROOT / "Dockerfile") if step.name == "FROM"]
    versions = {re.match(r"python:(\d+\.\d+)-slim\b", base)[1] for base in bases}
    versions.add((ROOT / ".python-version").read_text().strip())
    versions.add((ROOT / "runtime.txt").read_text().strip().removeprefix("python-"))
    assert versions == {"{}.{}".format(*sys.version_info)}


def test_the_image_runs_without_root_and_without_a_shell():
    *_, final = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    assert re.search(r'^USER \d+$(?s:.*)^CMD \["gunicorn"\]$', final, re.MULTILINE)


@pytest.mark.parametrize("name", COMPOSE)
def test_every_service_has_a_health_check_and_restarts(name):
    service = COMPOSE[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        return
    assert service["restart"] == "unless-stopped"
    # The check of `web` is in the image; compose only sets its timing. `worker` has no port.
    assert "test" in service["healthcheck"] or name in ("web", "worker")


def test_services_wait_for_their_dependencies():
    for name in ("web", "worker", "clock"):
        needs = COMPOSE[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert {needs[other]["condition"] for other in ("database", "cache")} == {"service_healthy"}


def test_workers_may_finish_before_they_are_killed(gunicorn):
    grace = int(COMPOSE["web"]["stop_grace_period"].removesuffix("s"))
    longest = gunicorn["graceful_timeout"]
    assert longest < min(grace, RENDERED["movies"]["maxShutdownDelaySeconds"])
    # The limit of Heroku and Railway.
    assert longest < 30


def test_proxies_close_idle_connections_before_gunicorn_does(gunicorn):
    idle = re.search(r"keepalive_timeout (\d+)s;", (ROOT / "docs/nginx.conf").read_text())
    assert int(idle[1]) < STOP_KEEPALIVE_LINGER
    # Heroku's router keeps idle connections for 90 seconds.
    assert gunicorn["keepalive"] > 90


def test_every_platform_runs_bin_clock():
    procfile = (ROOT / "Procfile").read_text()
    assert re.search(r"^clock: .*exec python bin/clock$", procfile, re.MULTILINE)
    assert COMPOSE["clock"]["command"] == ["python", "bin/clock"]
    assert RENDERED["movies-clock"]["dockerCommand"] == "python bin/clock"


def test_the_worker_is_started_everywhere():
    procfile = (ROOT / "Procfile").read_text()
    assert re.search(r"^worker: .*exec python bin/worker$", procfile, re.MULTILINE)
    assert COMPOSE["worker"]["command"] == ["python", "bin/worker"]
    assert RENDERED["movies-worker"]["dockerCommand"] == "python bin/worker"
    mail = {"EMAIL_URL", "DEFAULT_FROM_EMAIL", "FRONTEND_URL"}
    assert mail <= {variable["key"] for variable in RENDERED["movies-worker"]["envVars"]}


def test_they_only_set_documented_variables():
    for service in (COMPOSE["web"], COMPOSE["worker"], COMPOSE["clock"], COMPOSE["migrate"]):
        assert set(service["environment"]) <= VARIABLES
    for name in ("movies", "movies-worker", "movies-clock"):
        keys = {variable["key"] for variable in RENDERED[name]["envVars"]}
        assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"} <= keys <= VARIABLES


def test_references_in_render_yaml_resolve():
    web = {variable["key"] for variable in RENDERED["movies"]["envVars"]}
    databases = {database["name"] for database in RENDER["databases"]}
    for name in ("movies", "movies-worker", "movies-clock"):
        for variable in RENDERED[name]["envVars"]:
            if source := variable.get("fromService"):
                assert RENDERED[source["name"]]["type"] == source["type"]
                assert source.get("envVarKey", "REDIS_URL") in web
            if source := variable.get("fromDatabase"):
                assert source["name"] in databases


def test_secrets_and_leftovers_stay_out_of_the_image(tmp_path):
    for name in (
        *(".env.production", "movies/.env", "movies.dump", "dump.rdb", "venv/bin/python"),
        *(".env", ".secret_key", "db.sqlite3", "db.sqlite3-wal", ".git/config", ".venv/bin/python"),
        *("movies/tests/test_a.py", "movies/__pycache__/a.pyc", "staticfiles/a.js", "bin/rehearse"),
        *(
            "manage.py",
            "movies/models.py",
            "users/lists/views.py",
            "bin/clock",
            "bin/worker",
            "requirements.txt",
        ),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    shutil.copy(ROOT / ".dockerignore", tmp_path)
    assert {path.as_posix() for path in copied(tmp_path, ".")} == {
        *(".dockerignore", "manage.py", "movies/models.py", "users/lists/views.py"),
        *("bin/clock", "bin/worker", "requirements.txt"),
    }


@pytest.mark.parametrize(
    "dyno, url, expected",
    [
        ("web.1", "rediss://x:1", "rediss://x:1?ssl_cert_reqs=none"),
        ("web.1", "rediss://x:1/0?ssl_ca_certs=a", "rediss://x:1/0?ssl_ca_certs=a"),
        ("web.1", "redis://x:1", "redis://x:1"),
        ("", "rediss://x:1", "rediss://x:1"),
        ("web.1", "", ""),
    ],
)
def test_the_self_signed_certificate_of_herokus_redis_is_accepted(dyno, url, expected):
    script = '. bin/production.sh; echo "$REDIS_URL $DJANGO_SETTINGS_MODULE"'
    environment = {"PATH": "/usr/bin:/bin", "DYNO": dyno, "REDIS_URL": url}
    finished = subprocess.run(
        ["sh", "-euc", script], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    found, module = finished.stdout.rstrip("\n").rsplit(" ", 1)
    assert (found, module) == (expected, "movie_recommendation_backend.settings.production")

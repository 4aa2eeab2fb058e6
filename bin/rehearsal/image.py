"""Run the steps of the Dockerfile without Docker, start its command and run its health check.

NO IMAGE IS BUILT. This is for machines without a Docker engine. It shows that the steps work with
the files that Docker would copy, and that the server starts and responds. Each step is read from
the Dockerfile and run with this machine's Python, as the current user, in a temporary folder in
place of the image's root. The base image, users and ports are not rehearsed.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import free_port, say
from .dockerfile import Instruction, copied, instructions

ROOT = Path(__file__).resolve().parent.parent.parent
STARTED_WITHIN = 30  # seconds
# The environment variables of the container.
TOLD = {
    "SECRET_KEY": "only-for-this-rehearsal-0123456789-abcdefghijklmnopq",
    "ALLOWED_HOSTS": "127.0.0.1",
    "DATABASE_URL": "sqlite:///{root}/db.sqlite3",
    "TMDB_DEMO": "true",
}
# The pip configuration of this machine. PIP_QUIET keeps the list of packages out of the output.
PIP = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
PIP |= {"PIP_QUIET": "2"}


class Stage:
    """A folder in place of the file system of one stage, and the stage's variables."""

    def __init__(self, root: Path):
        self.root = root
        self.workdir = "/"
        # This machine's Python replaces that of the base image.
        python = Path(sys.base_prefix) / "bin"
        self.environment = {"PATH": f"{python}:/usr/bin:/bin"} | PIP
        self.check: list[str] = []
        self.command: list[str] = []
        root.mkdir()

    def inside(self, path: str) -> Path:
        """Return the location on this machine of a path in the image."""
        return self.root / os.path.join(self.workdir, path).lstrip("/")

    def mapped(self, text: str) -> str:
        """Prefix absolute paths of the image with this stage's folder."""
        return re.sub(r"(?<![\w./])/(opt|app|build)\b", rf"{self.root}/\1", text)

    def run(self, line: str) -> None:
        subprocess.run(
            ["sh", "-euc", self.mapped(line)],
            cwd=self.inside("."),
            env=self.environment,
            check=True,
        )

    def set(self, assignments: str) -> None:
        for assignment in shlex.split(assignments):
            name, _, value = assignment.partition("=")
            value = re.sub(r"\$(\w+)", lambda found: self.environment[found[1]], value)
            self.environment[name] = self.mapped(value)


def carry_out(step: Instruction, stages: dict[str, Stage], here: Path) -> None:
    """Run one step in the current stage."""
    if step.name == "FROM":
        name = step.rest.split()[-1] if " AS " in step.rest else "final"
        stages[name] = Stage(here / name)
        return
    stage = list(stages.values())[-1]
    if step.name == "ENV":
        stage.set(step.rest)
    elif step.name == "WORKDIR":
        stage.workdir = step.rest
        stage.inside(".").mkdir(parents=True, exist_ok=True)
    elif step.name == "COPY":
        copy(step, stage, stages)
    elif step.name == "RUN" and step.rest.startswith("useradd "):
        say("   (skipped: it would change this machine)")
    elif step.name == "RUN":
        stage.run(step.rest)
    elif step.name == "HEALTHCHECK":
        stage.check = json.loads(step.rest.partition("CMD ")[2])
    elif step.name == "CMD":
        stage.command = json.loads(step.rest)
    elif step.name in ("USER", "EXPOSE"):
        say("   (skipped)")
    else:
        sys.exit(f"{step.name} is not supported: add it to bin/rehearsal/image.py.")


def copy(step: Instruction, stage: Stage, stages: dict[str, Stage]) -> None:
    source, target = step.rest.split()[-2:]
    if step.rest.startswith("--from="):
        origin = stages[step.rest.split()[0].removeprefix("--from=")]
        shutil.copytree(origin.inside(source), stage.inside(target), symlinks=True)
        # Installed scripts contain the path of the other stage's folder. In an image, the path
        # would be the same in both stages.
        for script in stage.inside(target).glob("bin/*"):
            if script.is_file() and not script.is_symlink():
                text = script.read_bytes()
                script.write_bytes(text.replace(bytes(origin.root), bytes(stage.root)))
        return
    files = list(copied(ROOT, source))
    for name in files:
        place = stage.inside(target) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place)
    say(f"   {len(files)} files")


def started_and_checked(stage: Stage) -> float:
    """Start the command and return the seconds until the health check passed."""
    told = {name: value.format(root=stage.root) for name, value in TOLD.items()}
    environment = stage.environment | told | {"PORT": str(free_port())}
    run = {"cwd": stage.inside("."), "env": environment}
    begun = time.monotonic()
    # Popen looks up a command in the PATH of this process. env looks it up in that of the image.
    command = ["env", *stage.command]
    with subprocess.Popen(command, **run) as server:
        try:
            while time.monotonic() - begun < STARTED_WITHIN and server.poll() is None:
                checked = subprocess.run(["env", *stage.check], **run, capture_output=True)
                if checked.returncode == 0:
                    return time.monotonic() - begun
                time.sleep(0.2)
            sys.exit("The health check did not pass.")
        finally:
            server.terminate()


def main() -> None:
    argparse.ArgumentParser(
        prog="bin/rehearse-image", description=__doc__.splitlines()[0]
    ).parse_args()
    say("NO IMAGE IS BUILT. The steps of the Dockerfile are run on this machine.")
    with tempfile.TemporaryDirectory(prefix="rehearse-image-") as folder:
        stages: dict[str, Stage] = {}
        for step in instructions(ROOT / "Dockerfile"):
            say(f"{step.name} {step.rest}")
            carry_out(step, stages, Path(folder))
        seconds = started_and_checked(list(stages.values())[-1])
    say(f"The server was started, and its health check passed after {seconds:.1f} s.")


if __name__ == "__main__":
    main()

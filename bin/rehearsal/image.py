"""Carry out the Dockerfile's steps without Docker, then start what it starts and ask its check.

NO IMAGE IS BUILT. Where no Docker engine runs, this shows that the steps work from what Docker
would copy, and that the result starts and answers. Each step is read from the Dockerfile and run
on this machine's own Python, as this user, in a temporary folder that stands for the image's
root: what `FROM` brings, users and ports are not rehearsed.
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
# What a container is told by whoever starts it.
TOLD = {
    "SECRET_KEY": "only-for-this-rehearsal-0123456789-abcdefghijklmnopq",
    "ALLOWED_HOSTS": "127.0.0.1",
    "DATABASE_URL": "sqlite:///{root}/db.sqlite3",
    "TMDB_DEMO": "true",
}
# Where this machine's pip finds packages, and no list of them in the output.
PIP = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
PIP |= {"PIP_QUIET": "2"}


class Stage:
    """A folder that stands for the file system of one stage, with its variables."""

    def __init__(self, root: Path):
        self.root = root
        self.workdir = "/"
        # This machine's Python stands for the one that FROM brings.
        python = Path(sys.base_prefix) / "bin"
        self.environment = {"PATH": f"{python}:/usr/bin:/bin"} | PIP
        self.check: list[str] = []
        self.command: list[str] = []
        root.mkdir()

    def inside(self, path: str) -> Path:
        """Return where a path of the image is on this machine."""
        return self.root / os.path.join(self.workdir, path).lstrip("/")

    def mapped(self, text: str) -> str:
        """Put this stage's folder before the image's own absolute paths."""
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
    """Carry out one step in the latest stage."""
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
        say("   (not rehearsed: it would change this machine)")
    elif step.name == "RUN":
        stage.run(step.rest)
    elif step.name == "HEALTHCHECK":
        stage.check = json.loads(step.rest.partition("CMD ")[2])
    elif step.name == "CMD":
        stage.command = json.loads(step.rest)
    elif step.name in ("USER", "EXPOSE"):
        say("   (not rehearsed)")
    else:
        sys.exit(f"{step.name} is not known here: add it to bin/rehearsal/image.py.")


def copy(step: Instruction, stage: Stage, stages: dict[str, Stage]) -> None:
    source, target = step.rest.split()[-2:]
    if step.rest.startswith("--from="):
        origin = stages[step.rest.split()[0].removeprefix("--from=")]
        shutil.copytree(origin.inside(source), stage.inside(target), symlinks=True)
        # Its scripts name the folder that they were installed in, as they would not in an image.
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
    """Start the command; return the seconds until the health check passed."""
    told = {name: value.format(root=stage.root) for name, value in TOLD.items()}
    environment = stage.environment | told | {"PORT": str(free_port())}
    run = {"cwd": stage.inside("."), "env": environment}
    begun = time.monotonic()
    # A name is looked up in the PATH of who starts it: here that is not the image's.
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
    say("NO IMAGE IS BUILT: the Dockerfile's steps, carried out on this machine.")
    with tempfile.TemporaryDirectory(prefix="rehearse-image-") as folder:
        stages: dict[str, Stage] = {}
        for step in instructions(ROOT / "Dockerfile"):
            say(f"{step.name} {step.rest}")
            carry_out(step, stages, Path(folder))
        seconds = started_and_checked(list(stages.values())[-1])
    say(f"The command was started and its health check passed after {seconds:.1f} s.")


if __name__ == "__main__":
    main()

"""Find the processes of a rehearsal by an environment variable that they inherit (Linux only)."""

import os
import re
from pathlib import Path

MARK = "REHEARSAL"


def marked(mark: str) -> dict[int, str]:
    """Return the command lines, by process id, of processes whose environment has MARK=`mark`."""
    wanted = f"{MARK}={mark}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if line:  # a zombie process has no command line
                    found[int(folder.name)] = line.strip()
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    found.pop(os.getpid(), None)
    return found


def gunicorn(mark: str) -> tuple[int, list[int]]:
    """Return the process id of the gunicorn master and those of its workers."""
    pids = [pid for pid, line in marked(mark).items() if re.search(r"/gunicorn\b", line)]
    parents = {pid: parent(pid) for pid in pids}
    (master,) = [pid for pid in pids if parents[pid] not in pids]
    return master, [pid for pid in pids if parents[pid] == master]


def parent(pid: int) -> int:
    try:
        return int(re.search(r"PPid:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def memory(pid: int) -> dict[str, int]:
    """Return the memory of a process in megabytes: its resident and its proportional set size."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {
        name: round(int(re.search(rf"^{name}:\s*(\d+)", text, re.MULTILINE)[1]) / 1024)
        for name in ("Rss", "Pss")
    }

"""Running a program of Windows under Wine, for builds and tests on a machine that has no Windows."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=;mshtml="}
PYTHON = "WINDOWS_PYTHON_FOR_BUILDS"
"""Names a python.exe with PyInstaller, pytest and our parts; where it does not, one is made in ``.windows-build``."""

OUT_OF_TIME = 124
"""The exit code of what was ended because it took too long."""


def windows_python() -> Path:
    """The Windows Python, made where nobody names one."""
    if named := os.environ.get(PYTHON, ""):
        return Path(named)
    make = ["sh", ROOT / "tests" / "desktop" / "windows_python.sh", ROOT / ".windows-build", "all"]
    return Path(subprocess.run(make, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def environment(python: Path, **variables: str) -> dict[str, str]:
    """The variables that a program in the prefix of ``python`` runs with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GAMEDETECTD_")}
    prefix = os.environ.get("WINEPREFIX", str(python.parents[2] / "prefix"))
    return {**kept, **QUIET, "WINEPREFIX": prefix, **variables}


def run(command: Sequence[str | Path], variables: dict[str, str], seconds: float | None = None) -> int:
    """Run a program and print what it says; its exit code, ``OUT_OF_TIME`` after so many seconds.

    Through a pipe, since under Wine nothing starts with a plain file for its output, and not to the pipe's end, since
    Wine's own services, which it may have started, hold that open.
    """
    reading, writing = os.pipe()
    running = subprocess.Popen(
        ["wine", *command], cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing
    )
    os.close(writing)
    until = time.monotonic() + (seconds or float("inf"))
    while time.monotonic() < until:
        if select.select([reading], [], [], 0.5)[0]:
            said = os.read(reading, 65536)
            if not said:
                break
            sys.stdout.buffer.write(said)
            sys.stdout.flush()
        elif running.poll() is not None:
            break
    else:
        end_all(variables)
        running.wait()
        os.close(reading)
        return OUT_OF_TIME
    os.close(reading)
    return running.wait()


def end_all(variables: dict[str, str]) -> None:
    """End every program of a prefix, and wait until they are gone."""
    for what in ("-k", "-w"):
        subprocess.run(["wineserver", what], env=variables, timeout=60, check=False)


@contextmanager
def screen() -> Iterator[str]:
    """The name of an X display for Wine's windows: the one there is, else an Xvfb that ends afterwards."""
    if (there := os.environ.get("DISPLAY", "")) or os.name == "nt":
        yield there
        return
    reading, writing = os.pipe()
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    size = ["-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), *size], pass_fds=[writing], **quiet)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def windows_path(path: Path) -> str:
    """What Windows under Wine calls a path of this system."""
    return "Z:" + str(path).replace("/", "\\")

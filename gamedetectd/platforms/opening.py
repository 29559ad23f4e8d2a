"""Shows a file, a folder or an address to the person, with whatever program their desktop has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from gamedetectd.errors import OpenError
from gamedetectd.platforms.children.environment import child_environment

PATIENCE = 5.0
"""Seconds in which an opener tells that it failed; one that still runs then has the thing open."""


def open_folder(path: Path) -> None:
    """Show a folder, and never start what lies there: what a store calls a folder may be a program.

    Raises OpenError where it is none, or no desktop could show it.
    """
    if path.suffix.lower() == ".app":  # to macOS a program, although a directory
        path = path.parent
    if _is_there(path) and not path.is_dir():
        raise OpenError(f"{path} is not a folder.", "Nothing was opened.")
    open_path(path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise OpenError(f"{path} cannot be looked at: {error.strerror}.", "Look at its owner and mode.") from error


def open_path(path: Path) -> None:
    """Have the desktop open ``path``, which is ours. Raises OpenError where it is not there or cannot be shown."""
    if not _is_there(path):
        raise OpenError(f"{path} is not there.", "It is made when there is something to put in it.")
    _open(str(path), f"Open it yourself: {path}")


def open_url(url: str) -> None:
    """Have the browser open an address of ours, which no error names: it may let somebody in. Raises OpenError."""
    _open(url, "Have its address printed: gamedetectd dashboard --print")


def _open(what: str, instead: str) -> None:
    if sys.platform == "win32":
        os.startfile(what)  # noqa: S606 - of ours or a game's folder, opened as a double click would
        return
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None:
        raise OpenError("There is no program here that opens files (xdg-open).", instead)
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [opener, what],
        env=child_environment(),
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it stays open; nobody waits for it any more
        return
    if code != 0:
        raise OpenError(f"The desktop has no program for it (exit code {code}).", instead)

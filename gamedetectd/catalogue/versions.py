"""The imported indexes in their directory: each source's newest one is in force, the one before it is kept.

A new version gets a name of its own (``ludusavi.7.index``) and appears there whole, by one rename: nobody ever sees
half of it, and Windows, which cannot replace a file that is open, need not.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gamedetectd.errors import CatalogueError
from gamedetectd.platforms.permissions import ensure_private_dir

SOURCES = ("ludusavi", "discord")
"""In the order in which they are trusted."""
KEPT = 2
"""Versions of one source that are kept: the newest and the one before."""
ROOM = "See that the disk has room and that the directory is yours (gamedetectd config path)."
"""The remedy where nothing can be written there."""
_NAME = re.compile(r"(?P<source>[a-z]+)\.(?P<number>\d{1,9})\.index")
_LEFTOVER_SECONDS = 3_600.0


def versions(directory: Path, source: str) -> Sequence[Path]:
    """The versions of one source there are, the newest first."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        for name in os.listdir(directory):  # noqa: PTH208 - names are all that is needed
            match = _NAME.fullmatch(name)
            if match and match["source"] == source:
                found.append((int(match["number"]), directory / name))
    return [path for _, path in sorted(found, reverse=True)]


def make_directory(directory: Path) -> None:
    """Make the directory, private, where it is missing. Raises CatalogueError, PermissionsError."""
    try:
        ensure_private_dir(directory)
    except OSError as error:
        raise CatalogueError(f"{directory} cannot be made: {error.strerror or error}.", ROOM) from error


def scratch(directory: Path) -> Path:
    """A name for a file that is being made; what an earlier one left behind is removed."""
    for old in directory.glob(".new.*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _LEFTOVER_SECONDS:
                old.unlink()
    return directory / f".new.{secrets.token_hex(8)}"


def bring_in(made: Path, directory: Path, source: str) -> Path:
    """Put a finished index into force, and let go of all but the one before. Raises OSError."""
    made.chmod(0o600)
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    there = versions(directory, source)
    number = int(there[0].name.split(".")[1]) + 1 if there else 1
    place = directory / f"{source}.{number}.index"
    made.rename(place)
    if sys.platform != "win32":  # Windows cannot open directories; NTFS journals the rename itself
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for old in there[KEPT - 1 :]:
        with suppress(OSError):  # in use on Windows; the next import tries again
            old.unlink()
    return place

"""Turns one file into an index, in a held child: a hostile or huge file harms nobody but that process.

Its arguments are FILE OUT ORIGIN ETAG TIME. While it reads it prints how many bytes of how many are done, one pair a
line; last comes one line of JSON: what was made, or what is wrong.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from gamedetectd.catalogue import discord, ludusavi
from gamedetectd.catalogue.build import build
from gamedetectd.catalogue.index import About
from gamedetectd.catalogue.progress import Progress
from gamedetectd.catalogue.recognise import HEAD, WANTED, recognise
from gamedetectd.errors import CatalogueError

LARGEST = 256_000_000
"""Bytes a file may have."""
MEMORY = 250_000_000
"""Bytes the process may take beyond an empty Python."""
_STEPS = 200
"""How often progress is told over a whole file."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last line: either ``about`` or ``cause`` and ``remedy``."""

    about: About | None = None
    cause: str = ""
    remedy: str = ""


class _Counted:
    """A stream that tells how far it has been read."""

    def __init__(self, stream: BinaryIO, total: int, progress: Progress) -> None:
        self._stream = stream
        self._total = total
        self._progress = progress
        self._done = self._told = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._done += len(data)
        if self._done - self._told >= max(1, self._total // _STEPS) or not data:
            self._told = self._done
            self._progress(self._done, self._total)
        return data


def import_to(file: Path, out: Path, about: About, progress: Progress) -> About:
    """Write the index ``out`` from a manifest or a list. Raises CatalogueError; ``about.source`` is found here."""
    try:
        with file.open("rb") as stream:
            total = os.fstat(stream.fileno()).st_size
            if total > LARGEST:
                raise CatalogueError(f"It is larger than {LARGEST // 1_000_000} MB.", WANTED)
            kind = recognise(stream.read(HEAD))
            stream.seek(0)
            counted: BinaryIO = _Counted(stream, total, progress)  # type: ignore[assignment]
            module = discord if kind == "discord" else ludusavi
            made = build(out, module.read(counted), msgspec.structs.replace(about, source=module.SOURCE))
    except OSError as error:
        raise CatalogueError(f"It cannot be read: {error.strerror or error}.", "Give a file you may read.") from error
    if not made.titles:
        raise CatalogueError("No game in it has a program or an install directory.", WANTED)
    return made


def main() -> None:
    """The child's whole life."""
    file, out, origin, etag, made_at = sys.argv[1:6]
    about = About("", origin, float(made_at), 0, 0, 0, etag)
    try:
        outcome = Outcome(import_to(Path(file), Path(out), about, _tell))
    except CatalogueError as error:
        outcome = Outcome(None, error.cause, error.remedy)
    except MemoryError:
        outcome = Outcome(None, f"Reading it takes more than {MEMORY // 1_000_000} MB.", WANTED)
    print(msgspec.json.encode(outcome).decode(), flush=True)  # noqa: T201 - the answer to the parent


def _tell(done: int, total: int) -> None:
    print(done, total, flush=True)  # noqa: T201 - progress for the parent

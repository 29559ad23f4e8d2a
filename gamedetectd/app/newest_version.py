"""Remembers the newest version that ever ran here: what it left behind may be more than an older one understands."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import gamedetectd
from gamedetectd.platforms.permissions import write_private_atomic

log = logging.getLogger(__name__)

_LONGEST = 64
_NUMBERS = re.compile(r"\d{1,9}(\.\d{1,9}){0,5}")


class NewestVersion:
    """The file that holds it. Made when the daemon starts, which notes ``ours`` if nothing newer ran before."""

    def __init__(self, path: Path, ours: str = gamedetectd.__version__) -> None:
        self._path = path
        self._ours = ours
        earlier = self._read()
        self._newer = numbers(earlier) > numbers(ours)
        if not self._newer and earlier != ours:
            self._write()

    def newer(self) -> str | None:
        """A sentence if a newer version was used here, None once the file that says so is gone."""
        if not self._newer:
            return None
        found = self._read()
        if numbers(found) <= numbers(self._ours):
            self._newer = False
            self._write()
            return None
        return f"Version {found} was used here, and this is {self._ours} ({self._path})."

    def _read(self) -> str:
        """What the file says, "" where it says nothing of use."""
        try:
            with self._path.open("rb") as file:
                text = file.read(_LONGEST).decode("ascii").strip()
        except (OSError, UnicodeError):
            return ""
        return text if _NUMBERS.match(text) and text.isprintable() else ""

    def _write(self) -> None:
        try:
            write_private_atomic(self._path, f"{self._ours}\n".encode())
        except OSError as error:
            log.warning("the version that ran last cannot be noted: %s (%s)", self._path, error.strerror)


def numbers(version: str) -> tuple[int, ...]:
    """The release of a version for comparing: ``1.2.3.dev4`` is (1, 2, 3); () for none."""
    found = _NUMBERS.match(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()

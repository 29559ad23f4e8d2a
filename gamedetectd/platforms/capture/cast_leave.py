"""The leave to see the screen that the person gave once, as the portal's restore token: a file for this account alone.

A token is used up by each screen cast, which brings the next one.
"""

from __future__ import annotations

import os
from pathlib import Path

from gamedetectd.platforms.permissions.private import ensure_private_dir, open_private, write_private_atomic

NAME = "screen-leave"
LONGEST = 4_096


class Leave:
    """The file. Reading and writing raise PermissionsError where others could change it, and OSError."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def below(cls, data: Path) -> Leave:
        """The one of this data directory."""
        return cls(data / "vision" / NAME)

    def read(self) -> str:
        """The token; "" where there is none."""
        try:
            descriptor = open_private(self._file, os.O_RDONLY)
        except FileNotFoundError:
            return ""
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            said = file.read(LONGEST + 1)
        token = said.decode("utf-8", "replace").strip()
        return token if len(said) <= LONGEST and token.isprintable() else ""

    def write(self, token: str) -> None:
        """Keep another token in place of what was there."""
        ensure_private_dir(self._file.parent)
        write_private_atomic(self._file, token.encode() + b"\n")

    def forget(self, token: str = "") -> bool:
        """Drop it (of one token: unless another took its place); True if there was one."""
        if token and self.read() != token:
            return False
        try:
            self._file.unlink()
        except FileNotFoundError:
            return False
        return True

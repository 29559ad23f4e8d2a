r"""Shortcuts in Windows' folder of programs that start at login: nobody but people put gamedetectd there.

A shortcut is not taken apart: it holds the path it leads to as text, in the system's code page or in UTF-16.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gamedetectd.platforms.autostart import files
from gamedetectd.platforms.autostart.program import Program

FOLDER = ("Microsoft", "Windows", "Start Menu", "Programs", "Startup")
ENDINGS = (".lnk", ".bat", ".cmd", ".vbs", ".exe", ".url")


class StartupFolder:
    """The folder of one account."""

    def __init__(self, program: Program, environment: Mapping[str, str] = os.environ) -> None:
        self._program = program
        roaming = environment.get("APPDATA", "")
        self._folder = Path(roaming, *FOLDER) if roaming else None

    def found(self) -> list[Path]:
        """The files there that are called after gamedetectd or mention it."""
        if self._folder is None:
            return []
        there = [file for ending in ENDINGS for file in files.listed(self._folder, ending)]
        return [file for file in there if file.name.lower().startswith("gamedetectd") or _mentions(file, "gamedetectd")]

    def is_this_program(self, file: Path) -> bool:
        """True where the file mentions the path of this program."""
        return any(_mentions(file, argv[0]) for argv in (self._program.argv, *self._program.twins))

    def remove(self, file: Path) -> None:
        """Remove one. Raises OSError."""
        files.remove(file)


def _mentions(file: Path, text: str) -> bool:
    content = (files.read(file) or b"").lower()
    lowered = text.lower()
    return any(lowered.encode(encoding, "replace") in content for encoding in ("utf-8", "cp1252", "utf-16-le"))

"""Puts together what stores write apart: a directory, a program relative to it, and the Wine prefix they are seen from.

The spelling of a path decides how it is read, not the system we run on: a disk may be another system's. What comes
out is brought into this system's spelling by ``places``.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re

from gamedetectd.library import places
from gamedetectd.library.surroundings import Surroundings

_DRIVE = re.compile(r"[A-Za-z]:([\\/]|$)")
_COLLECTION = re.compile(
    r"(.*[\\/](?:gog games|epic games|amazon games[\\/]library|steamapps[\\/]common|xboxgames)[\\/][^\\/]+)[\\/]",
    re.IGNORECASE,
)
"""A directory in which a store keeps a directory for each game."""
_INNER = frozenset({
    "bin", "bin32", "bin64", "binaries", "win32", "win64", "linux32", "linux64", "linux", "windows", "x64", "x86",
    "x86_64", "win_x64", "system", "retail", "release",
})  # fmt: skip
"""Names of directories inside a game's own, where its programs lie."""


def is_windows(path: str) -> bool:
    """True for a path with a drive letter, of a network share, or with backslashes and no leading slash."""
    return bool(_DRIVE.match(path)) or path.startswith("\\\\") or ("\\" in path and not path.startswith("/"))


def is_absolute(path: str) -> bool:
    """True for a path from the root of any system."""
    return path.startswith(("/", "\\\\")) or bool(_DRIVE.match(path))


def normal(path: str) -> str:
    """Without ``.``, ``..`` and doubled or trailing separators; with backslashes only on Windows' own paths."""
    if not path or "\0" in path:
        return ""
    if is_windows(path):
        return ntpath.normpath(path) if is_absolute(path) else posixpath.normpath(path.replace("\\", "/"))
    return posixpath.normpath(path)


def join(directory: str, path: str) -> str:
    """The program ``path`` as seen from a game's directory; "" where either is missing and the path is relative."""
    if not path or is_absolute(path):
        return normal(path)
    if not directory:
        return ""
    if is_windows(directory):
        return normal(ntpath.join(directory, path))
    return normal(posixpath.join(directory, path.replace("\\", "/")))


def within(path: str, directory: str) -> bool:
    """True where the path lies in the directory."""
    place = places.folded(normal(directory))
    return bool(place) and places.folded(normal(path)).startswith(place + "/")


def in_prefix(path: str, prefix: str) -> str:
    """Where a path that a Windows program sees lies on this system, by its Wine prefix; others stay as they are."""
    if not _DRIVE.match(path) or not prefix:
        return normal(path)
    drive, rest = path[0].lower(), posixpath.normpath("/" + path[2:].replace("\\", "/")).lstrip("/")
    root = _with_proton(prefix)
    if drive == "c":
        return normal(posixpath.join(root, "drive_c", rest))
    devices = posixpath.join(root, "dosdevices")
    try:
        target = os.readlink(posixpath.join(devices, f"{drive}:"))  # noqa: PTH115 - thousands of them
    except (OSError, ValueError):
        return normal("/" + rest) if drive == "z" else normal(path)
    return normal(posixpath.join(devices, target, rest))


def _with_proton(prefix: str) -> str:
    """Proton keeps the prefix itself in ``pfx``."""
    inner = posixpath.join(prefix, "pfx")
    return inner if os.path.isdir(posixpath.join(inner, "drive_c")) else prefix  # noqa: PTH112


def of_program(surroundings: Surroundings, program: str) -> str:
    """The directory of the game a program belongs to, above ``bin``, ``Binaries/Win64`` and the like; "" if unknown."""
    if kept := _COLLECTION.match(program):
        return places.own_directory(surroundings, kept[1])
    directory = places.parent(program)
    above = places.parent(directory)
    while places.base_name(directory).lower() in _INNER and places.own_directory(surroundings, above):
        directory, above = above, places.parent(above)
    return places.own_directory(surroundings, directory)

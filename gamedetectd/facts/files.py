"""The names of the files beside a program: engines leave marks there (UnityPlayer, a .pck, Binaries/Win64, …).

Only directories that belong to the program alone are listed. Shared and private ones (the home directory, /usr/bin,
Downloads, a disk's root) tell nothing of the program and much of the person.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import PurePath
from typing import ClassVar

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts.tables import (
    INNER_DIRECTORIES,
    INNER_DIRECTORY,
    SHARED_DIRECTORIES,
    SHARED_DIRECTORY,
    SHARED_IN_HOME,
)

DIRECTORIES_LIMIT = 16
NAMES_LIMIT = 2_000
"""Names kept of one directory; the rest is not read."""
_PARENTS_LIMIT = 3

_BESIDE = ("game", "renpy", "www", "www/js", "js", "Content/Paks", "resources")
"""Sub-directories that hold an engine's marks."""
_PROGRAM_SUFFIX = re.compile(r"\.(exe|x86_64|x86|x64|app|sh|bin)$", re.IGNORECASE)


class FilesSource:
    """Lists the program's own directories.

    ``effective_paths`` tells which files the program consists of (the executable, an interpreter's script or archive,
    the Windows program under Wine), most telling first; ``home`` is the person's home directory.
    """

    kind: ClassVar[FactKind] = FactKind.FILES
    time_limit: ClassVar[float] = 2.0

    def __init__(self, effective_paths: Callable[[Facts], Sequence[str]], home: str) -> None:
        self._effective_paths = effective_paths
        self._home = home

    def gather(self, facts: Facts) -> Facts:
        paths = self._effective_paths(facts)
        files: dict[str, tuple[str, ...]] = {}
        for directory in dict.fromkeys(chain.from_iterable(map(directories_of, paths))):
            if not self._is_shared(directory) and (names := list_names(directory)):
                files[directory] = names
            if len(files) >= DIRECTORIES_LIMIT:
                break
        return dataclasses.replace(facts, files=files) if files else facts

    def _is_shared(self, directory: str) -> bool:
        """True for a directory that is not the program's own, by its name or by where a link in it leads."""
        real = os.path.realpath(directory)
        return any(
            is_shared(path, home) for path in (directory, real) for home in (self._home, os.path.realpath(self._home))
        )


def directories_of(path: str) -> Iterator[str]:
    """Where marks of the program at ``path`` may lie: its directory, those it lies inside of, telling ones beside."""
    file = PurePath(path)
    if not file.is_absolute():
        return
    level = file.parent
    yield str(level)
    levels = [level]
    for _ in range(_PARENTS_LIMIT):
        if level.name.lower() not in INNER_DIRECTORIES and not INNER_DIRECTORY.fullmatch(level.name.lower()):
            break
        level = level.parent
        levels.append(level)
        yield str(level)
    yield str(file.parent / f"{_PROGRAM_SUFFIX.sub('', file.name)}_Data")
    for level in levels:
        yield from (str(level / name) for name in _BESIDE)


def is_shared(directory: str, home: str) -> bool:
    """True for a directory that many programs share, or that holds the person's own files."""
    path = _plain(directory)
    if path in SHARED_DIRECTORIES or SHARED_DIRECTORY.fullmatch(path):
        return True
    own = _plain(home)
    if not own or own == "/":
        return False
    return path == own or own.startswith(path + "/") or path.removeprefix(own + "/") in SHARED_IN_HOME


def list_names(directory: str) -> tuple[str, ...]:
    """Sorted names in a directory, at most ``NAMES_LIMIT``; nothing where there is none or it may not be read."""
    try:
        with os.scandir(directory) as items:
            names = [item.name for item in islice(items, NAMES_LIMIT)]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return ()
    return tuple(sorted(os.fsencode(name).decode("utf-8", "replace") for name in names))


def _plain(path: str) -> str:
    """Lower case, forward slashes, none at the end."""
    return path.replace("\\", "/").lower().rstrip("/") or "/"

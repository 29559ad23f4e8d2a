"""Games that the desktop's menu lists: entries with ``Categories=Game``, mostly installed by the distribution.

Such a row stands for its program alone, since most of them lie in directories of all programs; a snap has its own.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, Shelf, System
from gamedetectd.library.desktop_entries import Entry, command_of, read_entry
from gamedetectd.library.files import UnreadableError, is_directory, stamp
from gamedetectd.library.not_games import runs_others
from gamedetectd.library.places import existing, listed, shown
from gamedetectd.library.surroundings import Surroundings

FILES_LIMIT = 20_000
_DIRECTORIES_LIMIT = 512
_DEPTH_LIMIT = 5
_SNAP = re.compile(r"[a-z0-9][a-z0-9-]*(_[a-z0-9]+)?")
_COMMANDS = ("usr/local/games", "usr/games", "usr/local/bin", "usr/bin", "bin", "snap/bin")


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry with its id, its command without wrappers, and the paths of its program (behind links too)."""

    id: str
    entry: Entry
    command: Sequence[str]
    programs: tuple[str, ...]


class _Commands:
    """The programs that can be started by name, as of one reading."""

    def __init__(self, drives: Sequence[Path]) -> None:
        self._paths: dict[str, str] = {}
        for directory in (drive / at for drive in drives for at in _COMMANDS):
            for name in listed(directory):
                self._paths.setdefault(name, f"{directory}/{name}")

    def programs(self, command: str) -> tuple[str, ...]:
        """A program's full path, and what it is behind symbolic links; () for what runs anything it is given."""
        path = self._found(command)
        if not path or runs_others(command):
            return ()
        real = os.path.realpath(path)
        return () if runs_others(real) else tuple(dict.fromkeys((path, real)))

    def has(self, command: str) -> bool:
        """True where the program is there, or none is named."""
        return not command or bool(self._found(command))

    def _found(self, command: str) -> str:
        path = command if command.startswith("/") and "\0" not in command else self._paths.get(command, "")
        return path if path and os.path.isfile(path) and os.access(path, os.X_OK) else ""  # noqa: PTH113 - never raises


class DesktopGamesReader:
    """Looks through the XDG data directories; the entries of Flatpaks are told by their own reader."""

    name: ClassVar[str] = "desktop"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._places = _places(surroundings) if surroundings.system is System.LINUX else ()

    def roots(self) -> Sequence[str]:
        return existing(*self._places)

    def fingerprint(self) -> Hashable:
        """Of the directories: packages and editors replace desktop files rather than rewrite them."""
        return tuple(stamp(directory) for directory, _, _ in self._directories())

    def load(self) -> Shelf:
        if self._surroundings.system is not System.LINUX:
            return Shelf(nothing="Only Linux desktops keep menus of this kind.")
        commands = _Commands(self._surroundings.drives)
        entries = [one for one in self._listed(commands) if not one.entry.flatpak]
        owners = _owners(entries)
        games = tuple(
            InstalledGame(
                self.name,
                shown(one.id),
                one.entry.name,
                self._snap(one.entry.snap),
                tuple(program for program in one.programs if owners[program] == one.entry.name),
            )
            for one in entries
            if one.entry.is_game and not _is_run_by_others(one.command) and commands.has(one.entry.try_exec)
        )
        return Shelf(games, nothing="" if games else "The desktop's menu lists no game.")

    def _listed(self, commands: _Commands) -> Iterator[_Listed]:
        """Every entry that counts: the first of an id wins, and a hidden one hides the others."""
        seen: set[str] = set()
        for path, ident in self._files():
            if ident in seen:
                continue
            try:
                entry = read_entry(Path(path))
            except UnreadableError:
                continue  # thousands of files of other people; what is broken is no game either
            seen.add(ident)
            if not entry.hidden:
                command = command_of(entry.exec)
                yield _Listed(ident, entry, command, commands.programs(command[0]) if command else ())

    def _snap(self, name: str) -> str:
        """The directory of a snap, which holds nothing else."""
        places = (drive / "snap" / name for drive in self._surroundings.drives if _SNAP.fullmatch(name))
        return next((str(place) for place in places if os.path.isdir(place)), "")  # noqa: PTH112 - never raises

    def _files(self) -> Iterator[tuple[str, str]]:
        """The desktop files with their ids, the person's own first."""
        found = (
            (item.path, prefix + item.name.removesuffix(".desktop"))
            for _, prefix, items in self._directories()
            for item in items
            if item.name.endswith(".desktop")
        )
        return islice(found, FILES_LIMIT)

    def _directories(self) -> Iterator[tuple[str, str, Sequence[os.DirEntry[str]]]]:
        """Each directory once, with what its names add to ids, and what is in it, in order."""
        visited: set[tuple[int, int]] = set()
        waiting = [(str(place), "", 0) for place in reversed(self._places)]
        while waiting and len(visited) < _DIRECTORIES_LIMIT:
            directory, prefix, depth = waiting.pop()
            try:
                state = os.stat(directory)  # noqa: PTH116 - strings all the way
                with os.scandir(directory) as entries:
                    items = sorted(entries, key=lambda item: item.name)
            except OSError:
                continue
            if (state.st_dev, state.st_ino) in visited:
                continue
            visited.add((state.st_dev, state.st_ino))
            yield directory, prefix, items
            inner = [item for item in items if depth < _DEPTH_LIMIT and is_directory(item)]
            waiting += [(item.path, f"{prefix}{item.name}-", depth + 1) for item in reversed(inner)]


def _places(surroundings: Surroundings) -> tuple[Path, ...]:
    shared = surroundings.environment.get("XDG_DATA_DIRS", "")
    named = [Path(place) for place in shared.split(":") if place.startswith("/")]
    usual = [
        drive / at for drive in surroundings.drives for at in ("usr/local/share", "usr/share", "var/lib/snapd/desktop")
    ]
    places = (place / "applications" for place in (surroundings.data_home, *named, *usual))
    return tuple(dict.fromkeys(place for place in places if "flatpak" not in place.parts))


def _owners(entries: Sequence[_Listed]) -> Mapping[str, str]:
    """Whose program each is, by the entry's name: of several entries the only one that needs no arguments; else ""."""
    plain: defaultdict[str, set[str]] = defaultdict(set)
    every: defaultdict[str, set[str]] = defaultdict(set)
    for one in entries:
        for program in one.programs:
            every[program].add(one.entry.name)
            if len(one.command) == 1:
                plain[program].add(one.entry.name)
    return {
        program: next(iter(plain[program] if len(plain[program]) == 1 else names))
        if len(plain[program]) == 1 or len(names) == 1
        else ""
        for program, names in every.items()
    }


def _is_run_by_others(command: Sequence[str]) -> bool:
    """True for shortcuts that a store or a launcher made: it tells of the game itself."""
    text = " ".join(command)
    signs = ("steam://", "heroic://", "lutris:", "itch://", "flatpak run", "bottles-cli")
    return not text.strip() or any(sign in text for sign in signs)

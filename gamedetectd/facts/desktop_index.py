"""All desktop entries of this machine, looked up by command, window class, file name or store id.

Built when first asked for and again when a directory has changed, which is looked at every few seconds at most and
only when somebody asks. A file rewritten in place is not noticed: installers and editors replace files.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from gamedetectd.facts.commands import Command, Link, parse_exec
from gamedetectd.facts.desktop_files import FILE_LIMIT, Entry, parse_entry
from gamedetectd.platforms.regular_files import read_regular

RECHECK_SECONDS = 5.0
DIRECTORIES_LIMIT = 512
FILES_LIMIT = 20_000
"""Files read at most in all directories together."""
_DEPTH_LIMIT = 6

Stamps = Mapping[str, tuple[int, int] | None]
Key = TypeVar("Key", str, Link)
Found = Entry | tuple[Entry, ...]


def data_directories(environment: Mapping[str, str], home: str) -> tuple[str, ...]:
    """Where desktop files lie, the person's own first: the XDG directories, Flatpak's exports and snap's."""
    own = environment.get("XDG_DATA_HOME") or f"{home}/.local/share"
    shared = (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    places = [
        own,
        f"{home}/.local/share/flatpak/exports/share",
        *shared,
        "/usr/local/share",
        "/usr/share",
        "/var/lib/flatpak/exports/share",
        "/var/lib/snapd/desktop",
    ]
    return tuple(dict.fromkeys(f"{p.rstrip('/')}/applications" for p in places if p.startswith("/")))


class Table:
    """What one look at the directories gave; never changes."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.size = len(entries)
        self._commands: dict[str, Found] = {}
        self._classes: dict[str, Found] = {}
        self._stems: dict[str, Entry] = {}
        self._links: dict[Link, Found] = {}
        games = set()
        for entry in entries:
            target = parse_exec(entry.exec, entry.directory)
            if isinstance(target, Link):
                _add(self._links, target, entry)
            elif isinstance(target, Command):
                _add(self._commands, target.name, entry)
                if "Game" in entry.categories:
                    games.add(target.name)
            if entry.window_class:
                _add(self._classes, entry.window_class.lower(), entry)
            self._stems[entry.stem] = entry
        self.game_executables = frozenset(games)

    def by_command(self, name: str) -> tuple[Entry, ...]:
        """Entries whose command (behind wrappers and interpreters) has this base name."""
        return _all(self._commands.get(name))

    def by_class(self, window_class: str) -> tuple[Entry, ...]:
        """Entries that say their windows have this class, in any case."""
        return _all(self._classes.get(window_class.lower()))

    def by_stem(self, stem: str) -> tuple[Entry, ...]:
        """The entry whose file is called so, in any case."""
        return _all(self._stems.get(stem.lower()))

    def by_link(self, store: str, identity: str) -> tuple[Entry, ...]:
        """Entries that start this id through a store."""
        return _all(self._links.get(Link(store, identity)))


class DesktopIndex:
    """The current ``Table``; usable from every thread."""

    def __init__(self, directories: Sequence[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._directories = tuple(directories)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._table: Table | None = None
        self._stamps: Stamps = {}
        self._checked = 0.0

    def table(self) -> Table:
        """The entries as they are, give or take ``RECHECK_SECONDS``. Only the first caller waits for the first look."""
        table = self._table
        if table is not None and self._monotonic() - self._checked < RECHECK_SECONDS:
            return table
        if not self._lock.acquire(blocking=table is None):
            assert table is not None  # noqa: S101 - only then the lock was not waited for
            return table
        try:
            return self._refreshed()
        finally:
            self._lock.release()

    def game_executables(self) -> frozenset[str]:
        """Base names of the commands that entries with ``Categories=Game`` start, for a first glance at a process."""
        return self.table().game_executables

    def _refreshed(self) -> Table:
        table = self._table
        if table is None or any(_stamp(path) != stamp for path, stamp in self._stamps.items()):
            stamps: dict[str, tuple[int, int] | None] = {}
            table = Table(list(_entries(self._directories, stamps)))
            self._stamps = stamps
            self._table = table
        self._checked = self._monotonic()
        return table


def _entries(directories: Sequence[str], stamps: dict[str, tuple[int, int] | None]) -> Iterator[Entry]:
    """Every entry once: what lies in an earlier directory hides what has the same id in a later one."""
    seen: set[str] = set()
    files = chain.from_iterable(_files(directory, stamps) for directory in directories)
    for path, identity in islice(files, FILES_LIMIT):
        if identity in seen:
            continue
        seen.add(identity)
        try:
            content = read_regular(path, FILE_LIMIT)
        except OSError:
            continue
        stem = os.fsencode(identity).decode("utf-8", "replace").removesuffix(".desktop").lower()
        entry = parse_entry(content, stem)
        if entry is not None:
            yield entry


def _files(root: str, stamps: dict[str, tuple[int, int] | None]) -> Iterator[tuple[str, str]]:
    """Desktop files below a directory with their ids (sub-directories become ``dir-``), each directory once."""
    waiting = [(root, "", 0)]
    visited: set[tuple[int, int]] = set()
    while waiting and len(stamps) < DIRECTORIES_LIMIT:
        directory, prefix, depth = waiting.pop()
        stamps[directory] = _stamp(directory)
        try:
            status = Path(directory).stat()
            with os.scandir(directory) as items:
                listed = sorted(islice(items, FILES_LIMIT), key=lambda item: item.name)
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        for item in listed:
            if item.name.endswith(".desktop"):
                yield item.path, prefix + item.name
            elif depth < _DEPTH_LIMIT and _is_directory(item):
                waiting.append((item.path, f"{prefix}{item.name}-", depth + 1))


def _is_directory(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False


def _stamp(path: str) -> tuple[int, int] | None:
    """What changes when a directory's list of names does; None while there is no such directory."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _add(table: dict[Key, Found], key: Key, entry: Entry) -> None:
    table[key] = (*_all(table.get(key)), entry) if key in table else entry


def _all(found: Found | None) -> tuple[Entry, ...]:
    return () if found is None else found if isinstance(found, tuple) else (found,)

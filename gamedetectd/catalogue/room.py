"""Everything the catalogue knows, joined in order of trust: the built-in table, then what was imported.

An index that turns out to be damaged is left aside, the version before it takes its place, and health is told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gamedetectd.catalogue.index import About, Index
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.versions import SOURCES, versions
from gamedetectd.domain import KnownGame
from gamedetectd.errors import CatalogueError

log = logging.getLogger(__name__)


class _Shelf:
    """One source's versions: the one that is open, and the newer ones that turned out to be damaged."""

    def __init__(self, directory: Path, source: str) -> None:
        self._directory = directory
        self._source = source
        self._files: Sequence[Path] = ()
        self.index: Index | None = None
        self.damaged: dict[Path, CatalogueError] = {}

    def notice(self) -> None:
        """Open what is newest, if that is another version than before."""
        files = versions(self._directory, self._source)
        if files != self._files:
            self._files = files
            self.close()
            self._open(self.damaged)

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        """The rows, of an older version where the newest is damaged; never raises."""
        while self.index is not None:
            try:
                return self.index.look_up(names, directories)
            except CatalogueError as error:
                self.close()
                self._open({**self.damaged, self._set_aside(error): error})
        return ()

    def _set_aside(self, error: CatalogueError) -> Path:
        tried = [file for file in self._files if file not in self.damaged]
        log.warning("a catalogue is damaged and set aside: %s", error.cause)
        return tried[0]

    def _open(self, known: Mapping[Path, CatalogueError]) -> None:
        self.damaged = {}
        for file in self._files:
            try:
                if file in known:
                    raise known[file]
                self.index = Index(file)
                return
            except CatalogueError as error:
                if file not in known:
                    log.warning("a catalogue is damaged and set aside: %s", error.cause)
                self.damaged[file] = error

    def close(self) -> None:
        """Let go of the file."""
        if self.index is not None:
            self.index.close()
            self.index = None


class Room:
    """For any thread. ``directory`` holds the indexes and need not be there; a new version is noticed by itself.

    Fulfils ``interfaces.Catalogue``.
    """

    def __init__(self, builtin: Memory, directory: Path | None = None) -> None:
        self.builtin = builtin
        self._directory = directory
        self._lock = threading.Lock()
        self._seen: int | None = None
        self._shelves = () if directory is None else tuple(_Shelf(directory, source) for source in SOURCES)

    def look_up(self, names: Sequence[str], directories: Sequence[str]) -> tuple[KnownGame, ...]:
        """The rows of every catalogue. Never raises for a damaged one; ``problem`` tells of it."""
        rows = list(self.builtin.look_up(names, directories))
        with self._lock:
            self._notice()
            for shelf in self._shelves:
                rows.extend(shelf.look_up(names, directories))
        return tuple(rows)

    def titles(self) -> Iterator[str]:
        """The title of every row of every catalogue; those of a damaged one as far as they can be read."""
        yield from self.builtin.titles()
        with self._lock:
            self._notice()
            held = [shelf.index for shelf in self._shelves if shelf.index is not None]
        for index in held:
            try:
                yield from index.titles()
            except CatalogueError as error:
                log.warning("a catalogue is damaged: %s", error.cause)

    def problem(self) -> CatalogueError | None:
        """What is damaged now, for health; None where all is well."""
        with self._lock:
            self._notice()
            return next((error for shelf in self._shelves for error in shelf.damaged.values()), None)

    def indexes(self) -> Sequence[tuple[Path, About]]:
        """The imported catalogues in force."""
        with self._lock:
            self._notice()
            held = [shelf.index for shelf in self._shelves]
            return [(index.file, index.about) for index in held if index is not None]

    def close(self) -> None:
        """Let go of every file."""
        with self._lock:
            for shelf in self._shelves:
                shelf.close()

    def _notice(self) -> None:
        """Look at the directory again, once it has changed."""
        if self._directory is None:
            return
        try:
            changed = self._directory.stat().st_mtime_ns
        except OSError:
            changed = 0
        if changed != self._seen:
            self._seen = changed
            for shelf in self._shelves:
                shelf.notice()

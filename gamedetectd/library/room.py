"""What is installed on this machine, all stores together: read when something changed, and only what changed.

``run`` watches the stores' folders; ``look_up`` makes sure by the stores' fingerprints that a game installed a moment
ago is known when it starts.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf
from gamedetectd.interfaces import Stop, StoreReader
from gamedetectd.library.index import Index
from gamedetectd.library.places import folded

log = logging.getLogger(__name__)

QUIET = 1.0
"""Seconds in which nothing must change before a folder is looked at: stores write several files."""
LOOK_EVERY = 60.0
"""Seconds between two looks at everything, for stores that were not there before and what cannot be watched."""
FRESH = 5.0
"""Seconds for which a look at the fingerprints is good enough."""
FIRST_REST = 2.0
REST = 20.0
"""A store that was just read is left alone for ``FIRST_REST`` seconds, and for twice as long each time it is changed
again at once, up to this many times as long as reading it took: downloads change its files all day.
"""


@dataclass(slots=True)
class _Desk:
    """One store's reader and what it said last."""

    reader: StoreReader
    fingerprint: Hashable = None
    shelf: Shelf = field(default_factory=Shelf)
    read: bool = False
    pause: float = 0.0
    rest_until: float = 0.0


class Library:
    """Reads the stores. Any thread may ask; one at a time reads. ``changed`` is called after other games are there."""

    def __init__(
        self,
        readers: Iterable[StoreReader],
        changed: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.changed = changed
        self.degraded_reason: str | None = None
        """A sentence saying that, and why, changes are looked for instead of being notified; else None."""
        self.pace = 1.0
        """How many times as long the pauses are between looks that nothing gave rise to."""
        self._desks = {reader.name: _Desk(reader) for reader in readers}
        self._index = Index()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked = -float("inf")
        self._wake: Callable[[], None] = lambda: None

    # --- asking ---

    def look_up(self, paths: tuple[str, ...], ids: Iterable[str] = (), title: str = "") -> tuple[InstalledGame, ...]:
        """The rows that hold one of the paths, bear one of the ids, or are called ``title``, as of just now."""
        if self._monotonic() - self._looked > FRESH:
            self.refresh()
        return self._index.look_up(paths, ids, title)

    def games(self) -> tuple[InstalledGame, ...]:
        """Every installed game that is known."""
        return self._index.games

    def shelves(self) -> Mapping[str, Shelf]:
        """What each store said last."""
        return {name: desk.shelf for name, desk in self._desks.items()}

    def problems(self) -> tuple[tuple[str, LibraryProblem], ...]:
        """What could not be read, each with the store's name."""
        return tuple((name, problem) for name, desk in self._desks.items() for problem in desk.shelf.problems)

    # --- reading ---

    def refresh(self, *, everything: bool = False, progress: Callable[[str], None] = lambda _store: None) -> bool:
        """Read the stores that changed since the last look, or all of them; True if other games are there now."""
        with self._lock:
            read = [desk for desk in self._desks.values() if self._read(desk, everything, progress)]
            self._looked = self._monotonic()
            games = _joined(game for desk in self._desks.values() for game in desk.shelf.games)
            other = bool(read) and games != self._index.games
            if other:
                self._index = Index(games)
        if other:
            self.changed()
        return other

    def _read(self, desk: _Desk, everything: bool, progress: Callable[[str], None]) -> bool:
        started = self._monotonic()
        if desk.read and started < desk.rest_until and not everything:
            return False
        try:
            fingerprint = desk.reader.fingerprint()
            if desk.read and fingerprint == desk.fingerprint and not everything:
                return False
            progress(desk.reader.name)
            shelf = _resolved(desk.reader.load())
        except OSError as error:  # a disk that fails halfway: the other stores go on
            fingerprint, shelf = None, Shelf(problems=(_not_looked_at(error),))
        for problem in set(shelf.problems) - set(desk.shelf.problems):
            log.warning("%s: %s: %s %s", desk.reader.name, problem.place, problem.cause, problem.remedy)
        desk.fingerprint, desk.shelf, desk.read = fingerprint, shelf, True
        ended = self._monotonic()
        longest = REST * (ended - started)
        again = started - desk.rest_until < desk.pause
        desk.pause = min(longest, 2 * desk.pause if again else FIRST_REST)
        desk.rest_until = ended + desk.pause
        return True

    # --- watching ---

    def attach(self, wake: Callable[[], None]) -> None:
        """Connect what ends the wait of the thread that runs ``run``."""
        self._wake = wake

    def run(self, stop: Stop) -> None:
        """Keep the library up to date until ``stop`` is set."""
        from gamedetectd.config.notify import Notifier

        dirty = threading.Event()

        def notice(_paths: frozenset[str]) -> None:
            dirty.set()
            self._wake()

        notifier = Notifier(notice, "Newly installed games")
        watched: tuple[Path, ...] = ()
        try:
            while not stop.is_set():
                started = self._monotonic()
                self.refresh()
                if (wanted := self._folders()) != watched:
                    notifier.watch(wanted)
                    watched = wanted
                    self.refresh()
                self.degraded_reason = notifier.degraded_reason
                self._sleep(stop, min(FIRST_REST, REST * (self._monotonic() - started)))
                while not (dirty.is_set() or stop.is_set() or stop.wait(LOOK_EVERY * self.pace) or dirty.is_set()):
                    self.refresh()
                self._settle(dirty, stop)
        finally:
            notifier.close()

    def _settle(self, dirty: threading.Event, stop: Stop) -> None:
        """Wait until nothing changes any more, but not for ever."""
        for _ in range(3):
            dirty.clear()
            self._sleep(stop, QUIET)
            if not dirty.is_set():
                return

    def _sleep(self, stop: Stop, seconds: float) -> None:
        """Sleep through wake-ups, but not through stop."""
        until = self._monotonic() + seconds
        while not stop.is_set() and (left := until - self._monotonic()) > 0:
            stop.wait(left)

    def _folders(self) -> tuple[Path, ...]:
        """The directories to watch: the roots, and those of roots that are files."""
        roots = (Path(root) for desk in self._desks.values() for root in desk.reader.roots())
        return tuple(dict.fromkeys(root if os.path.isdir(root) else root.parent for root in roots))  # noqa: PTH112


def _not_looked_at(error: OSError) -> LibraryProblem:
    """What keeps a store from being read at all."""
    reason = error.strerror or type(error).__name__
    return LibraryProblem(str(error.filename or ""), f"It cannot be looked at: {reason}.", "Check the disk it lies on.")


def _joined(games: Iterable[InstalledGame]) -> tuple[InstalledGame, ...]:
    """Each game once: launchers for several stores tell of games that the store's own launcher tells of too."""
    rows: dict[tuple[str, str, str], InstalledGame] = {}
    for game in games:
        key = (game.store, game.id, folded(game.install_dir))
        known = rows.get(key)
        rows[key] = game if known is None else _one_of(known, game)
    return tuple(rows.values())


def _one_of(first: InstalledGame, second: InstalledGame) -> InstalledGame:
    """The first word about a game, with what the second adds to it."""
    return replace(
        first,
        title=first.title or second.title,
        executables=tuple(dict.fromkeys((*first.executables, *second.executables))),
        also=tuple(dict.fromkeys((*first.also, *second.also))),
        platform=first.platform or second.platform,
    )


def _resolved(shelf: Shelf) -> Shelf:
    """The shelf with its directories as the system itself spells them: programs are seen behind symbolic links."""
    parents: dict[str, str] = {}

    def real(place: str) -> str:
        above, name = os.path.split(place)
        if not above or not os.path.isabs(place):  # noqa: PTH117
            return place
        if above not in parents:
            parents[above] = os.path.realpath(above)
        joined = os.path.join(parents[above], name)  # noqa: PTH118 - pathlib would cost half a second for 10,000 games
        return os.path.realpath(joined) if os.path.islink(joined) else joined  # noqa: PTH114

    games = tuple(
        replace(game, install_dir=real(game.install_dir), executables=tuple(map(real, game.executables)))
        for game in shelf.games
    )
    return replace(shelf, games=games)

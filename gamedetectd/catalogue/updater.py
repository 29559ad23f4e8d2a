"""Keeps imported lists fresh: fetches each from its address when the person asks, or in their time if switched on."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from gamedetectd.catalogue.fetch import DEFAULT_LIMITS, Limits, fetch
from gamedetectd.catalogue.importing import import_file, in_force
from gamedetectd.catalogue.index import About
from gamedetectd.catalogue.progress import Cancelled, never
from gamedetectd.catalogue.versions import make_directory, scratch
from gamedetectd.config import Settings
from gamedetectd.errors import CatalogueError, CatalogueUpdateError, GamedetectdError
from gamedetectd.interfaces import Stop
from gamedetectd.observability.correlation import correlation
from gamedetectd.platforms.permissions import write_private_atomic

log = logging.getLogger(__name__)

STATE = "state.json"
FIRST_PAUSE = 60.0
"""Seconds after the start before anything is fetched: whoever starts a computer has other things to wait for."""
RETRY_SECONDS = 6 * 3_600.0
"""After a fetch that failed."""
_LONGEST_WAIT = 6 * 3_600.0
_DAY = 86_400.0
_STOP_SECONDS = 1.0
_SHRUNK = 0.5
"""A list with fewer titles than this share of the earlier one is not believed."""

Progress = Callable[[str, int, int], None]


class Checked(msgspec.Struct, frozen=True):
    """How the last fetch of one source ended. ``at`` is wall time; ``error`` is a sentence."""

    at: float
    result: Literal["updated", "unchanged", "failed"]
    error: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """What came of one source. ``about`` is what is in force now, if anything."""

    source: str
    result: Literal["updated", "unchanged", "failed"]
    about: About | None = None
    error: CatalogueError | None = None


def addresses(settings: Settings) -> Mapping[str, str]:
    """Where each source is fetched from, those without an address left out."""
    told = {"ludusavi": settings.catalogue.ludusavi_url, "discord": settings.catalogue.discord_url}
    return {source: url for source, url in told.items() if url}


def _nothing(_source: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def update(
    directory: Path,
    wanted: Mapping[str, str],
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = _nothing,
    cancelled: Cancelled = never,
) -> Sequence[Fetched]:
    """Fetch and import each source; one that fails costs only itself, and what was in force stays in force.

    ``progress`` is told the source and what is done of how many bytes, of the fetch and then of the import. Raises
    CatalogueError, PermissionsError where nothing can be kept in ``directory``.
    """
    make_directory(directory)
    found = []
    for source, url in wanted.items():
        told = _Told(source, progress)
        try:
            found.append(_updated(directory, source, url, limits, told, cancelled))
        except CatalogueError as error:
            found.append(Fetched(source, "failed", in_force(directory, source), error))
        if cancelled():
            break
    _remember(directory, found)
    return found


class _Told:
    """Progress of one source."""

    def __init__(self, source: str, progress: Progress) -> None:
        self._source = source
        self._progress = progress

    def __call__(self, done: int, total: int) -> None:
        self._progress(self._source, done, total)


def _updated(directory: Path, source: str, url: str, limits: Limits, told: _Told, cancelled: Cancelled) -> Fetched:
    earlier = in_force(directory, source)
    known = earlier.etag if earlier is not None and earlier.origin == url else ""
    file = scratch(directory)
    try:
        etag = fetch(url, file, known, limits, told, cancelled)
        if etag is None:
            return Fetched(source, "unchanged", earlier)
        about = import_file(
            file,
            directory,
            origin=url,
            etag=etag,
            progress=told,
            cancelled=cancelled,
            check=lambda new, old: _believe(new, old, source, url),
        )
        return Fetched(source, "updated", about)
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _believe(new: About, earlier: About | None, source: str, url: str) -> None:
    """Raise CatalogueUpdateError for another kind of list than is wanted, or one that shrank beyond belief."""
    if new.source != source:
        raise CatalogueUpdateError(
            f"{url} holds a list of the kind {new.source} and not {source}.", "Look at the address in the settings."
        )
    if earlier is not None and earlier.origin == url and new.titles < _SHRUNK * earlier.titles:
        raise CatalogueUpdateError(
            f"{url} holds {new.titles} titles, where there were {earlier.titles} before.",
            "If that is right, save it and run: gamedetectd catalogue import FILE",
        )


def last_checked(directory: Path) -> Mapping[str, Checked]:
    """How the last fetch of each source ended; nothing where none was ever made."""
    try:
        return msgspec.json.decode((directory / STATE).read_bytes(), type=dict[str, Checked])
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return {}


def _remember(directory: Path, found: Sequence[Fetched]) -> None:
    state = dict(last_checked(directory))
    for one in found:
        state[one.source] = Checked(time.time(), one.result, one.error.cause if one.error is not None else "")
    try:
        write_private_atomic(directory / STATE, msgspec.json.encode(state))
    except OSError as error:
        log.warning("when the lists of games were fetched could not be noted: %s", error.strerror)


class Updater:
    """Fetches the lists every few days while the daemon runs, if that is switched on. Give ``run`` to a Worker."""

    def __init__(self, directory: Path, settings: Settings, limits: Limits = DEFAULT_LIMITS) -> None:
        self._directory = directory
        self._wanted = addresses(settings) if settings.catalogue.auto_update else {}
        self._every = settings.catalogue.update_days * _DAY
        self._limits = limits
        self._first_pause = FIRST_PAUSE

    def run(self, stop: Stop) -> None:
        """Sleep until a list is due, have it fetched in a thread beside, and sleep on."""
        if not self._wanted:
            while not stop.wait(None):
                pass
            return
        if stop.wait(self._first_pause):
            return
        while not stop.is_set():
            pause = self._pause()
            if pause > 0:
                stop.wait(min(pause, _LONGEST_WAIT))
            else:
                self._fetch_beside(stop)
                if not stop.is_set() and self._pause() <= 0:  # not even that it failed could be noted
                    stop.wait(RETRY_SECONDS)

    def _pause(self) -> float:
        """Seconds until the first source is due. A clock that was set back makes all of them due."""
        state, now = last_checked(self._directory), time.time()
        return min((self._due(state.get(source), now) for source in self._wanted), default=_LONGEST_WAIT)

    def _due(self, checked: Checked | None, now: float) -> float:
        if checked is None or checked.at > now:
            return 0.0
        every = min(RETRY_SECONDS, self._every) if checked.result == "failed" else self._every
        return max(0.0, checked.at + every - now)

    def _fetch_beside(self, stop: Stop) -> None:
        """Wait for the thread through ``stop`` alone, so that nobody takes a slow line for a stuck worker."""
        ear, bell = socket.socketpair()
        over = threading.Event()
        with ear, bell:
            thread = threading.Thread(target=self._fetch, args=(over, bell), name="catalogue-fetch", daemon=True)
            thread.start()
            while thread.is_alive() and not stop.is_set():
                stop.select([ear], None)
                if not stop.is_set():
                    thread.join(_STOP_SECONDS)
            over.set()
            thread.join(_STOP_SECONDS)

    def _fetch(self, over: threading.Event, bell: socket.socket) -> None:
        state, now = last_checked(self._directory), time.time()
        due = {source: url for source, url in self._wanted.items() if self._due(state.get(source), now) <= 0}
        try:
            with correlation():
                for one in update(self._directory, due, self._limits, cancelled=over.is_set):
                    _say(one)
        except GamedetectdError as error:
            log.warning("the lists of games could not be fetched: %s", error.cause)
        finally:
            with suppress(OSError):  # nobody listens any more
                bell.send(b"r")


def _say(one: Fetched) -> None:
    if one.error is not None:
        log.warning("the list %s could not be fetched: %s", one.source, one.error.cause)
    elif one.result == "updated" and one.about is not None:
        log.info("the list %s was fetched: %d titles", one.source, one.about.titles)

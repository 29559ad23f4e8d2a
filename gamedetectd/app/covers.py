"""Covers in a daemon: those of the games that are played are fetched, one after the other, where that is switched on.

Nothing waits for them: who shows a game asks ``cover_file``, which looks at the disk alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gamedetectd.app.checks.exposure import COVERS_FAILING
from gamedetectd.catalogue.covers import Covers, Note
from gamedetectd.config import outward
from gamedetectd.domain import Game
from gamedetectd.errors import CoverError, CoverKeyError, DeliveryError, GamedetectdError, HistoryError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.observability.redaction import is_private_title, redact
from gamedetectd.paths import Paths
from gamedetectd.worker import StopSignal, rest

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.catalogue.steamgriddb import Asking, Server

log = logging.getLogger(__name__)

WHOLE_SECONDS = 60.0
"""For all questions about one game."""
PAUSE = 2.0
"""Seconds between two games: nobody waits for a cover."""
RETRY_SECONDS = 3600.0
"""Seconds after which a game whose cover could not be fetched is asked for again."""
MOST_GAMES = 200
"""Of the history, those played most."""


def covers_of(paths: Paths) -> Covers:
    """The covers on this computer."""
    return Covers(paths.cache / "covers")


def cover_file(paths: Paths, game_id: str) -> Path | None:
    """The picture of a game, a JPEG, PNG or WebP file by its ending, if there is one. Never fetches anything."""
    return covers_of(paths).file(game_id)


def fetch_cover(
    covers: Covers, settings: outward.Covers, secret: Callable[[str], str], game: Game, ca_file: str = ""
) -> Note:
    """Ask for the cover of one game and keep what comes of it. Raises CoverError, or a SecretError for the key."""
    from gamedetectd.catalogue.steamgriddb import Asking

    return keep_cover(covers, settings, Asking(server_of(settings, secret, ca_file)), game)


class CoverService:
    """Give ``run`` to a Worker, and wake it when games start. ``changed`` is told when ``look`` says another thing."""

    def __init__(self, daemon: Daemon, settings: outward.Covers, changed: Callable[[], None]) -> None:
        from gamedetectd.sinks.aside import Aside

        self.covers = covers_of(daemon.paths)
        self.ca_file = ""
        self._daemon = daemon
        self._settings = settings
        self._changed = changed
        self._aside: Aside[Note] = Aside("covers")
        self._trouble: Finding | None = None
        self._not_before: dict[str, float] = {}
        """When (monotonic) a game may be asked for again whose cover could not be fetched."""
        self._played: list[Game] | None = None

    def look(self) -> Finding | None:
        """Why no covers are fetched."""
        return self._trouble

    def run(self, stop: Stop) -> None:
        """Fetch what is missing or too old, and sleep until games start."""
        if isinstance(stop, StopSignal):
            self._aside.attach(stop)
        while not stop.is_set():
            game = next(self._due(), None)
            if game is None:
                stop.wait(None)
            else:
                rest(stop, self._fetch(game))

    def _due(self) -> Iterator[Game]:
        """The games of now, and then those played most, as far as something is to be asked about them."""
        now, days = time.monotonic(), self._settings.max_age_days
        for game in (*(one.game for one in self._daemon.snapshot().sessions), *self._most_played()):
            if is_private_title(game.title):
                continue
            if self._not_before.get(game.id, 0.0) <= now and self.covers.due(game.id, days):
                yield game

    def _most_played(self) -> list[Game]:
        if self._played is None:
            try:
                self._played = [one.game for one in self._daemon.reader.totals()[:MOST_GAMES]]
            except HistoryError as error:
                log.warning("%s", error)
                return []
        return self._played

    def _fetch(self, game: Game) -> float:
        """Seconds to wait before the next one."""
        from gamedetectd.catalogue.steamgriddb import Asking

        asking: list[Asking] = []

        def job() -> Note:
            asking.append(Asking(server_of(self._settings, self._daemon.secrets.get, self.ca_file)))
            return keep_cover(self.covers, self._settings, asking[0], game)

        try:
            self._aside.do(job, WHOLE_SECONDS, lambda: _call_off(asking))
        except GamedetectdError as error:
            self._not_before[game.id] = time.monotonic() + RETRY_SECONDS
            ends = isinstance(error, DeliveryError) and self._aside.signal.is_set()
            if not ends:
                log.warning("the cover of %s was not fetched: %s", redact(game.title), error.cause)
                self._note(Finding(COVERS_FAILING, f"{error.cause} {error.remedy}"))
            return max(PAUSE, getattr(error, "after", 0.0))
        self._note(None)
        return PAUSE

    def _note(self, trouble: Finding | None) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._changed()


def _call_off(asking: list[Asking]) -> None:
    for one in asking:
        one.call_off()


def server_of(settings: outward.Covers, secret: Callable[[str], str], ca_file: str = "") -> Server:
    """Where covers come from. Raises CoverKeyError where no key is named, a SecretError where it cannot be read."""
    from gamedetectd.catalogue.steamgriddb import Server

    if not settings.key_secret:
        raise CoverKeyError(
            "There is no key for covers: covers.key_secret names none.",
            "Keep it with `gamedetectd secret set steamgriddb`, and write that name into covers.key_secret.",
        )
    return Server(settings.url, secret(settings.key_secret), settings.allow_private, ca_file)


def keep_cover(covers: Covers, settings: outward.Covers, asking: Asking, game: Game) -> Note:
    """Ask, and keep the answer; a picture that is none is kept as none. Raises CoverError."""
    note, picture = asking.cover(game)
    try:
        covers.keep(note, picture)
    except CoverError:
        covers.keep(Note(note.game_id, note.title, note.at, name=note.name, released=note.released))
        raise
    covers.shrink(settings.max_bytes)
    return note

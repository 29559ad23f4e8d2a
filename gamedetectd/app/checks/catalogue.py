"""Imported lists of games: whether they can be read, and whether they are kept as fresh as the person wants."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding, problem_finding
from gamedetectd.i18n import N_

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

DAMAGED = "catalogue-damaged"
OLD = "catalogue-old"

DAY = 86_400.0
OLD_BY_HAND = 180 * DAY
"""Age in seconds at which a list that the person imported is called old."""
MISSED = 3
"""Updates by themselves that may be missed."""
LOOK_EVERY = 600.0
"""Seconds between two looks at ages, which change slowly."""


class Catalogue(Check):
    """Every imported list. Where none was imported and none is to be fetched, none can be old."""

    name = "catalogue"
    conditions = (
        Condition(
            DAMAGED,
            N_("A list of known games is damaged and set aside"),
            Severity.WARNING,
            N_("Fetch it again: gamedetectd catalogue update, or import it: gamedetectd catalogue import FILE"),
            flaps=False,
        ),
        Condition(
            OLD,
            N_("A list of known games is old"),
            Severity.INFO,
            N_(
                "Newer games may go unnoticed. See gamedetectd catalogue status; fetch it: gamedetectd catalogue update"
            ),
            (DAMAGED,),
            flaps=False,
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._next = -math.inf
        self._old: tuple[Finding, ...] = ()

    def look(self) -> Iterator[Finding]:
        room = self.daemon.machine.catalogue.room
        yield from problem_finding(DAMAGED, room.problem())
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LOOK_EVERY
            self._old = tuple(self._find_old())
        yield from self._old

    def _find_old(self) -> Iterator[Finding]:
        settings = self.daemon.settings.catalogue
        limit = MISSED * settings.update_days * DAY if settings.auto_update else OLD_BY_HAND
        for _, about in self.daemon.machine.catalogue.room.indexes():
            age = time.time() - about.made_at
            if age > limit:
                yield Finding(OLD, f"{about.source} is {age / DAY:.0f} days old.", about.source)

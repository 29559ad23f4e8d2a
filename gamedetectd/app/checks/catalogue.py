"""Imported lists of games: whether they can be read, and whether they are kept as fresh as the person wants."""

from __future__ import annotations

import time
from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding, problem_finding
from gamedetectd.i18n import N_

DAMAGED = "catalogue-damaged"
OLD = "catalogue-old"
NOT_FETCHED = "catalogue-not-fetched"

DAY = 86_400.0
OLD_BY_HAND = 180 * DAY
"""Age in seconds at which a list that the person imported is called old."""
MISSED = 3
"""Updates by themselves that may be missed."""


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
            (DAMAGED, NOT_FETCHED),
            flaps=False,
        ),
        Condition(
            NOT_FETCHED,
            N_("A list of known games could not be fetched"),
            Severity.INFO,
            N_("The one there is stays in force; it is tried again in some hours. See: gamedetectd catalogue status"),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        room = self.daemon.machine.catalogue.room
        yield from problem_finding(DAMAGED, room.problem())
        settings = self.daemon.settings.catalogue
        if settings.auto_update:
            yield from self._not_fetched()
        limit = MISSED * settings.update_days * DAY if settings.auto_update else OLD_BY_HAND
        for _, about in room.indexes():
            age = time.time() - about.made_at
            if age > limit:
                yield Finding(OLD, f"{about.source} is {age / DAY:.0f} days old.", about.source)

    def _not_fetched(self) -> Iterator[Finding]:
        from gamedetectd.catalogue.updater import last_checked  # loaded where it is switched on, and only there

        for source, checked in last_checked(self.daemon.machine.catalogue.directory).items():
            if checked.error:
                yield Finding(NOT_FETCHED, f"{source}: {checked.error}", source)

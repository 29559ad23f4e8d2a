"""Imported lists of games: whether they can be read, and whether they are kept as fresh as the person wants."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

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
        limit = MISSED * settings.update_days * DAY if settings.auto_update else OLD_BY_HAND
        ages = {about.source: time.time() - about.made_at for _, about in room.indexes()}
        old = {source: age for source, age in ages.items() if age > limit}
        if settings.auto_update or old:
            yield from self._fetches(old, limit, told=settings.auto_update)

    def _fetches(self, old: Mapping[str, float], limit: float, *, told: bool) -> Iterator[Finding]:
        """What came of the latest fetches; a list that was found unchanged a while ago is not old."""
        from gamedetectd.catalogue.updater import last_checked  # loaded where it matters, and only there

        checks = last_checked(self.daemon.machine.catalogue.directory)
        for source, checked in checks.items():
            if told and checked.error:
                yield Finding(NOT_FETCHED, f"{source}: {checked.error}", source)
        for source, age in old.items():
            latest = checks.get(source)
            if latest is None or latest.error or time.time() - latest.at > limit:
                yield Finding(OLD, f"{source} is {age / DAY:.0f} days old.", source)

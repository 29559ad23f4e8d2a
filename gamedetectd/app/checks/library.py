"""Installed games: whether all that the stores keep can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

UNREADABLE = "store-unreadable"


class Library(Check):
    """Every store's reader."""

    name = "library"
    conditions = (
        Condition(
            UNREADABLE,
            N_("Some of a store's installed games cannot be read"),
            Severity.INFO,
            N_("See: gamedetectd library list; what the store itself writes anew is read again by itself."),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        for store, problems in groupby(self.daemon.machine.library.problems(), key=itemgetter(0)):
            places = [problem.place for _, problem in problems]
            yield Finding(UNREADABLE, f"{store}: {len(places)} (first: {places[0]})", store)

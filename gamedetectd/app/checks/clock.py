"""The clocks: whether the calendar was set, the time zone changed, and how often the machine slept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import PowerState, Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_
from gamedetectd.platforms.clock.zone import reread_zone, zone
from gamedetectd.sensors.power import changes

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

SET = "clock-set"
ZONE_CHANGED = "time-zone-changed"

TOLD_FOR = 120.0
"""Seconds for which it is told: long enough to be seen by whoever wonders."""
SMALLEST_JUMP = 30.0
"""Seconds; less is the calendar being put right after a start or a sleep, of which nobody needs to hear."""


class Clock(Check):
    """What became of time since the last look. Sleep is counted and is no trouble."""

    name = "clock"
    conditions = (
        Condition(
            SET,
            N_("The clock was set"),
            Severity.INFO,
            N_("Nothing needs to be done: play time does not depend on it."),
        ),
        Condition(
            ZONE_CHANGED,
            N_("The time zone was changed"),
            Severity.INFO,
            N_("Nothing needs to be done: times are kept in UTC and shown in the new zone from now on."),
        ),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._before = daemon.machine.clock.now()
        self._zone = zone()
        self._told: dict[str, tuple[float, Finding]] = {}
        """By code: until when, on the awake clock, and what."""

    def look(self) -> Iterator[Finding]:
        vitals, now = self.daemon.vitals, self.daemon.machine.clock.now()
        for change in changes(self._before, now):
            if change.state is PowerState.SLEPT:
                vitals.slept(change.seconds)
            elif abs(change.seconds) >= SMALLEST_JUMP:
                vitals.clock_jumps += 1
                way = "forward" if change.seconds > 0 else "back"
                self._tell(now.awake, Finding(SET, f"It was set {way} by {_span(abs(change.seconds))}."))
        self._before = now
        if (there := zone()) != self._zone:
            before, self._zone = self._zone, there
            reread_zone()
            self._tell(now.awake, Finding(ZONE_CHANGED, f"It was {before} and is {there}."))
        self._told = {code: (until, one) for code, (until, one) in self._told.items() if until > now.awake}
        for _, finding in self._told.values():
            yield finding

    def _tell(self, awake: float, finding: Finding) -> None:
        self._told[finding.code] = (awake + TOLD_FOR, finding)


def _span(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    for unit, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} seconds"

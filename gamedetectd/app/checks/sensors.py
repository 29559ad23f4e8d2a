"""What watches the machine: whether it can, or has to do it the slower way. That it lives, its worker says."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding, problem_finding
from gamedetectd.i18n import N_
from gamedetectd.sensors.foreground import ForegroundSensor

UNSUPPORTED = "sensor-unsupported"
FALLBACK = "sensor-fallback"
WINDOWS_UNSEEN = "windows-unseen"
ITS_OWN_CHECK = frozenset(["screen", "title_screen"])
"""Sensors that are spoken for elsewhere: ``vision`` and ``reading``."""


class Sensors(Check):
    """Every sensor's own word, and that of the watch on the stores' folders.

    Whether it can work at all its worker has asked: the answer may take seconds.
    """

    name = "sensors"
    conditions = (
        Condition(
            UNSUPPORTED,
            N_("Something cannot be watched here"),
            Severity.INFO,
            N_("Nothing needs to be done, unless you expect it to work here."),
            NO_WORKER,
        ),
        Condition(
            FALLBACK,
            N_("Something is watched the slower way"),
            Severity.INFO,
            N_("Nothing needs to be done; games are noticed a little later."),
            NO_WORKER,
            30.0,
        ),
        Condition(
            WINDOWS_UNSEEN,
            N_("This desktop does not tell which window is in front"),
            Severity.INFO,
            N_(
                "Games are still recognised by their processes; time in the foreground is counted for X11 programs at "
                "most. On GNOME our extension tells: gamedetectd desktop install-extension"
            ),
            NO_WORKER,
            10.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        for sensor in self.daemon.sensors:
            if sensor.name in ITS_OWN_CHECK:
                continue
            unsupported = self.daemon.unsupported.get(sensor.name)
            blind = sensor.blind_reason(unsupported) if isinstance(sensor, ForegroundSensor) else None
            if blind is not None:
                yield Finding(WINDOWS_UNSEEN, blind, sensor.name)
            elif unsupported is not None:
                yield Finding(UNSUPPORTED, unsupported, sensor.name)
            elif (degraded := sensor.degraded_reason()) is not None:
                yield Finding(FALLBACK, degraded, sensor.name)
        yield from problem_finding(FALLBACK, self.daemon.machine.library.degraded_reason, "library")

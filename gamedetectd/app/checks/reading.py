"""Reading title screens, where it is switched on: is everything there, and does its child hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.vision import CRASHES
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

if TYPE_CHECKING:
    from gamedetectd.sensors.screen_child import Report

PARTS_MISSING = "title-screens-missing"
FAILS = "title-screens-fail"


class Reading(Check):
    """What the sensor that reads says of itself; all else works the same without it."""

    name = "title_screens"
    conditions = (
        Condition(
            PARTS_MISSING,
            N_("Reading title screens is switched on, but not installed"),
            Severity.WARNING,
            N_(
                "Install it: pip install 'gamedetectd[ocr]', or switch it off: "
                "gamedetectd config set vision.read_titles false"
            ),
            NO_WORKER,
        ),
        Condition(
            FAILS,
            N_("Title screens cannot be read"),
            Severity.WARNING,
            N_(
                "It is tried again by itself, less and less often; or switch it off: "
                "gamedetectd config set vision.read_titles false"
            ),
            NO_WORKER,
        ),
    )

    def look(self) -> Iterator[Finding]:
        return self.daemon.eyes.reading()


def findings(report: Report, unsupported: str | None) -> Iterator[Finding]:
    """What is wrong, as the sensor reports it; ``unsupported`` is why it cannot work here."""
    if unsupported is not None:
        yield Finding(PARTS_MISSING, unsupported)
    elif report.error is not None and report.failures >= CRASHES:
        yield Finding(FAILS, report.error.cause)

"""Looking at the screen, where it is switched on: is everything there, may windows be captured, does the child hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.errors import (
    GamedetectdError,
    ModelDamagedError,
    ModelMissingError,
    ModelShapeError,
    ReferencesError,
    VisionMissingError,
)
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_
from gamedetectd.platforms.children.held import ChildError, End

if TYPE_CHECKING:
    from gamedetectd.sensors.screen_child import Report

PARTS_MISSING = "vision-missing"
MODEL_MISSING = "vision-model-missing"
MODEL_DAMAGED = "vision-model-damaged"
REFERENCES_UNUSABLE = "vision-references-unusable"
CAPTURE_DENIED = "capture-denied"
CHILD_CRASHES = "vision-crashes"
CHILD_MEMORY = "vision-memory"
CHILD_SLOW = "vision-slow"

SLOW = 4.0
"""Seconds of the processor for one sequence of frames from which on looking is slow."""
CRASHES = 2
"""In a row; one may happen to a child whose window or display went away."""

_OFF = N_("It is tried again by itself, less and less often; or switch it off: gamedetectd vision off")
_AGAIN = N_(
    "Install it again: pip install --force-reinstall 'gamedetectd[vision]', or switch it off: gamedetectd vision off"
)


class Vision(Check):
    """What the screen sensor says of itself; all else works the same without it."""

    name = "vision"
    conditions = (
        Condition(
            PARTS_MISSING,
            N_("Looking at the screen is switched on, but not installed"),
            Severity.WARNING,
            N_("Install it: pip install 'gamedetectd[vision]', or switch it off: gamedetectd vision off"),
            NO_WORKER,
        ),
        Condition(MODEL_MISSING, N_("What looks at the screen is missing"), Severity.WARNING, _AGAIN, NO_WORKER),
        Condition(MODEL_DAMAGED, N_("What looks at the screen is damaged"), Severity.WARNING, _AGAIN, NO_WORKER),
        Condition(
            REFERENCES_UNUSABLE,
            N_("What titles look like cannot be read"),
            Severity.WARNING,
            N_("Move the file away that is named, and teach it anew: gamedetectd vision learn TITLE"),
            NO_WORKER,
        ),
        Condition(
            CAPTURE_DENIED,
            N_("The picture of the window in front cannot be had"),
            Severity.INFO,
            N_(
                "Allow it where your system asks (on GNOME and KDE: gamedetectd vision allow; on macOS: System "
                "Settings, Privacy & Security, Screen & System Audio Recording); where it cannot be had, switch "
                "looking off: gamedetectd vision off"
            ),
            NO_WORKER,
        ),
        Condition(CHILD_CRASHES, N_("The process that looks at the screen crashes"), Severity.WARNING, _OFF, NO_WORKER),
        Condition(
            CHILD_MEMORY,
            N_("The process that looks at the screen needs too much memory"),
            Severity.WARNING,
            _OFF,
            NO_WORKER,
        ),
        Condition(
            CHILD_SLOW,
            N_("Looking at the screen is slow on this computer"),
            Severity.INFO,
            N_("Nothing needs to be done: it looks less often for it. Or switch it off: gamedetectd vision off"),
            NO_WORKER,
        ),
    )

    def look(self) -> Iterator[Finding]:
        return self.daemon.eyes.findings()


def findings(report: Report, *, unsupported: bool) -> Iterator[Finding]:
    """What is wrong, as the sensor reports it; ``unsupported``: it said that it cannot work here."""
    if unsupported:
        yield from _absent()
        return
    if report.unseen is not None:
        yield Finding(CAPTURE_DENIED, report.unseen)
    if report.error is not None:
        yield from _failed(report.error, report.failures)
    elif report.latest > SLOW:
        yield Finding(CHILD_SLOW, f"The latest look took {report.latest:.1f} s of the processor.")


def _absent() -> Iterator[Finding]:
    """Which part is not there."""
    from gamedetectd.vision.model_files import insist_on_parts, models

    try:
        insist_on_parts()
        models()
    except GamedetectdError as error:
        yield from _failed(error, CRASHES)


def _failed(error: GamedetectdError, failures: int) -> Iterator[Finding]:
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "")
    if code:
        yield Finding(code, error.cause)
        return
    end = error.__cause__.end if isinstance(error.__cause__, ChildError) else End.CRASHED
    if end is End.MEMORY:
        yield Finding(CHILD_MEMORY, error.cause)
    elif end is End.LATE:
        yield Finding(CHILD_SLOW, error.cause)
    elif failures >= CRASHES:
        yield Finding(CHILD_CRASHES, error.cause)


_CODES: dict[type[GamedetectdError], str] = {
    VisionMissingError: PARTS_MISSING,
    ModelMissingError: MODEL_MISSING,
    ModelDamagedError: MODEL_DAMAGED,
    ModelShapeError: MODEL_DAMAGED,
    ReferencesError: REFERENCES_UNUSABLE,
}

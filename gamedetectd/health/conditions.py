"""The words of health: what can be wrong is declared, what is wrong is found, and all of it comes down to one word.

Nothing found means healthy. Each check in ``app.checks`` declares its own conditions; those the monitor tells of
itself are here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from gamedetectd.domain import ActiveCondition, Severity
from gamedetectd.i18n import N_

Overall = Literal["healthy", "degraded", "unhealthy"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that can be wrong. ``code`` stays; ``title`` and ``remedy`` are what a person reads,
    marked by ``N_`` and translated where they are shown.

    It is told once it lasted ``time_to_visible`` seconds, and taken back once it was absent for ``time_to_clear``
    seconds; one that ``flaps`` is held for a minute at least. While a condition in ``depends_on`` is there too (for the
    same key, or for the whole daemon), that one is the cause and this one is not told.
    """

    code: str
    title: str
    severity: Severity
    remedy: str
    depends_on: tuple[str, ...] = ()
    time_to_visible: float = 0.0
    time_to_clear: float = 0.0
    flaps: bool = True
    """False for what changes by the person's hand alone: whoever mended it sees so at once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition seen now. ``key`` says where (a worker's, sensor's or sink's name), empty for the whole daemon."""

    code: str
    message: str
    key: str = ""


PROBE_FAILED = "probe-failed"
PROBE_STUCK = "probe-stuck"
MACHINE_STARVED = "machine-starved"
"""The cause of whatever is slow."""

RESTART = N_("Restart it (gamedetectd stop, then gamedetectd run); if it comes back, report it with: gamedetectd logs")
WRITABLE = N_("Check that the directory is yours and writable and that the disk has room; it goes on by itself then.")

OF_THE_MONITOR: tuple[Condition, ...] = (
    Condition(PROBE_FAILED, N_("A health check failed"), Severity.WARNING, RESTART),
    Condition(PROBE_STUCK, N_("A health check does not come back"), Severity.WARNING, RESTART, (MACHINE_STARVED,)),
)


def problem_finding(code: str, problem: Exception | str | None, key: str = "") -> Iterator[Finding]:
    """A part's own word: a sentence or an error if something is wrong there, None if not."""
    if problem is not None:
        yield Finding(code, getattr(problem, "cause", None) or str(problem), key)


def overall(conditions: Iterable[ActiveCondition]) -> Overall:
    """All conditions in one word: an error makes unhealthy, a warning degraded, information nothing."""
    severities = {condition.severity for condition in conditions}
    if Severity.ERROR in severities:
        return "unhealthy"
    return "degraded" if Severity.WARNING in severities else "healthy"

"""What we use ourselves (CPU, memory, descriptors, threads), and whether the machine has enough left for others.

While the machine is starved we hold back (``app.vitals``): it is the player's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gamedetectd.app.checks.check import Check
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import MACHINE_STARVED, RESTART, Condition, Finding
from gamedetectd.health.growth import Growth, Limits
from gamedetectd.health.strain import Strain
from gamedetectd.health.usage import CpuShare
from gamedetectd.i18n import N_
from gamedetectd.platforms.resources import Resources

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

CPU_HIGH = "own-cpu-high"
MEMORY_GROWING = "own-memory-growing"
FILES_GROWING = "own-files-growing"
FILES_SCARCE = "own-files-scarce"
THREADS_GROWING = "own-threads-growing"

CPU_BUDGET = 0.03
"""Share of one core that five minutes on average may cost: ten times what the daemon needs where it has to poll."""
FILES_SHARE = 0.8
"""Share of the descriptors allowed from which on they are scarce."""
WARM_UP = 600.0
"""Seconds after the start in which growth is no news."""

_REPORT = N_(
    "Restart it when it suits you (gamedetectd stop, then gamedetectd run), and report it with: gamedetectd logs"
)


class _Watched(NamedTuple):
    """Something of ours that must not grow for ever: the condition, what it is called, its unit and the limits."""

    code: str
    what: str
    unit: float
    limits: tuple[Limits, ...]


HOUR = 3_600.0
_GROWTH = (
    _Watched(
        MEMORY_GROWING,
        "MB of memory",
        1e6,
        (Limits(1_800.0, 40e6 / HOUR, 15e6), Limits(4 * HOUR, 2e6 / HOUR, 6e6)),
    ),
    _Watched(FILES_GROWING, "open files", 1.0, (Limits(1_800.0, 60 / HOUR, 25), Limits(4 * HOUR, 5 / HOUR, 16))),
    _Watched(THREADS_GROWING, "threads", 1.0, (Limits(1_800.0, 40 / HOUR, 15), Limits(4 * HOUR, 3 / HOUR, 10))),
)


class OwnResources(Check):
    """One look at this process and the machine, kept for whoever else wants it."""

    name = "resources"
    conditions = (
        Condition(
            MACHINE_STARVED,
            N_("The machine is very busy: gamedetectd holds back"),
            Severity.INFO,
            N_("Nothing needs to be done: it looks less often and is as before once the machine has a rest."),
        ),
        Condition(CPU_HIGH, N_("gamedetectd uses more of the processor than it should"), Severity.WARNING, _REPORT),
        Condition(MEMORY_GROWING, N_("gamedetectd uses more and more memory"), Severity.WARNING, _REPORT),
        Condition(
            FILES_SCARCE,
            N_("gamedetectd has nearly all files open that it may"),
            Severity.ERROR,
            RESTART,
        ),
        Condition(
            FILES_GROWING, N_("gamedetectd opens more and more files"), Severity.WARNING, _REPORT, (FILES_SCARCE,)
        ),
        Condition(THREADS_GROWING, N_("gamedetectd starts more and more threads"), Severity.WARNING, _REPORT),
    )

    def __init__(self, daemon: Daemon) -> None:
        super().__init__(daemon)
        self._strain = Strain()
        self._cpu = CpuShare()
        self._growth = [(row, [Growth(limits, WARM_UP) for limits in row.limits]) for row in _GROWTH]

    def look(self) -> Iterator[Finding]:
        vitals = self.daemon.vitals
        now = vitals.look()
        strained = self._strain.take(now)
        vitals.hold_back(strained)
        if strained is not None:
            yield Finding(MACHINE_STARVED, strained)
        if (share := self._cpu.take(now)) is not None and share > CPU_BUDGET:
            yield Finding(CPU_HIGH, f"{share:.1%} of one core on average over the last five minutes.")
        if now.open_files_limit is not None and now.open_files > FILES_SHARE * now.open_files_limit:
            yield Finding(FILES_SCARCE, f"{now.open_files} of {now.open_files_limit} are open.")
        yield from self._growing(now)

    def _growing(self, now: Resources) -> Iterator[Finding]:
        values = (now.rss_bytes, now.open_files, now.threads)
        for value, (row, trends) in zip(values, self._growth, strict=True):
            for trend in trends:
                trend.take(now.at, value)
            slope = next((trend.slope for trend in trends if trend.slope is not None), None)
            if slope is not None:
                message = f"{value / row.unit:.0f} {row.what}, {slope * HOUR / row.unit:.1f} more every hour."
                yield Finding(row.code, message)

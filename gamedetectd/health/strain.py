"""Whether the machine is starved of CPU or memory: told late, taken back late, so that it does not go to and fro."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gamedetectd.platforms.resources import Resources

LOOKS = 2
"""Looks in a row that must agree before the machine is called starved, or no longer so."""


class Sign(NamedTuple):
    """One sign of a starved machine: at ``enter`` it begins, below ``leave`` it ends. Measured as a share, 0 to 1."""

    measure: Callable[[Resources, Resources], float | None]
    enter: float
    leave: float
    sentence: str


def _busy(before: Resources, now: Resources) -> float | None:
    """Share of all cores' time that was used between two looks; only where the system does not tell who waited."""
    if now.cpu_pressure is not None or now.system_cpu_seconds is None or before.system_cpu_seconds is None:
        return None
    whole = now.system_cpu_seconds - before.system_cpu_seconds
    busy = (now.system_cpu_busy_seconds or 0.0) - (before.system_cpu_busy_seconds or 0.0)
    return busy / whole if whole > 0 else None


def _used(_before: Resources, now: Resources) -> float | None:
    """Share of the memory that is not available."""
    return 1.0 - now.system_memory_available_bytes / now.system_memory_bytes if now.system_memory_bytes else None


SIGNS = (
    Sign(lambda _, now: now.cpu_pressure, 0.8, 0.5, "For {share:.0%} of the last minute programs waited for the CPU."),
    Sign(_busy, 0.97, 0.85, "{share:.0%} of all processors' time was used lately."),
    Sign(
        lambda _, now: now.memory_stall, 0.1, 0.03, "For {share:.0%} of the last minute everything waited for memory."
    ),
    Sign(_used, 0.97, 0.94, "{share:.0%} of the memory is used."),
)
"""Linux tells how long programs waited (pressure); elsewhere how much is used has to do."""


class Strain:
    """Takes one look after the other and says, in a sentence, why the machine is starved; None while it is not."""

    def __init__(self, signs: tuple[Sign, ...] = SIGNS) -> None:
        self._signs = signs
        self._before: Resources | None = None
        self._starved = False
        self._differ = 0
        """Looks in a row that say the opposite of ``_starved``."""
        self._sentence = ""

    def take(self, now: Resources) -> str | None:
        """The next look."""
        before, self._before = self._before or now, now
        if (sentence := self._sign(before, now)) is not None:
            self._sentence = sentence
        self._differ = 0 if (sentence is not None) == self._starved else self._differ + 1
        if self._differ >= LOOKS:
            self._starved, self._differ = not self._starved, 0
        return self._sentence if self._starved else None

    def _sign(self, before: Resources, now: Resources) -> str | None:
        for measure, enter, leave, sentence in self._signs:
            share = measure(before, now)
            if share is not None and share >= (leave if self._starved else enter):
                return sentence.format(share=share)
        return None

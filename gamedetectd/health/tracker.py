"""Which conditions a person is told of: pure bookkeeping between what probes see and what is said.

A condition is told once it lasted, hidden while its cause is told instead, and taken back slowly enough that one that
comes and goes is not told again and again. Time is an argument; durations run on the awake clock, so that a night's
sleep is neither a long trouble nor a long recovery.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from gamedetectd.domain import ActiveCondition, Instant, Severity
from gamedetectd.health.conditions import Condition

FLAP_WINDOW = 60.0
"""Seconds in which at most two changes of one condition are told: what was told stays told at least so long."""
LONGEST_HOLD = 960.0
"""Seconds a condition that keeps coming back is held at most before it is taken back."""
MEMORY = 3600.0
"""Seconds for which earlier appearances of a condition count as flapping."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since it was last asked: each appearance and each recovery once."""

    appeared: tuple[ActiveCondition, ...] = ()
    recovered: tuple[ActiveCondition, ...] = ()


@dataclass(slots=True)
class _Case:
    """One condition at one key. Times are awake seconds; ``since`` is wall time."""

    condition: Condition
    key: str
    present: bool = False
    turned_at: float = 0.0
    """When ``present`` last changed."""
    since: float = 0.0
    message: str = ""
    told: bool = False
    told_at: list[float] = field(default_factory=list)
    """When it was told, over the last hour."""

    def active(self) -> ActiveCondition:
        """As a person reads it."""
        kind = self.condition
        return ActiveCondition(kind.code, kind.title, kind.severity, self.message, kind.remedy, self.since)


class Tracker:
    """Knows every condition in the table it is given. Not thread-safe: one thread reports and asks."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._conditions = {condition.code: condition for condition in conditions}
        self.codes = frozenset(self._conditions)
        self.ignored: frozenset[str] = frozenset()
        """Codes that are told to nobody. They explain what depends on them nevertheless."""
        self._cases: dict[tuple[str, str], _Case] = {}
        self._appeared: list[ActiveCondition] = []
        self._recovered: list[ActiveCondition] = []

    def report(self, code: str, key: str, now: Instant, message: str | None) -> None:
        """Say that a condition is there (``message`` is the sentence to show) or is not (None).

        Raises:
            KeyError: No such condition was declared.
        """
        condition = self._conditions[code]
        case = self._cases.get((code, key))
        if case is None:
            if message is None:
                return
            case = self._cases[code, key] = _Case(condition, key)
        if (message is not None) != case.present:
            case.present = message is not None
            case.turned_at = now.awake
            if case.present and not case.told:
                case.since = now.wall
        if message is not None:
            case.message = message

    def visible(self, now: Instant) -> tuple[ActiveCondition, ...]:
        """What is to be shown now, worst first, then oldest first."""
        self._settle(now)
        shown = [
            case.active()
            for case in self._cases.values()
            if case.told and self._wanted(case.condition.code) and not any(cause.told for cause in self._causes(case))
        ]
        return tuple(sorted(shown, key=lambda one: (_ORDER[one.severity], one.since, one.code, one.message)))

    def standing(self, now: Instant) -> tuple[ActiveCondition, ...]:
        """Everything that was told and not taken back: also what its cause hides now, in no order."""
        self._settle(now)
        return tuple(case.active() for case in self._cases.values() if case.told)

    def changes(self, now: Instant) -> Changes:
        """What appeared and what recovered since the last call."""
        self._settle(now)
        appeared, recovered = (
            tuple(one for one in changed if self._wanted(one.code)) for changed in (self._appeared, self._recovered)
        )
        changes = Changes(appeared, recovered)
        self._appeared.clear()
        self._recovered.clear()
        return changes

    def deadline(self) -> float:
        """When, in awake seconds, something changes even if nothing is reported; infinity for never."""
        return min((self._due(case) for case in self._cases.values()), default=math.inf)

    def _wanted(self, code: str) -> bool:
        return code not in self.ignored

    def _settle(self, now: Instant) -> None:
        """Tell and take back what is due, causes before what depends on them, then forget what is long over."""
        while due := [case for case in self._cases.values() if now.awake >= self._due(case)]:
            for case in due:
                case.told = case.present
                if case.told:
                    case.told_at = [at for at in case.told_at if at > now.awake - MEMORY] + [now.awake]
                    self._appeared.append(case.active())
                else:
                    self._recovered.append(case.active())
        for place, case in list(self._cases.items()):
            if not case.present and not case.told and now.awake > case.turned_at + MEMORY:
                del self._cases[place]

    def _due(self, case: _Case) -> float:
        """When this case is to be told or taken back, in awake seconds; infinity if neither."""
        if case.present and not case.told:
            causes = self._causes(case)
            if any(cause.present or cause.told for cause in causes):
                return math.inf
            alone_since = max([case.turned_at, *(cause.turned_at for cause in causes)])
            return alone_since + case.condition.time_to_visible
        if case.told and not case.present and not case.condition.flaps:
            return case.turned_at + case.condition.time_to_clear
        if case.told and not case.present:
            earlier = sum(at > case.turned_at - MEMORY for at in case.told_at[:-1])
            hold = min(LONGEST_HOLD, FLAP_WINDOW * (1 << min(earlier, 10)))
            return max(case.turned_at + case.condition.time_to_clear, case.told_at[-1] + hold)
        return math.inf

    def _causes(self, case: _Case) -> list[_Case]:
        """What would explain this case: known cases it depends on, at the same key or for the whole daemon."""
        places = ((code, key) for code in case.condition.depends_on for key in dict.fromkeys((case.key, "")))
        return [self._cases[place] for place in places if place in self._cases]

"""The audit trail: whether it can be written, is sealed, and is as it was written."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.disk import NO_ROOM
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import WRITABLE, Condition, Finding, problem_finding
from gamedetectd.i18n import N_

UNWRITABLE = "audit-unwritable"
DAMAGED = "audit-damaged"
UNSEALED = "audit-unsealed"


class Audit(Check):
    """What the trail itself says of writing, of the keyring and of the look at it after the start."""

    name = "audit"
    conditions = (
        Condition(UNWRITABLE, N_("The audit trail cannot be written"), Severity.WARNING, WRITABLE, NO_ROOM),
        Condition(
            DAMAGED,
            N_("The audit trail is not as it was written"),
            Severity.WARNING,
            N_("See what is missing or changed: gamedetectd doctor --verify-audit. If it was not you, find out who."),
            flaps=False,
        ),
        Condition(
            UNSEALED,
            N_("The audit trail is not sealed"),
            Severity.INFO,
            N_("It is written all the same. Sealing it needs a keyring that is open: gamedetectd secret unlock"),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        trail = self.daemon.audit
        yield from problem_finding(UNWRITABLE, trail.problem)
        if trail.damage:
            more = f" And {len(trail.damage) - 1} more." if len(trail.damage) > 1 else ""
            yield Finding(DAMAGED, f"{trail.damage[0].meaning}{more}")
        yield from problem_finding(UNSEALED, trail.unsealed or None)

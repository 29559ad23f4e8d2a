"""Hooks and webhooks: events that did not arrive and were left out. What is still tried is told by ``sinks``."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.config.actions import Hook
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

HOOK_FAILING = "hook-failing"
WEBHOOK_REFUSED = "webhook-refused"


class ActionsCheck(Check):
    """The key is the name of the hook or webhook."""

    name = "actions"
    conditions = (
        Condition(
            HOOK_FAILING,
            N_("A hook fails"),
            Severity.WARNING,
            N_("Mend it and try it: gamedetectd hooks test NAME. What it printed: gamedetectd logs"),
            flaps=False,
        ),
        Condition(
            WEBHOOK_REFUSED,
            N_("A server refused an event"),
            Severity.WARNING,
            N_("Look at the webhook's template in actions.toml, and at what the server expects."),
            flaps=False,
        ),
    )

    def look(self) -> Iterator[Finding]:
        for action, trouble in self.daemon.actions.troubles():
            code = HOOK_FAILING if isinstance(action, Hook) else WEBHOOK_REFUSED
            yield Finding(code, f"{action.name}: {trouble}.", action.name)

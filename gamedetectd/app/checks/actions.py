"""Hooks, webhooks and brokers: events that did not arrive and were left out, and brokers that are away.

What of hooks, webhooks and brokers is still tried is told by ``sinks``.
"""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.config.actions import Hook
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

HOOK_FAILING = "hook-failing"
WEBHOOK_REFUSED = "webhook-refused"
BROKER_AWAY = "broker-away"


class ActionsCheck(Check):
    """The key is the name of the hook or webhook, of a broker that of its worker."""

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
        Condition(
            BROKER_AWAY,
            N_("There is no connection to an MQTT broker"),
            Severity.WARNING,
            N_("Nothing is lost: it is tried again by itself. To try it yourself: gamedetectd mqtt test NAME"),
            NO_WORKER,
            30.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        for action, trouble in self.daemon.actions.troubles():
            code = HOOK_FAILING if isinstance(action, Hook) else WEBHOOK_REFUSED
            yield Finding(code, f"{action.name}: {trouble}.", action.name)
        for name, away in self.daemon.actions.away():
            yield Finding(BROKER_AWAY, f"{name}: {away}", f"sink-{name}")

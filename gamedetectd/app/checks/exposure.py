"""What monitoring gets to see: whether HTTP and the file for the metrics work, where they are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.disk import NO_ROOM
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import WRITABLE, Condition, Finding
from gamedetectd.i18n import N_

HTTP_DOWN = "http-down"
DASHBOARD_DOWN = "dashboard-down"
TOKEN_UNUSABLE = "http-token-unusable"  # noqa: S105 - a code
METRICS_UNWRITABLE = "metrics-unwritable"
COVERS_FAILING = "covers-failing"
PRESENCE_REFUSED = "presence-refused"


class Exposure(Check):
    """Every way out that is switched on."""

    name = "exposure"
    conditions = (
        Condition(
            HTTP_DOWN,
            N_("HTTP does not answer"),
            Severity.WARNING,
            N_(
                "Choose another port (http.port in the settings), or end the program that has it; it goes on by itself."
            ),
            NO_WORKER,
        ),
        Condition(
            DASHBOARD_DOWN,
            N_("The dashboard cannot be opened"),
            Severity.WARNING,
            N_("Choose another port, or any that is free: gamedetectd config set dashboard.port 0"),
            NO_WORKER,
        ),
        Condition(
            TOKEN_UNUSABLE,
            N_("The token for HTTP cannot be used"),
            Severity.WARNING,
            N_("Delete the file that is named: another token is made then."),
            NO_WORKER,
        ),
        Condition(
            METRICS_UNWRITABLE,
            N_("The file for the metrics cannot be written"),
            Severity.WARNING,
            WRITABLE,
            (*NO_WORKER, *NO_ROOM),
        ),
        Condition(
            COVERS_FAILING,
            N_("Covers cannot be fetched"),
            Severity.INFO,
            N_("Games are shown without them. To try it yourself: gamedetectd covers fetch"),
            NO_WORKER,
            30.0,
        ),
        Condition(
            PRESENCE_REFUSED,
            N_("Discord does not show your game"),
            Severity.INFO,
            N_("Check presence.discord_application in the settings: the id of an application of yours at Discord."),
            NO_WORKER,
        ),
    )

    def look(self) -> Iterator[Finding]:
        return self.daemon.exposure.findings()

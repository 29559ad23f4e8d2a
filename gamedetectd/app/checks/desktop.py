"""The desktop: the icon in the tray, notifications, and who else watches it."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding, problem_finding
from gamedetectd.i18n import N_

NOTIFICATIONS_UNAVAILABLE = "notifications-unavailable"
TRAY_UNAVAILABLE = "tray-unavailable"
TRAY_EXTENSION_MISSING = "tray-extension-missing"
ANOTHER_INSTANCE = "another-instance"


class Desktop(Check):
    """What is to be shown on it, as far as anything is wanted there."""

    name = "desktop"
    conditions = (
        Condition(
            NOTIFICATIONS_UNAVAILABLE,
            N_("Notifications cannot be shown"),
            Severity.INFO,
            N_(
                "Nothing is lost: gamedetectd status tells the same. On Linux a desktop's notification service shows "
                "them."
            ),
            NO_WORKER,
            30.0,
        ),
        Condition(
            TRAY_UNAVAILABLE,
            N_("There is no icon in the tray"),
            Severity.INFO,
            N_("Add a tray to your panel, and the icon comes by itself; everything it offers is also a command."),
            NO_WORKER,
            10.0,
        ),
        Condition(
            TRAY_EXTENSION_MISSING,
            N_("GNOME does not show the icon"),
            Severity.INFO,
            N_("Install the extension AppIndicator and KStatusNotifierItem Support; the icon comes by itself then."),
            NO_WORKER,
            10.0,
        ),
        Condition(
            ANOTHER_INSTANCE,
            N_("Another gamedetectd watches this desktop, too"),
            Severity.INFO,
            N_(
                "Games are counted and told by both. End the one you do not need: gamedetectd stop, with the "
                "GAMEDETECTD_HOME it was started with."
            ),
        ),
    )

    def look(self) -> Iterator[Finding]:
        yield from problem_finding(
            NOTIFICATIONS_UNAVAILABLE, self.daemon.notifications.trouble or None, "notifications"
        )
        if self.daemon.tray_trouble is not None:
            yield self.daemon.tray_trouble
        if not self.daemon.desktop.take():
            yield Finding(ANOTHER_INSTANCE, "It was started before this one, and with another home.")

"""The titles of windows on macOS: told only where the person allows it, missed only by what has no other way."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.workers import NO_WORKER
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition, Finding
from gamedetectd.i18n import N_

NOT_TOLD = "window-titles-missing"


class WindowTitles(Check):
    """Whether something that runs would be named if its window's title were told."""

    name = "window titles"
    every = 10.0
    conditions = (
        Condition(
            NOT_TOLD,
            N_("macOS does not tell the titles of windows"),
            Severity.INFO,
            N_(
                "Choose Let me read window titles in the menu of the icon, or: gamedetectd permit. Then switch "
                "gamedetectd on in System Settings, Privacy & Security, Screen & System Audio Recording, and start it "
                "anew."
            ),
            NO_WORKER,
            60.0,
        ),
    )

    def look(self) -> Iterator[Finding]:
        missed = self.daemon.window_titles.missed_by()
        if missed:
            yield Finding(NOT_TOLD, f"Which game runs in {', '.join(missed)} only the window's title would say.")

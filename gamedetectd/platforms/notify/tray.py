"""Notifications on Windows and macOS, in a bubble of the icon in the tray: text only, nothing to click or take back.

Facts: https://learn.microsoft.com/windows/win32/api/shellapi/ns-shellapi-notifyicondataw (the lengths)
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable

from gamedetectd.interfaces import Readable
from gamedetectd.platforms.notify.bubble import Bubble, Clicked

log = logging.getLogger(__name__)

LONGEST_TITLE = 63
LONGEST_BODY = 255
"""Characters that Windows takes (szInfoTitle and szInfo, less the closing zero)."""
_NO_ICON = "Notifications need the icon in the tray here."

Tell = Callable[[str, str], None]
"""``tell(message, title)`` of an icon: from any thread, it brings the text to the icon's own."""


class TrayNotifier:
    """See ``bubble.Notifier``. Whoever has an icon gives its ``notify`` to ``attach``."""

    def __init__(self) -> None:
        self._tell: Tell | None = None

    def attach(self, tell: Tell | None) -> None:
        """Show bubbles by this icon from now on; None for no longer. For any thread."""
        self._tell = tell

    @property
    def trouble(self) -> str:
        return "" if self.ready else _NO_ICON

    @property
    def ready(self) -> bool:
        return self._tell is not None

    @property
    def connection(self) -> Readable | None:
        return None

    def due(self, *, wanted: bool) -> float | None:
        del wanted
        return None

    def step(self, *, wanted: bool) -> list[Clicked]:
        del wanted
        return []

    def show(self, bubble: Bubble) -> bool:
        tell = self._tell
        if tell is None:
            return False
        try:
            tell(_cut(bubble.body or bubble.title, LONGEST_BODY), _cut(bubble.title, LONGEST_TITLE))
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("a notification could not be shown: %s", error)
            return False
        return True

    def withdraw(self, key: str) -> None:
        """Neither system lets us."""

    def close(self) -> None:
        self._tell = None


def _cut(text: str, longest: int) -> str:
    """The text, cut as Windows counts: two for what lies beyond the first 65,536 characters."""
    kept = text.encode("utf-16-le", "replace")[: 2 * longest]
    whole = kept.decode("utf-16-le", "ignore")
    return text if whole == text else whole[:-1] + "…"

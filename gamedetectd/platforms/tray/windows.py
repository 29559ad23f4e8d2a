"""The tray icon on Windows: pystray's own, with updates marshalled to its thread and a menu that is made when it opens.

Facts: https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-shell_notifyiconw
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gamedetectd.interfaces import Stop
from gamedetectd.platforms.tray.backend import Icon
from gamedetectd.platforms.tray.face import Face, Hidden
from gamedetectd.platforms.win32 import user32_messages

WM_LBUTTONUP = 0x0202
WM_RBUTTONUP = 0x0205
WM_WAKE = 0x0400 + 0x133
"""A message of our own, above WM_USER and pystray's."""
SIZE = 64
"""Size of the picture that Windows scales, in px."""
LONGEST_TIP = 127
"""Characters a tooltip may have (szTip of NOTIFYICONDATAW)."""


class WindowsIcon(Icon):  # type: ignore[misc]
    """See ``face.TrayIcon``. pystray calls the menu's items itself, in the icon's thread."""

    _title: str

    def __init__(
        self,
        name: str,
        face: Face,
        menu: Any,
        *,
        stop: Stop,
        wake: Callable[[], None],
        refresh: Callable[[], None],
        clicked: Callable[[Any], None],
    ) -> None:
        super().__init__(name, face.nearest(SIZE), "", menu)
        del clicked
        self._until = stop
        self._wake_worker = wake
        self._refresh = refresh
        self._message_handlers[WM_WAKE] = self._on_wake
        self._bubbles: deque[tuple[str, str | None]] = deque()

    def show(self, face: Face) -> None:
        self.icon = face.nearest(SIZE)

    def hidden(self) -> Hidden | None:
        return None

    def wake(self) -> None:
        self._wake_worker()
        if sys.platform == "win32" and self._hwnd:
            with suppress(OSError):  # its window is gone meanwhile
                user32_messages.post(self._hwnd, WM_WAKE)

    def notify(self, message: str, title: str | None = None) -> None:
        self._bubbles.append((message, title))
        self.wake()

    def _start_setup(self, _setup: Callable[[Any], None] | None) -> None:
        """No thread for it: ``_mark_ready`` shows the icon."""
        self._setup_thread = threading.current_thread()

    def _mark_ready(self) -> None:
        self._running = True
        self._refresh()
        self.update_menu()
        self.visible = True

    def _on_wake(self, _wparam: int, _lparam: int) -> None:
        if self._until.is_set():
            if sys.platform == "win32":
                user32_messages.end_menu()  # an open menu has a loop of its own
            self.stop()
        else:
            self._refresh()
            while self._bubbles:
                super().notify(*self._bubbles.popleft())

    def _on_notify(self, wparam: int, lparam: int) -> None:
        """Both buttons open the menu, with texts of this moment."""
        if lparam in (WM_LBUTTONUP, WM_RBUTTONUP):
            self._update_menu()
            lparam = WM_RBUTTONUP
        super()._on_notify(wparam, lparam)

    def _update_title(self) -> None:
        told, self._title = self._title, self._title[:LONGEST_TIP]
        super()._update_title()
        self._title = told

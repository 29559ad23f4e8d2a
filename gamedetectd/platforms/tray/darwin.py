"""The tray icon on macOS: pystray's own in the menu bar, touched by the main thread only.

pystray ends the program by itself on Ctrl-C; here the signals stay ours, so that it ends as everywhere. Facts:
https://developer.apple.com/documentation/appkit/nsstatusitem
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from gamedetectd.interfaces import Stop
from gamedetectd.platforms.mac.main_loop import main_loop
from gamedetectd.platforms.tray.backend import Icon
from gamedetectd.platforms.tray.face import Face, Hidden

SIZE = 48
"""Size of the picture that macOS scales, in px."""


class MacIcon(Icon):  # type: ignore[misc]
    """See ``face.TrayIcon``. pystray calls the menu's items itself, in the main thread."""

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

    def show(self, face: Face) -> None:
        self.icon = face.nearest(SIZE)

    def hidden(self) -> Hidden | None:
        return None

    def wake(self) -> None:
        self._wake_worker()
        main_loop().soon(self._woken)

    def _woken(self) -> None:
        if self._until.is_set():
            self.stop()
        else:
            self._refresh()
            self.update_menu()  # macOS shows the menu as it was made

    def _start_setup(self, _setup: Callable[[Any], None] | None) -> None:
        """No thread for it: everything belongs to the main thread."""
        self._setup_thread = threading.current_thread()

    def _run(self) -> None:
        self._running = True
        self._refresh()
        self.update_menu()
        self.visible = True
        with main_loop().turning():
            try:
                self._app.run()
            finally:
                self._status_bar.removeStatusItem_(self._status_item)

    def notify(self, message: str, title: str | None = None) -> None:
        main_loop().soon(functools.partial(super().notify, message, title or self.name))

"""The tray icon on Linux: a StatusNotifierItem where a panel takes it, an embedded X window where only that is had.

Both are waited for in one ``select``, in the thread that calls ``run``. Whatever fails is tried again, by events where
there are any, else with growing pauses; nothing here ends the program.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gamedetectd.errors import BusError
from gamedetectd.interfaces import Readable, Stop
from gamedetectd.platforms.dbus.session_bus import SessionBus, bus_address
from gamedetectd.platforms.tray.backend import Icon
from gamedetectd.platforms.tray.face import Face, Hidden
from gamedetectd.platforms.tray.notifier import StatusNotifier
from gamedetectd.platforms.windows.xdisplay import unusable_reason

if TYPE_CHECKING:
    from gamedetectd.platforms.tray.xembed import EmbeddedIcon

log = logging.getLogger(__name__)

SETTLE = 3.0
"""Seconds that panels have to take the icon before an X11 tray is asked."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach an X server that is gone."""
_NO_TRAY = "There is no tray on this display either that takes windows."


class LinuxIcon(Icon):  # type: ignore[misc]
    """A pystray backend; see ``face.TrayIcon``. ``clicked(item)`` is called for an item of the menu."""

    HAS_MENU = True
    HAS_MENU_RADIO = True
    HAS_DEFAULT_ACTION = False
    HAS_NOTIFICATION = True

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
        settle: float = SETTLE,
    ) -> None:
        super().__init__(name, face, "", menu)
        self._until = stop
        self._wake = wake
        self._ended = False
        self._refresh = refresh
        self._clicked = clicked
        self._settle = settle
        self._notifier = StatusNotifier(name, lambda: self.menu, clicked)
        self._embedded: EmbeddedIcon | None = None
        self._fallback_from: float | None = None
        """When (monotonic) an X11 tray may be asked; None while a panel shows the icon."""
        self._retry_x, self._pause_x = 0.0, FIRST_PAUSE

    # --- what the program wants ---

    def show(self, face: Face) -> None:
        self.icon = face

    def wake(self) -> None:
        self._wake()

    def hidden(self) -> Hidden | None:
        if not self._notifier.trouble or (self._embedded is not None and self._embedded.docked):
            return None
        if self._notifier.connection is not None and _is_gnome():
            return Hidden("GNOME shows icons of programs only with its AppIndicator extension.", extension=True)
        return Hidden(f"{self._notifier.trouble} {_NO_TRAY if os.environ.get('DISPLAY') else ''}".strip())

    # --- pystray's side ---

    def _start_setup(self, _setup: Callable[[Any], None] | None) -> None:
        """No thread for it: the icon shows itself as soon as it runs."""
        self._setup_thread = threading.current_thread()

    def _run(self) -> None:
        self._running = self.visible = True
        try:
            while not (self._ended or self._until.is_set()):
                self._step()
                self._refresh()
                ready = self._until.select(self._readers(), self._timeout())
                if ready and self._embedded in ready:
                    self._serve_embedded()
        finally:
            self._running = self._visible = False
            self._notifier.close()
            self._drop_embedded()

    def _stop(self) -> None:
        self._ended = True
        self._wake()

    def _show(self) -> None:
        self._update_icon()

    def _hide(self) -> None:
        self._notifier.close()
        self._drop_embedded()

    def _update_icon(self) -> None:
        self._notifier.show(self.icon, self.title)
        if self._embedded is not None:
            self._guarded(self._embedded.wear, self.icon, self.title)
        self._icon_valid = True

    def _update_title(self) -> None:
        self._update_icon()

    def _update_menu(self) -> None:
        self._notifier.update_menu()

    def _notify(self, message: str, title: str | None = None) -> None:
        """By a connection of its own, so that any thread may."""
        try:
            bus = SessionBus.open(bus_address())
            try:
                service = "org.freedesktop.Notifications"
                body: tuple[Any, ...] = (
                    self.name,
                    0,
                    "",
                    title or self.name,
                    message,
                    [],
                    {"desktop-entry": ("s", self.name)},
                    -1,
                )
                bus.call(service, "/org/freedesktop/Notifications", service, "Notify", "susssasa{sv}i", *body)
            finally:
                bus.close()
        except BusError as error:
            log.info("%s %s (not shown: %s)", title or "", message, error.cause)

    # --- the loop ---

    def _step(self) -> None:
        self._notifier.step()
        now = time.monotonic()
        if not self._notifier.trouble:
            self._fallback_from, self._pause_x = None, FIRST_PAUSE
            self._drop_embedded()
            return
        if self._fallback_from is None:
            self._fallback_from = now + self._settle
        if self._embedded is None and now >= max(self._fallback_from, self._retry_x):
            self._embed(now)

    def _embed(self, now: float) -> None:
        self._retry_x, self._pause_x = now + self._pause_x, min(LONGEST_PAUSE, 2 * self._pause_x)
        if not os.environ.get("DISPLAY"):
            self._retry_x = math.inf
            return
        opened = _open_embedded(self.name, self.icon, self.title, lambda: self.menu, self._clicked)
        if opened is not None:
            self._embedded, self._pause_x = opened, FIRST_PAUSE
            self._serve_embedded()

    def _serve_embedded(self) -> None:
        if self._embedded is not None and self._guarded(self._embedded.serve) is False:
            self._drop_embedded()  # the tray took our window along: another one is made

    def _guarded(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a method of the embedded icon returns; a server that is gone takes the icon with it."""
        from gamedetectd.platforms.tray.xembed import GONE

        try:
            return function(*arguments)
        except GONE as error:
            log.info("the icon's display went away: %s", error)
            self._drop_embedded()
            return None

    def _drop_embedded(self) -> None:
        if self._embedded is not None:
            embedded, self._embedded = self._embedded, None
            embedded.close()

    def _readers(self) -> list[Readable | int]:
        return [one for one in (self._notifier.connection, self._embedded) if one is not None]

    def _timeout(self) -> float | None:
        """Seconds until something is to be tried again; None while all is as it should be."""
        if self._embedded is not None and self._guarded(lambda icon: icon.pending, self._embedded):
            self._serve_embedded()
        due = [self._notifier.due] if self._notifier.due is not None else []
        if self._fallback_from is not None and self._embedded is None:
            due.append(max(self._fallback_from, self._retry_x))
        soonest = min(due, default=math.inf)
        return None if math.isinf(soonest) else max(0.0, soonest - time.monotonic())


def _is_gnome() -> bool:
    return "GNOME" in os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")


def _open_embedded(*arguments: Any) -> EmbeddedIcon | None:
    if (reason := unusable_reason()) is not None:
        log.debug("no icon on the display: %s", reason)
        return None
    from Xlib.error import DisplayError, XauthError

    try:
        from gamedetectd.platforms.tray.xembed import open_embedded
    except (DisplayError, XauthError, OSError) as error:  # pystray tries the display when it is imported
        log.debug("no icon on the display: %s", error)
        return None
    return open_embedded(*arguments)

"""pystray's X11 icon for trays that embed windows (trayer, older panels), driven by ``select``, its click mended.

pystray never asks for button presses, so its own click is dead; it logs a traceback where no tray is there, and it
draws a black square behind the icon. A tray that comes later is heard of by its MANAGER message
(https://specifications.freedesktop.org/systemtray-spec/). Importing this needs an X server; see ``open_embedded``.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import Xlib.error
from Xlib import X
from Xlib.xobject.drawable import Window

from gamedetectd.platforms.tray.backend import xorg
from gamedetectd.platforms.tray.face import Face
from gamedetectd.platforms.tray.xmenu import PopupMenu

_xorg: Any = xorg()

log = logging.getLogger(__name__)

GONE = (Xlib.error.ConnectionClosedError, Xlib.error.DisplayError, Xlib.error.XError, OSError)
"""What is raised when the server is gone, or what was on it: a tray may take our window along at any moment."""
MASK = X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask


class EmbeddedIcon(_xorg.Icon):  # type: ignore[misc]
    """One icon; ``fileno`` tells when to ``serve``. Every method raises one of ``GONE`` once the server is gone.

    ``menu()`` is what a click opens, ``clicked(item)`` is called for an item.
    """

    _icon: Any
    _icon_data: Any
    _title: str
    _systray_manager: Any

    def __init__(
        self, name: str, face: Face, title: str, menu: Callable[[], Any], clicked: Callable[[Any], None]
    ) -> None:
        super().__init__(name, face, title)
        self._thread = threading.current_thread()
        self._running = True
        self._visible = True
        self._open_menu = menu
        self._clicked = clicked
        self._popup: PopupMenu | None = None
        self._display.set_error_handler(lambda error, _request: log.debug("X: %s", error))
        self._window.change_attributes(event_mask=MASK, background_pixmap=X.ParentRelative)
        self._root: Window = self._display.screen().root
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        self._manager = self._display.intern_atom("MANAGER")
        self._message_handlers[X.ReparentNotify] = self._on_expose
        self._message_handlers[X.ClientMessage] = self._on_message
        self._dock_window()
        self._display.flush()

    def __del__(self) -> None:
        """Nothing: ``close`` has done it, and pystray's own would speak to a server that may be gone."""

    @property
    def docked(self) -> bool:
        """True while a tray has it."""
        return self._systray_manager is not None

    def fileno(self) -> int:
        number: int = self._display.fileno()
        return number

    @property
    def pending(self) -> bool:
        """True if events were read already, for which ``select`` would wait in vain."""
        return bool(self._display.pending_events())

    def serve(self) -> bool:
        """Deal with every event that came; False once our window is gone, as when a tray took it along."""
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.DestroyNotify and event.window == self._window:
                return False
            if self._popup is not None and self._popup.takes(event):
                self._menu_went_on()
            else:
                self._message_handlers.get(event.type, lambda _event: None)(event)
        self._display.flush()
        return True

    def wear(self, face: Face, title: str) -> None:
        """Look and speak like this."""
        if face is not self._icon:
            self._icon, self._icon_data = face, None
            self._draw()
        if title != self._title:
            self._title = title
            self._window.set_wm_name(title.replace("\n", " "))
        self._display.flush()

    def close(self) -> None:
        """Take it away; also fine where the server is gone."""
        self._running = self._visible = False
        try:
            self._window.destroy()
            self._display.flush()
            self._display.close()
        except GONE:
            log.debug("the X server went away before the icon")

    def _on_button_press(self, event: Any) -> None:
        if event.detail in (1, 3) and self._popup is None:
            popup = PopupMenu(self._display, self._open_menu(), (event.root_x, event.root_y))
            self._popup = None if popup.closed else popup

    def _menu_went_on(self) -> None:
        popup = self._popup
        if popup is not None and popup.closed:
            self._popup = None
            if popup.chosen is not None:
                self._clicked(popup.chosen)

    def _on_destroy_notify(self, event: Any) -> None:
        if self._systray_manager is not None and event.window.id == self._systray_manager.id:
            self._systray_manager = None
            self._dock_window()

    def _on_message(self, event: Any) -> None:
        """A tray announced itself to the root window."""
        if event.client_type == self._manager and event.data[1][1] == self._net_system_tray_sx:
            self._dock_window()

    def _assert_icon_data(self, width: int, height: int) -> None:
        """The icon in the size the tray gives, on the tray's own ground."""
        from PIL import Image

        if self._icon_data is not None and self._icon_data.size == (width, height):
            return
        side = max(1, min(width, height))
        image = self._icon.nearest(side)
        image = image if image.width == side else image.resize((side, side), Image.Resampling.LANCZOS)
        ground = self._ground(width, height)
        ground.paste(image, ((width - side) // 2, (height - side) // 2), image)
        ground.tostring = ground.tobytes
        self._icon_data = ground

    def _ground(self, width: int, height: int) -> Any:
        """What the tray draws behind us."""
        from PIL import Image

        self._window.clear_area(0, 0, 0, 0)
        try:
            shot = self._window.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF)
            return Image.frombytes("RGB", (width, height), shot.data, "raw", "BGRX")
        except (Xlib.error.XError, ValueError):  # not shown yet, or no 24-bit screen
            return Image.new("RGB", (width, height))


def open_embedded(*arguments: Any) -> EmbeddedIcon | None:
    """The icon, or None where the server would not have it."""
    try:
        return EmbeddedIcon(*arguments)
    except (*GONE, Xlib.error.XauthError, _xorg.XError) as error:
        log.debug("no icon on the display: %s", error)
        return None

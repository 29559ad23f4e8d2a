"""An icon as a StatusNotifierItem on the session bus, which panels show without GTK or X in our process.

It registers where ``org.kde.StatusNotifierWatcher`` is, again whenever a panel comes back, and connects again when the
bus itself went away. Facts: https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/ and, for the accessible
descriptions, https://github.com/AyatanaIndicators/libayatana-appindicator (src/notification-item.xml).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus, bus_address
from gamedetectd.platforms.tray import dbusmenu
from gamedetectd.platforms.tray.dbusmenu import MenuServer
from gamedetectd.platforms.tray.face import Face
from gamedetectd.platforms.tray.objects import Exported, Method, Objects

log = logging.getLogger(__name__)

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"
INTERFACE = "org.kde.StatusNotifierItem"
PATH = "/StatusNotifierItem"
PIXMAPS = "a(iiay)"
TOOLTIP = f"(s{PIXMAPS}ss)"
SIGNALS = {"NewTitle": "", "NewIcon": "", "NewAttentionIcon": "", "NewOverlayIcon": "", "NewToolTip": "",
           "NewStatus": "s"}  # fmt: skip
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach a bus that is gone, or a panel that refused us; they grow."""
STEADY = 60.0
"""Seconds of a connection after which the next pause is the first one again."""
_NO_WATCHER = "No panel here shows icons of the kind that all desktops share (StatusNotifierItem)."


class StatusNotifier:
    """One icon. ``menu()`` is what it opens, ``clicked`` is called for an item. For one thread; nothing blocks long."""

    def __init__(
        self,
        name: str,
        menu: Callable[[], Any],
        clicked: Callable[[Any], None],
        address: Callable[[], str] = bus_address,
    ) -> None:
        self._name = name
        self._address = address
        self._face: Face | None = None
        self._title = ""
        self._bus: SessionBus | None = None
        self._watcher = ""
        """The unique name of who shows icons; "" while there is nobody."""
        self._registered = False
        self._host = False
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self._since = 0.0
        self._own_name = f"{INTERFACE}-{os.getpid()}-1"
        self._trouble = _NO_WATCHER
        self._menu = MenuServer(menu, clicked, self._emit_of_menu)
        self._objects = Objects(self._exported(), self._menu.exported())
        self._pixmaps: tuple[str, list[tuple[int, int, bytes]]] = ("", [])

    # --- what the icon's thread does with it ---

    @property
    def trouble(self) -> str:
        """Why no panel shows it, in a sentence; "" while one does."""
        return "" if self._registered and self._host else self._trouble

    @property
    def connection(self) -> SessionBus | None:
        """What to wait for; None while there is no bus."""
        return self._bus

    @property
    def due(self) -> float | None:
        """When (monotonic seconds) ``step`` has something to try again; None for not before something came."""
        return self._next if self._bus is None or (self._watcher and not self._registered) else None

    def step(self) -> None:
        """Take what came, and connect or register where that is due. Never raises for a bus that fails."""
        try:
            if self._bus is None:
                self._connect()
            while self._bus is not None:
                self._hear()
                self._register()
                if not self._bus.waiting:
                    return
        except BusError as error:
            self._lost(error)

    def show(self, face: Face, title: str) -> None:
        """Look and speak like this from now on; only what differs is told."""
        before, self._face = self._face, face
        if before is None or before.name != face.name:
            self._pixmaps = (face.name, [_argb(image) for image in face.images])
            self._tell("NewIcon")
            self._tell("NewAttentionIcon")
            self._tell("NewStatus", self._status())
        if title != self._title or before is None or before.name != face.name:
            self._title = title
            self._tell("NewToolTip")

    def update_menu(self) -> None:
        """The menu is another one now."""
        if self._registered:
            self._guarded(self._menu.refresh)

    def close(self) -> None:
        """Take the icon away."""
        if self._bus is not None:
            self._bus.close()
        self._bus, self._watcher, self._registered, self._host = None, "", False, False

    # --- life ---

    def _connect(self) -> None:
        if time.monotonic() < self._next:
            return
        bus = SessionBus.open(self._address())
        self._bus, self._since = bus, time.monotonic()
        bus.watch(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{WATCHER}'")
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            bus.watch(f"type='signal',sender='{WATCHER}',interface='{WATCHER}',member='{member}'")
        try:
            bus.call(BUS, BUS_PATH, BUS, "RequestName", "su", self._own_name, 0)
        except BusError:
            self._own_name = bus.name  # a sandbox lets us have no other name
        (there,) = bus.call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", WATCHER)
        self._watcher = str(bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", WATCHER)[0]) if there else ""
        self._trouble = _NO_WATCHER
        self._next = 0.0

    def _hear(self) -> None:
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        if self._bus is None:
            return
        for signal in self._bus.signals():
            sender, member = (signal.header.fields.get(one) for one in (HeaderFields.sender, HeaderFields.member))
            if sender == BUS and member == "NameOwnerChanged" and signal.body[:1] == (WATCHER,):
                self._watcher, self._registered, self._next = str(signal.body[2]), False, 0.0
            elif sender == self._watcher and str(member).startswith("StatusNotifierHost"):
                self._host = self._has_host()
        for call in self._bus.calls():
            self._objects.serve(self._bus, call)

    def _register(self) -> None:
        """Ask the panel to show us. One that refuses is asked again later; a bus that is gone is noticed by hearing."""
        if self._bus is None or not self._watcher or self._registered or time.monotonic() < self._next:
            return
        try:
            self._bus.call(WATCHER, WATCHER_PATH, WATCHER, "RegisterStatusNotifierItem", "s", self._own_name)
        except BusError as error:
            self._trouble = f"The panel did not take the icon: {error.cause}"
            self._next, self._pause = time.monotonic() + self._pause, min(LONGEST_PAUSE, 2 * self._pause)
            return
        self._registered, self._host = True, self._has_host()
        log.debug("the icon is registered as %s", self._own_name)

    def _has_host(self) -> bool:
        """Whether somebody draws the icons that the watcher knows; where it does not say, somebody does."""
        if self._bus is None:
            return False
        self._trouble = "No panel is there that would show icons."
        try:
            ((_, value),) = self._bus.call(
                WATCHER, WATCHER_PATH, "org.freedesktop.DBus.Properties", "Get", "ss", WATCHER,
                "IsStatusNotifierHostRegistered",
            )  # fmt: skip
        except (BusError, ValueError, TypeError):
            return True
        return bool(value)

    def _lost(self, error: BusError) -> None:
        if self._bus is not None and time.monotonic() - self._since > STEADY:
            self._pause = FIRST_PAUSE
        if self._trouble != error.cause:
            log.info("no icon on the session bus: %s", error.cause)
        self.close()
        self._own_name = f"{INTERFACE}-{os.getpid()}-1"
        self._trouble = error.cause
        self._next, self._pause = time.monotonic() + self._pause, min(LONGEST_PAUSE, 2 * self._pause)

    # --- what we tell ---

    def _tell(self, member: str, *body: Any) -> None:
        bus = self._bus
        if bus is not None and self._registered:
            self._guarded(lambda: bus.emit(PATH, INTERFACE, member, SIGNALS[member], *body))

    def _emit_of_menu(self, member: str, signature: str, *body: Any) -> None:
        if self._bus is not None and self._registered:
            self._bus.emit(dbusmenu.PATH, dbusmenu.INTERFACE, member, signature, *body)

    def _guarded(self, send: Callable[[], object]) -> None:
        try:
            send()
        except BusError as error:
            self._lost(error)

    def _status(self) -> str:
        return "NeedsAttention" if self._face is not None and self._face.urgent else "Active"

    def _exported(self) -> Exported:
        nothing = Method("ii", "", lambda _x, _y: ())  # the menu is all there is: hosts open it themselves
        methods = {
            "Activate": nothing,
            "SecondaryActivate": nothing,
            "ContextMenu": nothing,
            "Scroll": Method("is", "", lambda _delta, _orientation: ()),
        }
        return Exported(PATH, INTERFACE, methods, self._properties(), SIGNALS)

    def _properties(self) -> dict[str, tuple[str, Callable[[], Any]]]:
        def text(value: str = "") -> tuple[str, Callable[[], Any]]:
            return ("s", lambda: value)

        described = ("s", lambda: self._face.description if self._face is not None else "")
        pixmaps: tuple[str, Callable[[], Any]] = (PIXMAPS, lambda: self._pixmaps[1])
        return {
            "Category": text("ApplicationStatus"),
            "Id": text(self._name),
            "Title": text(self._name),
            "Status": ("s", self._status),
            "WindowId": ("i", lambda: 0),
            "IconThemePath": text(),
            "IconName": text(),
            "IconPixmap": pixmaps,
            "IconAccessibleDesc": described,
            "OverlayIconName": text(),
            "OverlayIconPixmap": (PIXMAPS, list),
            "AttentionIconName": text(),
            "AttentionIconPixmap": pixmaps,
            "AttentionAccessibleDesc": described,
            "AttentionMovieName": text(),
            "ToolTip": (TOOLTIP, self._tooltip),
            "ItemIsMenu": ("b", lambda: True),
            "Menu": ("o", lambda: dbusmenu.PATH),
        }

    def _tooltip(self) -> tuple[Any, ...]:
        """The first line as the heading, the rest as the text, which hosts read as markup."""
        heading, _, rest = self._title.partition("\n")
        return ("", [], heading, rest.replace("&", "&amp;").replace("<", "&lt;"))


def _argb(image: Any) -> tuple[int, int, bytes]:
    """An RGBA image as the protocol wants it: width, height, 32-bit ARGB in network byte order."""
    red, green, blue, alpha = (band.tobytes() for band in image.split())
    data = bytearray(4 * len(red))
    data[0::4], data[1::4], data[2::4], data[3::4] = alpha, red, green, blue
    return (image.width, image.height, bytes(data))

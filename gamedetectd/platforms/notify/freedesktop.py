"""Notifications on desktops that follow freedesktop.org: ``org.freedesktop.Notifications`` on the session bus.

The service may be absent, start later (it is started where the bus can, once there is something to tell), and restart:
then the numbers of what was shown are void. Facts: https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from gamedetectd.errors import BusError
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus, bus_address
from gamedetectd.platforms.notify.bubble import Bubble, Clicked

log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
NAME = "gamedetectd"
ICON = "input-gaming"
"""A picture that every icon theme has a place for."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 600.0
"""Seconds between attempts to reach a bus or a service while there is something to tell; they grow."""
STARTING = 20.0
"""Seconds a service may take to start."""
MOST_SHOWN = 200
"""Bubbles whose numbers are remembered."""
NORMAL, CRITICAL = 1, 2
DEFAULT = "default"
"""The action of a click on the bubble itself."""
_NO_SERVICE = "There is no notification service on this desktop (org.freedesktop.Notifications)."


class BusNotifier:
    """See ``bubble.Notifier``."""

    def __init__(self, address: Callable[[], str] = bus_address) -> None:
        self._address = address
        self._bus: SessionBus | None = None
        self._owner = ""
        """The unique name of the service; "" while it does not run. Others' signals are not believed."""
        self._can_start = False
        self._capabilities: frozenset[str] | None = None
        self._shown: dict[str, tuple[int, str]] = {}
        """What may still be on the screen, the oldest first: each key's number with the service, and first action."""
        self._known = False
        """True once there was a bus: one that went away is looked for again, one that never was is not."""
        self._trouble = ""
        self._next = 0.0
        self._pause = FIRST_PAUSE

    # --- what the worker does with it ---

    @property
    def trouble(self) -> str:
        return "" if self._owner else self._trouble

    @property
    def ready(self) -> bool:
        return bool(self._owner)

    @property
    def connection(self) -> SessionBus | None:
        return self._bus

    def due(self, *, wanted: bool) -> float | None:
        if self._bus is None:
            return self._next if wanted or self._known else None
        if self._bus.waiting:
            return time.monotonic()
        return self._next if wanted and self._can_start and not self._owner else None

    def step(self, *, wanted: bool) -> list[Clicked]:
        clicked: list[Clicked] = []
        try:
            if self._bus is None and time.monotonic() >= self._next:
                self._connect()
            while self._bus is not None:
                clicked += self._hear(self._bus)
                if not self._bus.waiting:
                    break
            if wanted and self._can_start and self._bus is not None and not self._owner:
                self._start_service(self._bus)
        except BusError as error:
            self._lost(error)
        return clicked

    def show(self, bubble: Bubble) -> bool:
        if self._bus is None or not self._owner:
            return False
        try:
            told = self._told_by(self._bus, bubble)
            (number,) = self._bus.call(self._owner, PATH, SERVICE, "Notify", "susssasa{sv}i", *told)
        except (BusError, ValueError, TypeError) as error:
            log.warning("a notification could not be shown: %s", getattr(error, "cause", error))
            return False
        self._shown.pop(bubble.key, None)
        self._shown[bubble.key] = (int(number), bubble.buttons[0].action if bubble.buttons else "")
        while len(self._shown) > MOST_SHOWN:
            del self._shown[next(iter(self._shown))]
        return True

    def withdraw(self, key: str) -> None:
        shown = self._shown.pop(key, None)
        if shown is None or self._bus is None or not self._owner:
            return
        with contextlib.suppress(BusError):  # hearing notices a bus that is gone
            self._bus.tell(self._owner, PATH, SERVICE, "CloseNotification", "u", shown[0])

    def close(self) -> None:
        for key in list(self._shown):
            self.withdraw(key)
        if self._bus is not None:
            with contextlib.suppress(BusError):
                self._bus.call(BUS, BUS_PATH, BUS, "GetId")  # whatever was told before has arrived then
            self._bus.close()
        self._bus, self._owner = None, ""

    # --- life ---

    def _connect(self) -> None:
        bus = SessionBus.open(self._address())
        self._bus, self._known = bus, True
        bus.watch(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'")
        bus.watch(f"type='signal',sender='{SERVICE}',interface='{SERVICE}',path='{PATH}'")
        (there,) = bus.call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", SERVICE)
        (names,) = bus.call(BUS, BUS_PATH, BUS, "ListActivatableNames")
        self._can_start = SERVICE in names
        self._next, self._pause = time.monotonic(), FIRST_PAUSE
        self._came(str(bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", SERVICE)[0]) if there else "")

    def _start_service(self, bus: SessionBus) -> None:
        """Have the bus start it; it announces itself once it is there, so nobody waits for it."""
        if time.monotonic() < self._next:
            return
        bus.tell(BUS, BUS_PATH, BUS, "StartServiceByName", "su", SERVICE, 0)
        self._trouble = "The notification service does not start." if self._pause > FIRST_PAUSE else self._trouble
        self._next = time.monotonic() + max(self._pause, STARTING)
        self._pause = min(LONGEST_PAUSE, 2 * self._pause)

    def _came(self, owner: str) -> None:
        """Another service, or none (""), is there: what the one before has shown is no longer ours to change."""
        if owner:
            self._pause = FIRST_PAUSE
        self._owner, self._capabilities = owner, None
        self._shown.clear()
        self._trouble = "" if owner or self._can_start else _NO_SERVICE

    def _hear(self, bus: SessionBus) -> Iterator[Clicked]:
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        for signal in bus.signals():
            sender, member = (signal.header.fields.get(one) for one in (HeaderFields.sender, HeaderFields.member))
            if sender == BUS and member == "NameOwnerChanged" and signal.body[:1] == (SERVICE,):
                self._came(str(signal.body[2]))
            elif sender == self._owner and len(signal.body) > 1:
                yield from self._answered(str(member), signal.body)
        bus.calls()  # nobody has a reason to call us

    def _answered(self, member: str, body: Any) -> Iterator[Clicked]:
        key = next((key for key, (number, _) in self._shown.items() if number == body[0]), None)
        if key is None:
            return
        if member == "ActionInvoked":
            yield Clicked(key, self._shown[key][1] if body[1] == DEFAULT else str(body[1]))
        elif member == "NotificationClosed":
            del self._shown[key]

    def _lost(self, error: BusError) -> None:
        if self._trouble != error.cause:
            log.info("no notifications on the session bus: %s", error.cause)
        if self._bus is not None:
            self._bus.close()
        self._bus = None
        self._came("")
        self._trouble = error.cause
        self._next, self._pause = time.monotonic() + self._pause, min(LONGEST_PAUSE, 2 * self._pause)

    # --- one bubble ---

    def _told_by(self, bus: SessionBus, bubble: Bubble) -> tuple[Any, ...]:
        """The arguments of ``Notify``, as this service can take them."""
        if self._capabilities is None:
            (told,) = bus.call(self._owner, PATH, SERVICE, "GetCapabilities")
            self._capabilities = frozenset(map(str, told))
        body = _escaped(bubble.body) if "body-markup" in self._capabilities else bubble.body
        buttons = [(one.action, one.label) for one in bubble.buttons]
        buttons += [(DEFAULT, "") for _ in buttons[:1]]  # Xfce makes a button of it too, unless it comes last and empty
        actions = [text for button in buttons for text in button] if "actions" in self._capabilities else []
        hints = {
            "urgency": ("y", CRITICAL if bubble.critical else NORMAL),
            "desktop-entry": ("s", NAME),
            "transient": ("b", not bubble.stays),
        }
        replaced, _ = self._shown.get(bubble.key, (0, ""))
        return (NAME, replaced, ICON, bubble.title, body, actions, hints, -1)


def _escaped(text: str) -> str:
    """As markup that means the text itself. Not ``html.escape``: a table of 2,000 names of characters comes with it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

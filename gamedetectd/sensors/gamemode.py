"""Hears from GameMode which processes asked it for the computer's full performance, as games do.

GameMode (https://github.com/FeralInteractive/gamemode) is a service on the session bus that starts when a game asks
for it: it is listened to while it is there, and never started by us.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable

from gamedetectd.domain import StoreSignal
from gamedetectd.errors import BusError
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus, bus_address
from gamedetectd.sensors.declared import GAMEMODE

log = logging.getLogger(__name__)

SERVICE = "com.feralinteractive.GameMode"
PATH = "/com/feralinteractive/GameMode"
ASK_AGAIN = 300.0
"""Seconds for which an answer to the question whether GameMode is here is good enough."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts to reach a bus that went away: growing from the one to the other."""


class GameModeSensor:
    """A ``Sensor`` of ``StoreSignal`` (source ``gamemode``, no game's id): the process speaks for itself."""

    name = "gamemode"

    def __init__(self, clock: Clock, address: Callable[[], str] = bus_address) -> None:
        self._clock = clock
        self._address = address
        self._lost: str | None = None
        self._listening = False
        self._asked: tuple[float, str | None] | None = None

    def unsupported_reason(self) -> str | None:
        if sys.platform != "linux":
            return "GameMode exists on Linux only."
        if self._listening:
            return None
        address = self._address()
        if not address:
            return "There is no D-Bus session bus here, on which GameMode would tell of games."
        now = time.monotonic()
        if self._asked is None or now - self._asked[0] > ASK_AGAIN:
            self._asked = (now, _missing(address))
        return self._asked[1]

    def degraded_reason(self) -> str | None:
        return self._lost

    def source(self) -> str:
        return GAMEMODE

    def run(self, emit: Emit, stop: Stop) -> None:
        self._listening, pause = True, FIRST_PAUSE
        try:
            while not stop.is_set():
                started = time.monotonic()
                try:
                    self._listen(emit, stop)
                except BusError as error:
                    self._lost = f"{error.cause} What GameMode says of games is not heard until it is back."
                    pause = FIRST_PAUSE if time.monotonic() - started > LONGEST_PAUSE else min(LONGEST_PAUSE, 2 * pause)
                    stop.wait(pause)
        finally:
            self._listening, self._lost = False, None

    def listed(self) -> tuple[StoreSignal, ...]:
        """Who is registered at this moment, for who does not listen; empty where that cannot be known."""
        said: list[StoreSignal] = []
        if sys.platform == "linux" and (address := self._address()):
            try:
                with contextlib.closing(SessionBus.open(address)) as bus:
                    _Ear(bus, self._clock, said.append).ask()
            except BusError as error:
                log.info("%s", error.cause)
        return tuple(said)

    def _listen(self, emit: Emit, stop: Stop) -> None:
        with contextlib.closing(SessionBus.open(self._address())) as bus:
            self._lost = None
            _Ear(bus, self._clock, emit).listen(stop)


def _missing(address: str) -> str | None:
    """A sentence if GameMode neither runs nor can be started by the games that ask for it."""
    try:
        bus = SessionBus.open(address)
    except BusError as error:
        return f"{error.cause} What GameMode says of games is not heard."
    try:
        (can_start,) = bus.call(BUS, BUS_PATH, BUS, "ListActivatableNames")
        (running,) = bus.call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", SERVICE)
    except BusError as error:
        return f"{error.cause} What GameMode says of games is not heard."
    finally:
        bus.close()
    return None if running or SERVICE in can_start else "GameMode is not installed here, so that no game asks for it."


class _Ear:
    """Listens on one connection until it breaks (BusError) or the sensor is stopped."""

    def __init__(self, bus: SessionBus, clock: Clock, emit: Callable[[StoreSignal], None]) -> None:
        self._bus = bus
        self._clock = clock
        self._emit = emit
        self._owner = ""
        """GameMode's unique name on the bus; "" while it does not run. Others' signals are not believed."""
        self._registered: set[int] = set()

    def listen(self, stop: Stop) -> None:
        self._bus.watch(f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{SERVICE}'")
        self._bus.watch(f"type='signal',sender='{SERVICE}',interface='{SERVICE}',path='{PATH}'")
        self.ask()
        while not stop.is_set():
            for signal in self._bus.signals():
                self._heard(signal)
            stop.select([self._bus], None)

    def ask(self) -> None:
        """Tell who is registered now, if GameMode runs."""
        (running,) = self._bus.call(BUS, BUS_PATH, BUS, "NameHasOwner", "s", SERVICE)
        if running:
            self._came(str(self._bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", SERVICE)[0]))

    def _heard(self, signal: object) -> None:
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        fields = signal.header.fields  # type: ignore[attr-defined]
        body = signal.body  # type: ignore[attr-defined]
        sender, member = fields.get(HeaderFields.sender), fields.get(HeaderFields.member)
        if sender == BUS and member == "NameOwnerChanged" and body[:1] == (SERVICE,):
            self._came(str(body[2]))
        elif sender == self._owner and member in ("GameRegistered", "GameUnregistered"):
            self._tell(body[0] if body else None, running=member == "GameRegistered")

    def _came(self, owner: str) -> None:
        """GameMode runs under this unique name now; "": it has ended, and all games are unregistered."""
        for pid in sorted(self._registered):
            self._tell(pid, running=False)
        self._owner = owner
        if not owner:
            return
        try:
            listed = self._bus.call(SERVICE, PATH, SERVICE, "ListGames")
        except BusError as error:  # before 1.6 it had no list
            log.info("%s", error.cause)
            return
        for entry in listed[0] if listed and isinstance(listed[0], list) else ():
            self._tell(entry[0] if isinstance(entry, tuple) and entry else None, running=True)

    def _tell(self, pid: object, *, running: bool) -> None:
        if not isinstance(pid, int) or pid <= 0 or running == (pid in self._registered):
            return
        (self._registered.add if running else self._registered.discard)(pid)
        self._emit(StoreSignal(self._clock.now(), "gamemode", pid, "", running))

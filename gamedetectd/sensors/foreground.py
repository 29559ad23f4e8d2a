"""Says which window has the foreground, by the first mechanism of a table that works on this machine."""

from __future__ import annotations

from gamedetectd.domain import ForegroundChanged, StoreSignal, Window
from gamedetectd.errors import SensorError
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.windows.backend import ForegroundBackend, Sighting
from gamedetectd.platforms.windows.compositor import CompositorForeground
from gamedetectd.platforms.windows.mechanisms import MECHANISMS, Mechanism, fitting
from gamedetectd.platforms.windows.session import on_wayland

UNCOUNTED = "Games are still recognised by their processes, but seconds in the foreground are not counted."


class ForegroundSensor:
    """Emits ``ForegroundChanged`` at first and whenever the foreground window or something about it changed, and a
    ``StoreSignal`` where that window names its Steam game. Sleeps on the mechanism's own events: nothing ticks.
    """

    name = "foreground"

    def __init__(self, clock: Clock, table: tuple[Mechanism, ...] = MECHANISMS) -> None:
        self._clock = clock
        self._candidates = list(fitting(table))
        self._passed_over: list[str] = []
        self._backend: ForegroundBackend | None = None
        self._told: Window | None = None
        self._silent = True
        self._told_steam = (0, 0)

    def unsupported_reason(self) -> str | None:
        reasons: list[str] = []
        for candidate in self._candidates:
            reason = candidate.unsupported_reason()
            if reason is None:
                self._backend = candidate
                self._passed_over = reasons
                return None
            reasons.append(reason)
        first = reasons[0] if reasons else "gamedetectd cannot see windows on this system yet."
        return f"{first} {UNCOUNTED}"

    def degraded_reason(self) -> str | None:
        """What keeps a mechanism that fits this desktop better from working, and what the one in use lacks."""
        if self._backend is None:
            return None
        lacking = self._backend.degraded_reason()
        return " ".join([*self._passed_over, *([lacking] if lacking else [])]) or None

    def blind_reason(self, unsupported: str | None) -> str | None:
        """In a Wayland session whose compositor tells us of no windows: a sentence saying so, and what to do.

        ``unsupported`` is what ``unsupported_reason`` said last.
        """
        if not on_wayland() or isinstance(self._backend, CompositorForeground):
            return None
        return unsupported or self.degraded_reason()

    def source(self) -> str:
        candidates = self._candidates if self._backend is None else (self._backend,)
        return next((one.name for one in candidates), "nothing")

    def run(self, emit: Emit, stop: Stop) -> None:
        reason = self.unsupported_reason() if self._backend is None else None
        if self._backend is None:
            raise SensorError(str(reason), "It works again once the sensor finds a display.")
        self._silent, self._told_steam = True, (0, 0)
        self._backend.run(lambda sighting: self._tell(sighting, emit), stop)

    def _tell(self, sighting: Sighting | None, emit: Emit) -> None:
        """Emit what is new, and whatever is true when a run begins."""
        window = sighting.window if sighting is not None else None
        now = self._clock.now()
        if self._silent or window != self._told:
            self._silent = False
            self._told = window
            emit(ForegroundChanged(now, window))
        if sighting is None or not sighting.steam_app or not sighting.window.pid:
            return
        steam = (sighting.window.pid, sighting.steam_app)
        if steam != self._told_steam:
            self._told_steam = steam
            emit(StoreSignal(now, "steam_window", sighting.window.pid, f"steam:{sighting.steam_app}", running=True))

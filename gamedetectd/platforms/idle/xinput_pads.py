"""Windows: gamepads by XInput, which is asked and tells nothing by itself. Other pads (DirectInput) are not seen."""

from __future__ import annotations

import sys
from collections.abc import Callable

from gamedetectd.platforms.idle.gamepads import Axis
from gamedetectd.platforms.idle.source import Pads
from gamedetectd.platforms.win32.xinput import AXES, PLACES, State

SEEK_EVERY = 5.0
"""Seconds between questions about places where no pad is: Windows takes milliseconds over each."""


class _Pad:
    """A pad, and the state its parts last counted at; see ``gamepads.Axis``."""

    def __init__(self, state: State) -> None:
        self._packet, self._buttons = state.packet, state.buttons
        self._axes = {name: Axis(low, high, getattr(state, name)) for name, low, high in AXES}

    def used(self, state: State) -> bool:
        """True where a button is another than before, or an axis moved beyond the dead zone."""
        if state.packet == self._packet:
            return False
        moved = [axis.moved(getattr(state, name)) for name, axis in self._axes.items()]
        pressed = state.buttons != self._buttons
        self._packet, self._buttons = state.packet, state.buttons
        return pressed or any(moved)


class XInputPads:
    """See ``source.Pads``. ``ask`` gives the state of the pad at a place, None where there is none."""

    def __init__(self, ask: Callable[[int], State | None], possible: Callable[[], bool]) -> None:
        self._ask = ask
        self._possible = possible
        self._pads: dict[int, _Pad] = {}
        self._seek_at = 0.0

    def possible(self) -> bool:
        return self._possible()

    def present(self) -> bool:
        return self._possible() and any(self._ask(place) is not None for place in range(PLACES))

    def descriptors(self) -> tuple[int, ...]:
        return ()

    def last_used(self, now: float) -> float | None:
        if not self._possible():
            return None
        places = list(self._pads)
        if now >= self._seek_at:
            self._seek_at = now + SEEK_EVERY
            places = list(range(PLACES))
        used = [self._look(place) for place in places]
        return now if any(used) else None

    def close(self) -> None:
        self._pads.clear()
        self._seek_at = 0.0

    def _look(self, place: int) -> bool:
        state = self._ask(place)
        if state is None:
            self._pads.pop(place, None)
            return False
        pad = self._pads.setdefault(place, _Pad(state))
        return pad.used(state)


def system_pads() -> Pads:
    """The pads of this machine."""
    if sys.platform == "win32":
        from gamedetectd.platforms.win32 import xinput

        return XInputPads(xinput.state, lambda: xinput.library() is not None)
    return XInputPads(lambda _place: None, lambda: False)

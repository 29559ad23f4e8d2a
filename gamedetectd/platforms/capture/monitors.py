"""Where the monitors are, as a Wayland compositor tells every program: KDE's portal does not say it of what it shows.

Source: https://wayland.app/protocols/wayland#wl_output and https://wayland.app/protocols/xdg-output-unstable-v1
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from gamedetectd.domain import Bounds
from gamedetectd.errors import CompositorGoneError
from gamedetectd.platforms.wayland_wire import Message, Wire, word

_OUTPUT, _MANAGER = "wl_output", "zxdg_output_manager_v1"
_MODE, _CURRENT = 1, 1
_GET_XDG_OUTPUT = 1
_POSITION, _SIZE = 0, 1


@dataclass(frozen=True, slots=True)
class Monitor:
    """Its bounds on the desktop, in the desktop's px, and how many px of its own it has (as if it were not turned)."""

    place: Bounds
    pixels: tuple[int, int]

    def has(self, size: tuple[int, int]) -> bool:
        """True if somebody may call that its size."""
        return size in ((self.place.width, self.place.height), self.pixels, self.pixels[::-1])


@dataclass(slots=True)
class _Told:
    pixels: tuple[int, ...] = ()
    corner: tuple[int, ...] = ()
    size: tuple[int, ...] = ()

    def monitor(self) -> Monitor | None:
        if not self.pixels or not self.corner or not self.size:
            return None
        return Monitor(Bounds(*self.corner, *self.size), (self.pixels[0], self.pixels[1]))


def monitors() -> tuple[Monitor, ...]:
    """All that are on; () where the compositor does not tell of each."""
    try:
        with closing(Wire()) as wire:
            found = [told.monitor() for told in _asked(wire)]
    except CompositorGoneError:
        return ()
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else ()


def _asked(wire: Wire) -> list[_Told]:
    """What is told of each monitor."""
    offered = wire.offered()
    manager = next((wire.bind(offer, 1) for offer in offered if offer.name == _MANAGER), 0)
    outputs: dict[int, _Told] = {}
    places: dict[int, _Told] = {}
    for offer in offered:
        if offer.name == _OUTPUT:
            output, told = wire.bind(offer, 1), _Told()
            outputs[output] = told
            if manager:
                place = wire.new()
                places[place] = told
                wire.ask(manager, _GET_XDG_OUTPUT, word(place) + word(output))
    for said in wire.settled():
        _hear(said, outputs.get(said.thing), places.get(said.thing))
    return list(outputs.values())


def _hear(said: Message, output: _Told | None, place: _Told | None) -> None:
    if output is not None and said.opcode == _MODE:
        flags, *size = said.numbers(3) or (0, 0, 0)
        if flags & _CURRENT:
            output.pixels = tuple(size)
    elif place is not None and said.opcode == _POSITION:
        place.corner = said.numbers(2)
    elif place is not None and said.opcode == _SIZE:
        place.size = said.numbers(2)

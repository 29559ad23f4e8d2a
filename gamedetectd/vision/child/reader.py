"""The life of the child that reads title screens: a process of its own, which captures for itself.

It is told titles, and a window; it answers with the one title that the window reads, and with nothing else of what it
read, unless the person asks for the lines by hand. ``main`` runs held to memory and time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from gamedetectd.platforms.capture.shown import NotShown
from gamedetectd.vision import wire
from gamedetectd.vision.child import files
from gamedetectd.vision.child.capture import Capture
from gamedetectd.vision.child.picture import Pixels
from gamedetectd.vision.child.reading import Text
from gamedetectd.vision.child.serving import serve
from gamedetectd.vision.child.titles import Titles

SHORT_SIDE = 720
"""Pixels of a window's shorter side that are kept at least: titles are large, and need no more."""


class State:
    """What the child keeps between requests; the networks are loaded for the first one that reads."""

    def __init__(self) -> None:
        self.titles = Titles()
        self.text = Text()
        self.capture = Capture(SHORT_SIDE)


def add_titles(state: State, request: wire.AddTitles) -> Iterator[wire.Told]:
    """Titles that may be found."""
    state.titles.add(request.titles)
    yield from ()


def read_window(state: State, request: wire.ReadWindow) -> Iterator[wire.Told]:
    """A window, as it is now."""
    try:
        shot = state.capture.picture(request.window)
    except NotShown as reason:
        yield wire.Unseen(reason.outcome, str(reason))
        return
    yield _read(state, shot.pixels, shot.size, shot.way, shot.seconds, lines=request.lines)


def read_picture(state: State, request: wire.ReadPicture) -> Iterator[wire.Told]:
    """One image file."""
    began = time.perf_counter()
    pixels = files.read(Path(request.file))
    size = int(pixels.shape[1]), int(pixels.shape[0])
    yield _read(state, pixels, size, "", time.perf_counter() - began, lines=request.lines)


def _read(
    state: State, pixels: Pixels, size: tuple[int, int], way: str, seconds: float, *, lines: bool = False
) -> wire.Read:
    began = time.perf_counter()
    told = state.text.lines(pixels)
    read = time.perf_counter()
    match = state.titles.find(told)
    stages = {"capture": seconds, "read": read - began, "match": time.perf_counter() - read}
    return wire.Read(
        match.title if match is not None else None,
        match.likeness if match is not None else 0.0,
        size,
        way,
        stages,
        tuple(wire.ReadLine(line.text, line.confidence, line.height) for line in told) if lines else (),
    )


ANSWERS: Mapping[type, Callable[..., Iterator[wire.Told]]] = {
    wire.AddTitles: add_titles,
    wire.ReadWindow: read_window,
    wire.ReadPicture: read_picture,
}
"""What answers each request; raises GamedetectdError."""


def main() -> None:
    """Answer until the input ends."""
    state = State()
    serve(wire.read_reading, lambda request: ANSWERS[type(request)](state, request))
    state.capture.close()

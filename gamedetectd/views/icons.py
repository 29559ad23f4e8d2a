"""Draws the icon's four looks, each for every size that panels ask for, so that none is a blurred other.

The looks differ by shape and not by colour alone: a ring with a dot (watching), a disc with a triangle (playing), a
square with two bars (paused) and a triangle with an exclamation mark (needs attention). A dark edge and a pale halo
keep them apart from light and dark panels. The colours are those of Okabe and Ito, which colour-blind people tell apart
(https://jfly.uni-koeln.de/color/).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gamedetectd.i18n import N_, _
from gamedetectd.platforms.tray.face import Face
from gamedetectd.views.tray_state import IconState

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZES = (16, 22, 24, 32, 48, 64)
"""In px."""
FINE = 8
"""How many times larger the drawing is made before it is scaled down."""
Colour = tuple[int, int, int, int]
EDGE, HALO, WHITE = (24, 24, 28, 255), (255, 255, 255, 150), (255, 255, 255, 255)
BLUE, GREEN, ORANGE, RED = (46, 134, 193, 255), (0, 158, 115, 255), (214, 137, 0, 255), (213, 70, 0, 255)

DESCRIPTIONS: Mapping[IconState, str] = {
    IconState.WATCHING: N_("Watching for games"),
    IconState.PLAYING: N_("A game is being played"),
    IconState.PAUSED: N_("Paused"),
    IconState.ATTENTION: N_("Needs your attention"),
}
"""What a screen reader says of each look."""


def draw(state: IconState, size: int) -> Image:
    """The look of ``state`` as a square RGBA image of ``size`` px."""
    from PIL import Image, ImageDraw

    side = size * FINE
    image = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(image)
    line = max(1.0, size / 20) * FINE
    _SHAPES[state](pen, side, line)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def face(state: IconState) -> Face:
    """The look of ``state`` in every size."""
    images = tuple(draw(state, size) for size in SIZES)
    return Face(state.value, images, _(DESCRIPTIONS[state]), urgent=state is IconState.ATTENTION)


def _layers(line: float, fill: Colour) -> tuple[tuple[float, Colour], ...]:
    """How far in each layer begins, from the outside: the halo, the edge and the colour."""
    return ((0.0, HALO), (line * 0.7, EDGE), (line * 1.7, fill))


def _watching(pen: ImageDraw, side: int, line: float) -> None:
    for inset, colour in (*_layers(line, BLUE), (line * 1.7 + side * 0.13, WHITE), (side * 0.34, EDGE)):
        pen.ellipse((inset, inset, side - 1 - inset, side - 1 - inset), colour)


def _playing(pen: ImageDraw, side: int, line: float) -> None:
    for inset, colour in _layers(line, GREEN):
        pen.ellipse((inset, inset, side - 1 - inset, side - 1 - inset), colour)
    left, right, half = side * 0.37, side * 0.75, side * 0.23
    pen.polygon([(left, side / 2 - half), (left, side / 2 + half), (right, side / 2)], WHITE)


def _paused(pen: ImageDraw, side: int, line: float) -> None:
    for inset, colour in _layers(line, ORANGE):
        pen.rounded_rectangle(
            (inset, inset, side - 1 - inset, side - 1 - inset), max(1.0, side * 0.2 - inset / 2), colour
        )
    width, top = side * 0.14, side * 0.26
    for middle in (side * 0.36, side * 0.64):
        pen.rectangle((middle - width / 2, top, middle + width / 2, side - top), EDGE)


def _attention(pen: ImageDraw, side: int, line: float) -> None:
    for inset, colour in _layers(line, RED):
        pen.polygon(
            [(side / 2, inset * 1.9), (side - 1 - inset * 1.6, side - 1 - inset), (inset * 1.6, side - 1 - inset)],
            colour,
        )
    width = side * 0.07
    pen.rectangle((side / 2 - width, side * 0.36, side / 2 + width, side * 0.66), WHITE)
    pen.rectangle((side / 2 - width, side * 0.74, side / 2 + width, side * 0.86), WHITE)


_SHAPES: Mapping[IconState, Callable[[ImageDraw, int, float], None]] = {
    IconState.WATCHING: _watching,
    IconState.PLAYING: _playing,
    IconState.PAUSED: _paused,
    IconState.ATTENTION: _attention,
}

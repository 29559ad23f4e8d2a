"""What a picture is made of, in a few numbers: flat fields, straight lines, coarse and fine detail, how many colours.

The network tells what is shown; games and other programs also differ in how they are drawn. It takes about a
millisecond.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gamedetectd.vision.child.picture import Numbers, Pixels

COUNT = 26
"""How many numbers there are."""
_FLAT, _LITTLE, _EDGE, _HARD = 3, 8, 24, 64
"""Differences of light between neighbours, of 255."""
_SHARP, _SMOOTH, _ANY = 12, 6, 16
"""A straight line is sharp one way and smooth the other; any edge is what lines are compared to."""
_SCALES = 4
_MANY = 4096
"""Colours that are told apart, sixteen of each of red, green and blue."""

Levels = NDArray[np.int16]


def detail(small: Pixels) -> Numbers:
    """(224, 224, 3) RGB to (``COUNT``,): shares of the picture, light of 255, and logarithms."""
    light = np.asarray(Image.fromarray(small).convert("L")).astype(np.int16)
    red, green, blue = (small[::2, ::2, n].astype(np.int16) for n in range(3))
    return np.array([*_edges(light), *_scales(light), *_colours(red, green, blue, light[::2, ::2])], np.float32)


def _edges(light: Levels) -> list[Any]:
    """How much differs from its neighbours by how much, and how much of that lies in long straight lines."""
    across = np.abs(light[:-1, 1:] - light[:-1, :-1])
    down = np.abs(light[1:, :-1] - light[:-1, :-1])
    below = np.cumsum(np.bincount(np.maximum(across, down).ravel(), minlength=256)) / across.size
    found = [below[_FLAT - 1], below[_LITTLE - 1], 1 - below[_EDGE], 1 - below[_HARD]]
    edges = 1 - below[_ANY] + 0.01
    level = ((down > _SHARP) & (across < _SMOOTH)).mean(1)
    upright = ((across > _SHARP) & (down < _SMOOTH)).mean(0)
    found += [level.mean() / edges, upright.mean() / edges]
    for lines in (level, upright):
        found += [(lines > 0.5).mean(), lines.max(), (lines > 0.25).mean()]
    return found


def _scales(light: Levels) -> list[Any]:
    """How much light varies, and the share of that which is lost each time that four pixels become one."""
    fine: NDArray[Any] = light.astype(np.float32)
    whole = fine.var() + 1
    found = [np.log(whole)]
    for _ in range(_SCALES):
        halved = fine[::2] + fine[1::2]
        coarse = (halved[:, ::2] + halved[:, 1::2]) / 4
        lost = np.square(fine).mean() - np.square(coarse).mean()
        found.append(np.log(max(lost, 0) / whole + 1e-4))
        fine = coarse
    return found


def _colours(red: Levels, green: Levels, blue: Levels, light: Levels) -> list[Any]:
    """How colourful and light it is, how much of it is white, black or grey, and how few colours make most of it."""
    most = np.maximum(np.maximum(red, green), blue)
    colourful = most - np.minimum(np.minimum(red, green), blue)
    found = [colourful.mean(), colourful.std(), most.mean()]
    found += [(light > 235).mean(), (light < 16).mean(), (colourful < 12).mean()]
    number = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)
    share = np.cumsum(np.sort(np.bincount(number.ravel(), minlength=_MANY))[::-1]) / number.size
    return [*found, np.log(np.searchsorted(share, 0.5) + 1), np.log(np.searchsorted(share, 0.9) + 1), share[0]]

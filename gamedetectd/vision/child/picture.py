"""Brings whatever was captured into the one shape that the eyes take, and takes the cheap measures of it.

Pillow does the work: it is a part of the program anyway, and needs a quarter of the memory of cv2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gamedetectd.errors import PictureError

SIDE = 224
"""Width and height of what the network takes, in px."""
SAMPLED = 350
"""Pixels that are kept along the short side at least, before the average is taken: the rest is not looked at."""
BINS = 6
"""Of each colour in a palette, which so has 216."""

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]


def as_bgr(picture: NDArray[Any]) -> Pixels:
    """Grey, BGRA and sixteen-bit pictures as (height, width, 3) of bytes. Raises PictureError for anything else."""
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    if picture.ndim != 3 or picture.shape[2] not in {3, 4} or not picture.size:
        shape = "x".join(map(str, picture.shape))
        raise PictureError(f"What was captured has the shape {shape}.", "Report this as an error of gamedetectd.")
    picture = picture[:, :, :3]
    if picture.dtype == np.uint16:
        # Ten bits in sixteen where nothing is brighter than they allow, else all sixteen are used.
        return (picture >> (2 if int(picture.max()) < 1024 else 8)).astype(np.uint8)
    if picture.dtype != np.uint8:
        raise PictureError(f"What was captured holds {picture.dtype}.", "Report this as an error of gamedetectd.")
    return picture


def shrunk(picture: Pixels) -> Pixels:
    """(height, width, 3) BGR to (224, 224, 3) RGB: every n-th pixel, then the average over each field."""
    step = max(1, min(picture.shape[:2]) // SAMPLED)
    sampled = np.ascontiguousarray(picture[::step, ::step, ::-1])
    size = (sampled.shape[1], sampled.shape[0])
    image = Image.frombuffer("RGB", size, sampled, "raw", "RGB", 0, 1)
    how = Image.Resampling.BOX if min(size) >= SIDE else Image.Resampling.BILINEAR
    return np.asarray(image.resize((SIDE, SIDE), how))


def palette(small: Pixels) -> Numbers:
    """(224, 224, 3) to (216,): the root of each colour's share of the picture."""
    level = small[::2, ::2].astype(np.uint16) * BINS >> 8
    number = (level[:, :, 0] * BINS + level[:, :, 1]) * BINS + level[:, :, 2]
    share = np.bincount(number.ravel(), minlength=BINS**3) / number.size
    roots: Numbers = np.sqrt(share).astype(np.float32)
    return roots


def measures(small: Pixels, colours: Numbers) -> Numbers:
    """(224, 224, 3) and its palette to (24,): edges, flatness, light, colour, margins, each between 0 and about 1."""
    grey = small.astype(np.float32) @ np.asarray([0.299, 0.587, 0.114], np.float32)
    across, down = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    red, green, blue = (small[::2, ::2, colour].astype(np.float32) for colour in range(3))
    high, low = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)  # not .max(2): slow
    saturation = (high - low) / np.maximum(high, 16)
    share = np.square(colours)
    entropy = -float((share * np.log(share + 1e-9)).sum()) / np.log(BINS**3)
    rows, columns = grey.std(1), grey.std(0)
    block = grey.reshape(28, 8, 28, 8).std((1, 3))
    most = np.sort(share)[-4:]
    edges = [across.mean() / 32, down.mean() / 32, *(np.mean(way > 24) for way in (across, down))]
    flat = [np.mean(across < 2), np.mean(down < 2)]
    light = [grey.mean() / 255, grey.std() / 128, np.mean(grey < 24), np.mean(grey > 232)]
    colour = [saturation.mean(), saturation.std(), np.mean(saturation > 0.5), entropy, most[-1], most.sum()]
    empty = [np.mean(share > 0.002), np.mean(rows < 4), np.mean(columns < 4)]
    margins = [part.mean() / 64 for part in (columns[:24], columns[-24:], rows[:24])]
    blocks = [np.mean(block < 3), np.mean(block > 30)]
    return np.asarray([*edges, *flat, *light, *colour, *empty, *margins, *blocks], np.float32)

"""Brings whatever was captured into the one shape that the eyes take, and counts its colours.

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
    """Grey and sixteen-bit pictures as (height, width, 3) of bytes, BGR; those of four bytes a pixel keep the fourth.

    Raises PictureError for anything else.
    """
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    if picture.ndim != 3 or picture.shape[2] not in {3, 4} or not picture.size:
        shape = "x".join(map(str, picture.shape))
        raise PictureError(f"What was captured has the shape {shape}.", "Report this as an error of gamedetectd.")
    if picture.dtype == np.uint16:
        # Ten bits in sixteen where nothing is brighter than they allow, else all sixteen are used.
        colours = picture[:, :, :3]
        return (colours >> (2 if int(colours.max()) < 1024 else 8)).astype(np.uint8)
    if picture.dtype != np.uint8:
        raise PictureError(f"What was captured holds {picture.dtype}.", "Report this as an error of gamedetectd.")
    return picture


def shrunk(picture: Pixels) -> Pixels:
    """(height, width, 3) BGR, or 4 BGRX, to (224, 224, 3) RGB: every n-th pixel, then the average over each field."""
    step = max(1, min(picture.shape[:2]) // SAMPLED)
    sampled = np.ascontiguousarray(picture[::step, ::step])
    size = (sampled.shape[1], sampled.shape[0])
    image = Image.frombuffer("RGB", size, sampled, "raw", "BGRX" if sampled.shape[2] == 4 else "BGR", 0, 1)
    how = Image.Resampling.BOX if min(size) >= SIDE else Image.Resampling.BILINEAR
    return np.asarray(image.resize((SIDE, SIDE), how))


def palette(small: Pixels) -> Numbers:
    """(224, 224, 3) to (216,): the root of each colour's share of the picture."""
    level = small[::2, ::2].astype(np.uint16) * BINS >> 8
    number = (level[:, :, 0] * BINS + level[:, :, 1]) * BINS + level[:, :, 2]
    share = np.bincount(number.ravel(), minlength=BINS**3) / number.size
    roots: Numbers = np.sqrt(share).astype(np.float32)
    return roots

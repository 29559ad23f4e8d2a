"""Brings whatever was captured into the one shape that the eyes take, and takes the cheap measures of it.

Pillow does the work: it is a part of the program anyway, and needs a quarter of the memory of cv2.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gamedetectd.errors import PictureError

SIDE = 224
"""Width and height of what the network takes, in px."""
SAMPLED = 350
"""Pixels that are kept along the short side at least, before the average is taken: the rest is not looked at."""
BINS = 6
"""Of each colour in a palette, which so has 216."""
THUMBNAIL = 28
"""Width and height of the picture that motion is told from, in px."""

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]


def read(path: Path) -> Pixels:
    """The picture in a file as (height, width, 3), BGR. Raises PictureError where it is none."""
    try:
        with Image.open(path) as picture:
            if picture.mode.startswith("I"):  # sixteen bits of grey
                return as_bgr(np.asarray(picture).astype(np.uint16))
            return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(f"{path.name} cannot be read as a picture: {error}.", "Give a PNG or JPEG file.") from error


def as_bgr(picture: NDArray[Any]) -> Pixels:
    """Grey, BGRA and sixteen-bit pictures as (height, width, 3) of bytes. Raises PictureError for what is no picture."""
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
    return np.asarray(
        image.resize((SIDE, SIDE), Image.Resampling.BOX if min(size) >= SIDE else Image.Resampling.BILINEAR)
    )


def thumbnail(small: Pixels) -> Numbers:
    """(224, 224, 3) to (28, 28) of grey, 0 to 1."""
    grey = small.astype(np.float32) @ np.float32([0.299, 0.587, 0.114])
    block = SIDE // THUMBNAIL
    return grey.reshape(THUMBNAIL, block, THUMBNAIL, block).mean((1, 3)) / np.float32(255)


def palette(small: Pixels) -> Numbers:
    """(224, 224, 3) to (216,): the root of each colour's share of the picture."""
    level = small[::2, ::2].astype(np.uint16) * BINS >> 8
    number = (level[:, :, 0] * BINS + level[:, :, 1]) * BINS + level[:, :, 2]
    share = np.bincount(number.ravel(), minlength=BINS**3) / number.size
    return np.sqrt(share).astype(np.float32)


def measures(small: Pixels, colours: Numbers) -> Numbers:
    """(224, 224, 3) and its palette to (24,): edges, flatness, light, colour and margins, each between 0 and about 1."""
    grey = small.astype(np.float32) @ np.float32([0.299, 0.587, 0.114])
    across, down = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    high, low = small.max(2).astype(np.float32), small.min(2).astype(np.float32)
    saturation = (high - low) / np.maximum(high, 16)
    share = np.square(colours)
    entropy = -float((share * np.log(share + 1e-9)).sum()) / np.log(BINS**3)
    rows, columns = grey.std(1), grey.std(0)
    block = grey.reshape(28, 8, 28, 8).std((1, 3))
    values = [
        across.mean() / 32, down.mean() / 32, (across > 24).mean(), (down > 24).mean(), (across < 2).mean(), (down < 2).mean(),
        grey.mean() / 255, grey.std() / 128, (grey < 24).mean(), (grey > 232).mean(), saturation.mean(), saturation.std(),
        (saturation > 0.5).mean(), entropy, np.sort(share)[-1], np.sort(share)[-4:].sum(), (share > 0.002).mean(),
        (rows < 4).mean(), (columns < 4).mean(), columns[:24].mean() / 64, columns[-24:].mean() / 64, rows[:24].mean() / 64,
        (block < 3).mean(), (block > 30).mean(),
    ]  # fmt: skip
    return np.asarray(values, np.float32)

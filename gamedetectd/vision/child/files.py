"""Pictures from files, however hostile: of a few well-known forms, no larger than screens are."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from gamedetectd.errors import PictureError
from gamedetectd.platforms.regular_files import open_regular
from gamedetectd.vision.child.picture import Pixels, as_bgr

FORMS = ("PNG", "JPEG", "WEBP", "BMP", "PPM", "GIF", "TIFF")
"""No others: some that Pillow knows start programs, or are no pictures."""
LARGEST = 128_000_000
"""Bytes of a file at most."""
MOST_PIXELS = 34_000_000
"""Of a picture at most: 7680 x 4320 has 33 millions."""
_WANTED = "Give a picture as screenshots are: PNG or JPEG, of at most 34 million pixels."


def read(file: Path) -> Pixels:
    """The picture in a file as (height, width, 3), BGR. Raises PictureError, which names the file."""
    try:
        with os.fdopen(open_regular(file), "rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in a file is nobody's business but its maker's
            if os.fstat(stream.fileno()).st_size > LARGEST:
                raise PictureError(f"{file} is larger than {LARGEST // 1_000_000} MB.", _WANTED)
            return _decoded(stream)
    except UnidentifiedImageError:
        raise PictureError(f"{file} is no picture of a form that is read here.", _WANTED) from None
    except OSError as error:
        if error.errno is None:  # Pillow's
            raise _damaged(file, error) from error
        raise PictureError(f"{file} cannot be read: {error.strerror}.", "Give the name of a picture.") from error
    except _BAD as error:
        raise _damaged(file, error) from error


_BAD = (
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    Image.DecompressionBombError,
)
"""What Pillow raises for files that are damaged on purpose: whatever its decoders stumble over."""


def _damaged(file: Path, error: Exception) -> PictureError:
    return PictureError(f"{file} cannot be read as a picture: {error or type(error).__name__}.", _WANTED)


def _decoded(stream: BinaryIO) -> Pixels:
    with Image.open(stream, formats=FORMS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError(f"it is {width} x {height} px")
        if picture.mode.startswith("I"):  # sixteen bits of grey
            return as_bgr(np.asarray(picture).astype(np.uint16))
        rgb = _on_black(picture) if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info else picture
        return np.frombuffer(rgb.convert("RGB").tobytes("raw", "BGR"), np.uint8).reshape(height, width, 3)


def _on_black(picture: Image.Image) -> Image.Image:
    flat = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    flat.alpha_composite(picture.convert("RGBA"))
    return flat

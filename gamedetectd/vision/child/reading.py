"""Text in a picture, by rapidocr and the models that its wheel brings. Nothing is ever fetched.

rapidocr fetches a model that it does not find; here it is given opened models, so that it never looks for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamedetectd.errors import ModelMissingError, VisionError
from gamedetectd.vision.child.networks import opened
from gamedetectd.vision.child.picture import Pixels
from gamedetectd.vision.child.titles import Line

MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
"""What finds text and what reads it: rapidocr's default models, below its package."""
LONG_SIDE = 640
"""Pixels to which the longer side is brought for finding text; it is read in the picture as it is."""
MOST_LINES = 14
"""Lines that are read, the tallest first: a title is not in small print."""
LONGEST = 16.0
"""How many times as wide as tall a line may be: longer ones are sentences, and need much memory."""
_AGAIN = "Install it again: pip install --force-reinstall rapidocr"


class Text:
    """Reads pictures. The networks are loaded for the first one, which takes a second of the processor."""

    def __init__(self) -> None:
        self._engine: Any = None

    def lines(self, pixels: Pixels) -> list[Line]:
        """The tallest lines of (height, width, 3) BGR or 4 BGRX, each on its own.

        Raises ModelMissingError, ModelDamagedError, VisionError where it cannot be read, MemoryError.
        """
        if self._engine is None:
            self._engine = _engine()
        with _failing():
            return self._lines(np.ascontiguousarray(pixels[:, :, :3]))

    def _lines(self, pixels: Pixels) -> list[Line]:
        found = self._engine(pixels, use_det=True, use_cls=False, use_rec=False)
        corners = [] if found.boxes is None else [box for box in found.boxes if _is_short(box)]
        corners.sort(key=lambda box: -_size(box)[1])
        return [line for box in corners[:MOST_LINES] if (line := self._line(pixels, box)) is not None]

    def _line(self, pixels: Pixels, box: NDArray[np.float32]) -> Line | None:
        from rapidocr.utils.process_img import get_rotate_crop_image

        crop = get_rotate_crop_image(pixels, box.copy())
        if not crop.size:
            return None
        told = self._engine(crop, use_det=False, use_cls=False, use_rec=True)
        if not told.txts or not told.txts[0].strip():
            return None
        left, top = box.min(0)
        width, height = _size(box)
        confidence = round(float(told.scores[0]), 3)
        return Line(told.txts[0].strip(), confidence, float(left), float(top), width, height)


@contextmanager
def _failing() -> Iterator[None]:
    """What the libraries raise in their own ways as everybody knows it; want of memory comes in two of them."""
    import cv2
    from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

    try:
        yield
    except (ONNXRuntimeError, cv2.error) as error:
        if "bad_alloc" in str(error) or "Insufficient memory" in str(error):
            raise MemoryError from error
        raise VisionError(f"The text cannot be read: {str(error)[-200:]}", "Report this.") from error


def _engine() -> Any:
    """Rapidocr with its own models, one thread, and no way to fetch anything."""
    import cv2
    import rapidocr
    from omegaconf import flag_override

    cv2.setNumThreads(1)
    place = Path(rapidocr.__file__).parent / "models"
    engine = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            "Det.limit_type": "max",
            "Det.limit_side_len": LONG_SIDE,
            "Rec.rec_batch_num": 1,
        }
    )
    for part, name in MODELS.items():
        file = place / name
        if not file.is_file():
            raise ModelMissingError(f"{file} is not there.", _AGAIN)
        with flag_override(engine.cfg, "allow_objects", True):
            engine.cfg[part].session = opened(str(file), name, _AGAIN)
    return engine


def _size(box: NDArray[np.float32]) -> tuple[float, float]:
    """Width and height of four corners, clockwise from the upper left, in px."""
    sides = np.linalg.norm(box - np.roll(box, -1, axis=0), axis=1)
    return float(max(sides[0], sides[2])), float(max(sides[1], sides[3]))


def _is_short(box: NDArray[np.float32]) -> bool:
    width, height = _size(box)
    return height > 0 and width <= LONGEST * height

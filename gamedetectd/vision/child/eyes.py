"""The eyes: one picture in, what can be told of it in numbers out. What follows from it, others decide."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamedetectd.vision.child import heads, picture
from gamedetectd.vision.child.detail import detail
from gamedetectd.vision.child.heads import Heads
from gamedetectd.vision.child.models import verified
from gamedetectd.vision.shape import Shape, shape_of

Numbers = picture.Numbers
OUTPUTS = {"embedding": 1280, "game": 1}
"""What the network gives, and how many numbers of each."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture showed."""

    blank: str | None
    """Why it tells nothing (``black``, ``one_colour``, ``tiny``), or None."""
    embedding: Numbers
    """(D,) of length one: what titles are told by; near each other means alike."""
    palette: Numbers
    """(216,) of length one: the root of each colour's share."""
    game_logit: float
    """For a game above zero, by what is seen and by how it is drawn; 0 where ``blank``."""
    drawn: float
    """What of that the way it is drawn added."""
    shape: Shape
    """What its proportions are like."""
    seconds: Mapping[str, float]
    """What each stage took: ``shrink``, ``network``, ``heads``."""


class Eyes:
    """The loaded models. One thread, no arena: memory is worth more than a millisecond here."""

    def __init__(self, session: Any, numbers: Heads) -> None:
        self._session = session
        self.heads = numbers

    @classmethod
    def load(cls, models: Path) -> Eyes:
        """The models in that directory.

        Raises ModelMissingError, ModelDamagedError (another sha256 than ``manifest.toml`` says, or not readable) or
        ModelShapeError (not the inputs and outputs of this version).
        """
        files = verified(models)
        return cls(heads.open_network(files["features.onnx"], OUTPUTS), Heads.load(files["heads.npz"]))

    def look(self, pixels: NDArray[Any], size: tuple[int, int] | None = None) -> Look:
        """``pixels``: (height, width, 3) BGR of bytes; grey, BGRA and 16 bits are taken too. Raises PictureError.

        ``size`` is the window's width and height where the pixels are but some of it.
        """
        began = time.perf_counter()
        pixels = picture.as_bgr(pixels)
        small = picture.shrunk(pixels)
        colours = picture.palette(small)
        shrunk = time.perf_counter()
        shape = shape_of(*size) if size else shape_of(pixels.shape[1], pixels.shape[0])
        blank = self.heads.blank(pixels.shape[:2], small)
        if blank:
            nothing = np.zeros(self.heads.dimensions, np.float32)
            stages = {"shrink": shrunk - began, "network": 0.0, "heads": 0.0}
            return Look(blank, nothing, colours, 0.0, 0.0, shape, stages)
        embedding, logit = self.features(small)
        seen = time.perf_counter()
        drawn = self.heads.of_detail(detail(small))
        whitened = self.heads.whitened(embedding)
        stages = {"shrink": shrunk - began, "network": seen - shrunk, "heads": time.perf_counter() - seen}
        return Look(None, whitened, colours, logit + drawn, drawn, shape, stages)

    def features(self, small: picture.Pixels) -> tuple[Numbers, float]:
        """What the network gives for one (224, 224, 3) RGB picture: (1280,), and its log-odds of a game."""
        embedding, game = self._session.run(list(OUTPUTS), {"picture": small[None]})
        return embedding[0], float(game[0, 0])

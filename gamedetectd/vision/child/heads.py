"""What the network's numbers mean: the small models behind it, and every threshold, all from one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamedetectd.errors import ModelDamagedError, ModelShapeError
from gamedetectd.vision.child.networks import opened
from gamedetectd.vision.child.picture import SIDE, Numbers, Pixels

_AGAIN = "Install gamedetectd again."
INPUTS = 1280 + 896 + 24
"""Numbers that the game head takes: the embedding, the depths and the measures, one after another."""


def open_network(content: bytes, outputs: Mapping[str, int]) -> Any:
    """An onnxruntime session of that file. Raises ModelDamagedError, or ModelShapeError for another network."""
    session = opened(content, "features.onnx", _AGAIN)
    takes = [(one.name, one.type, list(one.shape)) for one in session.get_inputs()]
    gives = {one.name: list(one.shape) for one in session.get_outputs()}
    if takes != [("picture", "tensor(uint8)", [1, SIDE, SIDE, 3])] or gives != {k: [1, n] for k, n in outputs.items()}:
        raise ModelShapeError(f"features.onnx takes {takes} and gives {gives}.", _AGAIN)
    return session


class Heads:
    """The numbers of ``heads.npz``, keys as in ``SHAPES``; float32 in memory."""

    SHAPES: Mapping[str, tuple[int | None, ...]] = {
        "blank": (3,),  # below these: side in px, mean light of 1 ("black"), largest deviation of a colour of 255
        "game_mean": (INPUTS,),
        "game_scale": (INPUTS,),
        "game_base": (INPUTS, None),  # to the components that games are told by
        "game_shift": (None,),
        "game_support": (None, None),  # examples to be compared with: a support vector machine's
        "game_dual": (None,),
        "game_linear": (None,),
        "game_bias": (
            3,
        ),  # how sharply likeness falls off with the squared distance; the weight of the network's own word
        "title_mean": (1280,),
        "title_whitening": (1280, None),
        "title_sights": (None, None),  # what pictures of programs look like in general, whitened
        "sequence": (6,),
        "titles": (6,),
    }

    def __init__(self, numbers: Mapping[str, Numbers]) -> None:
        for name, shape in self.SHAPES.items():
            have = numbers[name].shape if name in numbers else None
            if (
                have is None
                or len(have) != len(shape)
                or any(b not in {None, a} for a, b in zip(have, shape, strict=True))
            ):
                raise ModelShapeError(f"heads.npz has {name} of the shape {have}, needed is {shape}.", _AGAIN)
        self.numbers = {name: np.asarray(numbers[name], np.float32) for name in self.SHAPES}
        self._fits()
        self._lengths = np.square(self.numbers["game_support"]).sum(1)

    @classmethod
    def load(cls, content: bytes) -> Heads:
        """From the file's content. Raises ModelDamagedError and ModelShapeError."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                return cls({name: archive[name] for name in archive.files})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelDamagedError(f"heads.npz cannot be read: {error}.", _AGAIN) from error

    def _fits(self) -> None:
        """Raises ModelShapeError where numbers that go together differ in number."""
        have = {name: numbers.shape for name, numbers in self.numbers.items()}
        components = have["game_base"][1]
        for name, needed in (
            ("game_shift", (components,)),
            ("game_linear", (components,)),
            ("game_support", (*have["game_dual"], components)),
            ("title_sights", (have["title_sights"][0], self.dimensions)),
        ):
            if have[name] != needed:
                raise ModelShapeError(f"heads.npz has {name} of the shape {have[name]}, needed is {needed}.", _AGAIN)

    @property
    def dimensions(self) -> int:
        """Of a whitened embedding."""
        return int(self.numbers["title_whitening"].shape[1])

    def blank(self, size: tuple[int, ...], small: Pixels) -> str | None:
        """Why a picture of that (height, width) tells nothing, or None."""
        side, dark, flat = self.numbers["blank"]
        if min(size) < side:
            return "tiny"
        some = small[::4, ::4]
        if some.std(axis=(0, 1), dtype=np.float32).max() < flat:
            return "black" if some.mean() < 255 * dark else "one_colour"
        return None

    def game_logit(self, embedding: Numbers, depths: Numbers, measures: Numbers, tuned: float) -> float:
        """Of one frame, above zero for a game; ``tuned`` is what the network says. Calibrated over five frames."""
        have = self.numbers
        x = (np.concatenate([embedding, depths, measures]) - have["game_mean"]) * have["game_scale"]
        v = np.clip(x, -6, 6) @ have["game_base"] - have["game_shift"]
        bias, sharpness, weight = have["game_bias"]
        near = np.exp(-sharpness * (self._lengths - 2 * (have["game_support"] @ v) + v @ v))
        return float(near @ have["game_dual"] + v @ have["game_linear"] + bias + weight * tuned)

    def whitened(self, embedding: Numbers) -> Numbers:
        """(1280,) to what titles are compared by, of length one."""
        turned: NDArray[Any] = (embedding - self.numbers["title_mean"]) @ self.numbers["title_whitening"]
        return (turned / max(float(np.linalg.norm(turned)), 1e-6)).astype(np.float32)

    def usual(self, rows: Numbers) -> Numbers:
        """(rows, D) of length one to (rows,): how near each is to what pictures of programs look like in general."""
        near = rows @ self.numbers["title_sights"].T
        most = min(int(self.numbers["titles"][4]), near.shape[1])
        usual: Numbers = np.partition(near, near.shape[1] - most, axis=1)[:, near.shape[1] - most :].mean(1)
        return usual

"""What the network's numbers mean: the small models behind it, and every threshold, all from one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gamedetectd.errors import ModelDamagedError, ModelShapeError
from gamedetectd.vision.child.detail import COUNT
from gamedetectd.vision.child.networks import opened
from gamedetectd.vision.child.picture import SIDE, Numbers, Pixels
from gamedetectd.vision.shape import SHAPES, Shape

_DEPTH = 3
_ASKED = 2**_DEPTH - 1
"""Questions in a tree."""
_AGAIN = "Install gamedetectd again."


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
        "title_mean": (1280,),
        "title_whitening": (1280, None),
        "title_sights": (None, None),  # what pictures of programs look like in general, whitened
        "sequence": (4,),  # slope and bias of the mean of five, and the lines for a game and for none
        "shapes": (len(SHAPES),),  # what is added for each shape of a window
        "detail_asks": (None, _ASKED),  # of each tree, from the root down: which number of ``detail`` is asked about
        "detail_lines": (None, _ASKED),  # and whether it is above this
        "detail_adds": (None, _ASKED + 1),  # what is added at the end of each way through the tree
        "titles": (5,),
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
        self._check_trees()
        sights = self.numbers["title_sights"].shape
        if sights[1] != self.dimensions:
            needed = (sights[0], self.dimensions)
            raise ModelShapeError(f"heads.npz has title_sights of the shape {sights}, needed is {needed}.", _AGAIN)

    def _check_trees(self) -> None:
        trees = [len(self.numbers[name]) for name in ("detail_asks", "detail_lines", "detail_adds")]
        asks = self.numbers["detail_asks"]
        if len(set(trees)) > 1 or not ((asks >= 0) & (asks < COUNT)).all():
            raise ModelShapeError(f"heads.npz has {trees} trees, or they ask for more than {COUNT} numbers.", _AGAIN)

    @classmethod
    def load(cls, content: bytes) -> Heads:
        """From the file's content. Raises ModelDamagedError and ModelShapeError."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                return cls({name: archive[name] for name in archive.files})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelDamagedError(f"heads.npz cannot be read: {error}.", _AGAIN) from error

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

    def whitened(self, embedding: Numbers) -> Numbers:
        """(1280,) to what titles are compared by, of length one."""
        turned: NDArray[Any] = (embedding - self.numbers["title_mean"]) @ self.numbers["title_whitening"]
        return (turned / max(float(np.linalg.norm(turned)), 1e-6)).astype(np.float32)

    def of_shape(self, shape: Shape) -> float:
        """Log-odds that a window's proportions add for a game."""
        return float(self.numbers["shapes"][SHAPES.index(shape)]) if shape else 0.0

    def of_detail(self, detail: Numbers) -> float:
        """Log-odds of a game that all trees together add for what ``detail.detail`` gives."""
        asks, lines = self.numbers["detail_asks"].astype(np.intp), self.numbers["detail_lines"]
        tree = np.arange(len(asks))
        at = np.zeros(len(asks), np.intp)
        for _ in range(_DEPTH):
            at = 2 * at + 1 + (detail[asks[tree, at]] > lines[tree, at])
        return float(self.numbers["detail_adds"][tree, at - _ASKED].sum())

    def usual(self, rows: Numbers) -> Numbers:
        """(rows, D) of length one to (rows,): how near each is to what pictures of programs look like in general."""
        near = rows @ self.numbers["title_sights"].T
        most = min(int(self.numbers["titles"][4]), near.shape[1])
        usual: Numbers = np.partition(near, near.shape[1] - most, axis=1)[:, near.shape[1] - most :].mean(1)
        return usual

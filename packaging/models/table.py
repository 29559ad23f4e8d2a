"""What ``embed`` wrote, as columns, and what is asked of them: five frames in a row, families, intervals."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from frames import split
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.shape import SHAPES, shape_of  # noqa: E402

FRAMES = 5
FOLDS = 3
Column = NDArray[np.generic]


@dataclass
class Table:
    """Columns of equal length; ``game`` is the network's log-odds, ``detail`` how it is drawn; sizes are in px."""

    embedding: NDArray[np.float32]
    palette: NDArray[np.float32]
    detail: NDArray[np.float32]
    game: NDArray[np.float32]
    width: NDArray[np.int64]
    height: NDArray[np.int64]
    is_game: NDArray[np.bool_]
    family: Column
    name: Column
    session: Column
    number: NDArray[np.int64]
    change: Column
    part: Column

    def where(self, mask: Column) -> Table:
        """The rows that are true."""
        return Table(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def and_then(self, other: Table) -> Table:
        """The rows of both."""
        columns = self.__dataclass_fields__
        return Table(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in columns))

    def with_odds(self, odds: NDArray[np.floating]) -> Table:
        """The same rows with other log-odds of a game."""
        return replace(self, game=odds.astype(np.float32))


def load(files: Iterable[Path]) -> Table:
    """All rows of all files, those of blank frames left out."""
    parts = split()
    several = []
    for file in files:
        with np.load(file) as have:
            numbers = [have[name].astype(np.float32) for name in ("embedding", "palette", "detail", "game")]
            told = [
                have[name] for name in ("width", "height", "is_game", "family", "name", "session", "number", "change")
            ]
            several.append((*numbers, *told, np.array([parts[family] for family in have["family"]])))
    return Table(*(np.concatenate(column) for column in zip(*several, strict=True)))


def fold_of(family: Column) -> NDArray[np.int64]:
    """Which of the ``FOLDS`` networks is blind to each family."""
    return np.array([zlib.crc32(f"fold{one}".encode()) % FOLDS for one in family])


def evidence(table: Table) -> NDArray[np.float64]:
    """(N, 3): a frame's log-odds of a game, and for each of ``SHAPES`` one where its window has it, else nought."""
    shapes = [shape_of(int(width), int(height)) for width, height in zip(table.width, table.height, strict=True)]
    return np.column_stack([table.game, *([one == shape for one in shapes] for shape in SHAPES)]).astype(np.float64)


def in_fives(table: Table) -> tuple[NDArray[np.float64], NDArray[np.bool_], Column]:
    """Every five unchanged frames in a row of a session: the mean of their ``evidence``, class, family."""
    told = evidence(table)
    means, kinds, families = [], [], []
    plain = table.change == ""
    for session in np.unique(table.session):
        rows = np.flatnonzero((table.session == session) & plain)
        rows = rows[np.argsort(table.number[rows])]
        for end in range(FRAMES, len(rows) + 1):
            means.append(told[rows[end - FRAMES : end]].mean(0))
            kinds.append(table.is_game[rows[0]])
            families.append(table.family[rows[0]])
    return np.array(means), np.array(kinds), np.array(families)


def auc(scores: NDArray[np.floating], kinds: NDArray[np.bool_]) -> float:
    """The share of pairs in the right order."""
    order = np.argsort(scores, kind="stable")
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    yes = int(kinds.sum())
    no = len(kinds) - yes
    return float((rank[kinds].sum() - yes * (yes + 1) / 2) / max(1, yes * no))


def interval(families: Column, figure: Callable[[NDArray[np.int64]], float], rounds: int = 1000) -> tuple[float, float]:
    """95 % of a figure over families drawn again and again with replacement; ``figure`` takes numbers of rows."""
    chance = np.random.default_rng(7)
    rows_of = [np.flatnonzero(families == family) for family in np.unique(families)]
    values = []
    for _ in range(rounds):
        drawn = np.concatenate([rows_of[n] for n in chance.integers(len(rows_of), size=len(rows_of))])
        value = figure(drawn)
        if np.isfinite(value):
            values.append(value)
    return float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))

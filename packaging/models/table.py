"""What ``embed`` wrote, as columns, and what is asked of them: five frames in a row, families, intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from frames import split
from numpy.typing import NDArray

FRAMES = 5
Column = NDArray[np.generic]


@dataclass
class Table:
    """Columns of equal length; ``x`` is what the game head takes."""

    x: NDArray[np.float32]
    palette: NDArray[np.float32]
    tuned: NDArray[np.float32]
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


def load(files: Iterable[Path]) -> Table:
    """All rows of all files, those of blank frames left out."""
    parts = split()
    several = []
    for file in files:
        with np.load(file) as have:
            x = np.concatenate([have["embedding"], have["depths"], have["measures"]], 1, dtype=np.float32)
            part = np.array([parts[family] for family in have["family"]])
            several.append(
                (x, have["palette"].astype(np.float32), have["tuned"][:, 0].astype(np.float32), have["is_game"],
                 have["family"], have["name"], have["session"],
                 have["number"], have["change"], part)
            )  # fmt: skip
    return Table(*(np.concatenate(column) for column in zip(*several, strict=True)))


def balanced(table: Table) -> NDArray[np.float64]:
    """A weight for each row: every family of a class weighs the same, both classes together alike; mean 1."""
    _, place, count = np.unique(table.family, return_inverse=True, return_counts=True)
    weight = 1 / count[place]
    for kind in (True, False):
        weight[table.is_game == kind] /= weight[table.is_game == kind].sum()
    return weight * len(weight) / 2


def in_fives(table: Table, scores: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.bool_], Column]:
    """Every five unchanged frames in a row of a session: their mean score, class, family."""
    means, kinds, families = [], [], []
    plain = table.change == ""
    for session in np.unique(table.session):
        rows = np.flatnonzero((table.session == session) & plain)
        rows = rows[np.argsort(table.number[rows])]
        for end in range(FRAMES, len(rows) + 1):
            means.append(scores[rows[end - FRAMES : end]].mean())
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

"""How a picture is drawn (``gamedetectd/vision/child/detail.py``), to log-odds of a game: small trees.

They stand beside the network, which is blind to it. That they add something is told by families that they never saw:
``blind`` answers for each family with trees learned from the others.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from table import Table

TREES = 120
DEPTH = 3
ASKED = 2**DEPTH - 1
ANSWERS = 6
"""Ways through a tree, at most: two of eight stay unused."""
RATE = 0.05
LEAST = 200
"""Frames that an answer stands for at least."""
HELD_BACK = 20.0
"""L2 regularisation of the answers."""
GROUPS = 6

Trees = HistGradientBoostingClassifier


def learned(table: Table) -> Trees:
    """From all rows; classes weigh alike, and families within them."""
    weight = np.zeros(len(table.family))
    for kind in (True, False):
        own = table.is_game == kind
        _, place, count = np.unique(table.family[own], return_inverse=True, return_counts=True)
        weight[own] = len(weight) / 2 / len(count) / count[place]
    trees = Trees(
        max_iter=TREES,
        max_depth=DEPTH,
        max_leaf_nodes=ANSWERS,
        learning_rate=RATE,
        min_samples_leaf=LEAST,
        l2_regularization=HELD_BACK,
        early_stopping=False,
    )
    return trees.fit(table.detail, table.is_game, sample_weight=weight)


def blind(table: Table) -> NDArray[np.float64]:
    """(N,): log-odds of each row, by trees that saw nothing of its family."""
    group = np.array([zlib.crc32(f"drawn{one}".encode()) % GROUPS for one in table.family])
    odds = np.zeros(len(group))
    for number in range(GROUPS):
        own = group == number
        odds[own] = learned(table.where(~own)).decision_function(table.detail[own])
    return odds


def arrays(trees: Trees, share: float) -> dict[str, NDArray[np.float64]]:
    """As ``heads.npz`` has them, full trees, their answers taken times ``share``; see ``Heads.SHAPES``."""
    asks, lines, adds = np.zeros((TREES, ASKED)), np.full((TREES, ASKED), np.inf), np.zeros((TREES, ASKED + 1))
    for tree, (predictor,) in enumerate(trees._predictors):  # noqa: SLF001, nothing public tells the trees
        nodes = predictor.nodes

        def fill(node: int, place: int, tree: int = tree, nodes: NDArray[np.void] = nodes) -> None:
            """Below an answer that comes early every way leads to it."""
            row = nodes[node]
            if place >= ASKED:
                adds[tree, place - ASKED] = row["value"] * share
                return
            if not row["is_leaf"]:
                asks[tree, place], lines[tree, place] = row["feature_idx"], row["num_threshold"]
            fill(node if row["is_leaf"] else int(row["left"]), 2 * place + 1)
            fill(node if row["is_leaf"] else int(row["right"]), 2 * place + 2)

        fill(0, 0)
    return {"detail_asks": asks, "detail_lines": lines, "detail_adds": adds}

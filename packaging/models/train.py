"""Makes ``models/heads.npz`` from what ``embed`` wrote: the game head, the whitening of titles, and every threshold.

    python packaging/models/train.py FILE.npz…

Learned from the families of the parts train and development; thresholds are frozen on what each of these families gets
from heads that never saw it (five folds by family). The part test is not read.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import numpy as np
import titles
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from table import Table, auc, balanced, in_fives, load

ROOT = Path(__file__).resolve().parents[2]
HEADS = ROOT / "models" / "heads.npz"
FOLDS = 5
STRENGTH = 1e-4
"""Of the regularisation (scikit-learn's C): chosen by the folds among powers of ten."""
COMPONENTS = (300, 200)
"""Principal components that are kept of the embedding and of the depths."""
CLIPPED = 6.0
FALSE_ALARMS = 0.005
"""Share of applications' fives that may be called a game on the folds: half of what is allowed, because it is a guess."""
MISSED = 0.02
"""Share of games' fives that may be called no game."""
BLANK = (32, 0.1, 3.0)
"""Below these: side in px; mean light for "black"; largest deviation of a colour, 0 to 255."""

Numbers = NDArray[np.float64]


def game_head(table: Table) -> tuple[Numbers, float]:
    """Weights of the standardised inputs, and the bias: logistic regression on principal components, turned back."""
    parts = np.split(table.x, (1280, 1280 + 896), axis=1)
    bases = []
    for part, count in zip(parts, (*COMPONENTS, None), strict=True):
        if count is None:
            bases.append(np.eye(part.shape[1]))
        else:
            thin = part[:: max(1, len(part) // 3000)]
            bases.append(np.linalg.svd(thin - thin.mean(0), full_matrices=False)[2][:count].T)
    turned = np.concatenate([part @ base for part, base in zip(parts, bases, strict=True)], 1)
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(turned, table.is_game, sample_weight=balanced(table))
    weights, at = model.coef_[0], np.cumsum([0, *(base.shape[1] for base in bases)])
    back = [base @ weights[start:end] for base, start, end in zip(bases, at, at[1:], strict=False)]
    return np.concatenate(back), float(model.intercept_[0])


def standard(table: Table) -> tuple[Numbers, Numbers]:
    """Mean, and one over the deviation, of each input."""
    return table.x.mean(0), 1 / (table.x.std(0) + 1e-3)


def standardised(table: Table, mean: Numbers, scale: Numbers) -> Table:
    """The same with inputs of mean nought and deviation one, cut off far outside."""
    changed = table.where(np.ones(len(table.family), bool))
    changed.x = np.clip((table.x - mean) * scale, -CLIPPED, CLIPPED).astype(np.float32)
    return changed


def unseen_scores(table: Table) -> Numbers:
    """What each row gets from a head that saw nothing of its family."""
    fold = np.array([zlib.crc32(f"fold{family}".encode()) % FOLDS for family in table.family])
    scores = np.zeros(len(fold))
    for number in range(FOLDS):
        weights, bias = game_head(table.where(fold != number))
        scores[fold == number] = table.x[fold == number] @ weights + bias
    return scores


def frozen(table: Table, scores: Numbers) -> list[float]:
    """Slope and bias that make a mean of five log-odds, and the two lines between which nothing is said."""
    mean, kinds, families = in_fives(table, scores)
    _, place, count = np.unique(families, return_inverse=True, return_counts=True)
    weight = 1 / count[place]
    model = LogisticRegression(C=1e3).fit(mean[:, None], kinds, sample_weight=weight * len(weight) / weight.sum())
    slope, bias = float(model.coef_[0, 0]), float(model.intercept_[0])
    odds = slope * mean + bias
    yes, no = np.quantile(odds[~kinds], 1 - FALSE_ALARMS), np.quantile(odds[kinds], MISSED)
    no = min(no, yes)
    print(f"folds: AUC {auc(mean, kinds):.4f}; game at {yes:.2f}: {(odds[kinds] >= yes).mean():.3f} of games' fives;")
    print(f"  not_game at {no:.2f}: {(odds[~kinds] <= no).mean():.3f} of applications' fives; {len(set(families))} families")
    return [slope, bias, float(yes), float(no), 0.0, 0.0]


def main(files: list[Path]) -> None:
    """Train, freeze, write."""
    table = load(files)
    table = table.where(table.part != "test")
    mean, scale = standard(table)
    ready = standardised(table, mean, scale)
    sequence = frozen(ready, unseen_scores(ready))
    weights, bias = game_head(ready)
    title_mean, whitening = titles.whitening(table)
    heads = {
        "blank": BLANK, "game_mean": mean, "game_scale": scale, "game_weights": weights, "game_bias": [bias],
        "title_mean": title_mean, "title_whitening": whitening, "sequence": sequence,
        "titles": titles.frozen(table, title_mean, whitening),
    }  # fmt: skip
    np.savez_compressed(HEADS, **{name: np.asarray(values, np.float32) for name, values in heads.items()})
    print(f"{HEADS}: {HEADS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])

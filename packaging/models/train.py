"""Makes ``models/heads.npz`` from what ``embed`` wrote: the game head, the whitening of titles, and every threshold.

    python packaging/models/train.py FOLDS.npz FILE.npz…

Learned from the families of the parts train and development; thresholds are frozen on what each of these families gets
from heads that never saw it (five folds by family). The parts test and fresh are not read.
"""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import titles
from frames import LEARNED
from numpy.typing import NDArray
from scipy.linalg import block_diag
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from table import Table, auc, balanced, in_fives, load

ROOT = Path(__file__).resolve().parents[2]
HEADS = ROOT / "models" / "heads.npz"
FOLDS = 5
STRENGTH = 1e-3
"""Of the linear part (scikit-learn's C)."""
SHARPNESS = 1e-3
"""Of the support vector machine's kernel, per squared distance between components."""
COMPONENTS = (200, 120)
"""Principal components that are kept of the embedding and of the depths. All four were chosen on the folds."""
EVERY = 2
"""Of the rows, so many are one that the support vector machine learns from: frames of a session are much alike."""
CLIPPED = 6.0
SAID = 2.0
"""How much the network's own word counts beside both of them, deviations made alike; chosen on the folds."""
FALSE_ALARMS = 0.004
"""Share of applications' fives that may be called a game on the folds, each family counted once; the aim is 0.01."""
MISSED = 0.02
"""Share of games' fives that may be called no game, each family counted once."""
BLANK = (32, 0.1, 3.0)
"""Below these: side in px; mean light for "black"; largest deviation of a colour, 0 to 255."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """The game head: what of the standardised inputs it looks at, and how."""

    base: Numbers
    shift: Numbers
    support: Numbers
    dual: Numbers
    linear: Numbers
    bias: float

    def scores(self, x: Numbers) -> Numbers:
        """(rows, inputs) to (rows,): as the heads that ship do it."""
        v = x @ self.base - self.shift
        far = np.square(v).sum(1)[:, None] + np.square(self.support).sum(1) - 2 * v @ self.support.T
        scores: Numbers = np.exp(-SHARPNESS * far) @ self.dual + v @ self.linear + self.bias
        return scores


def components(x: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Principal components, each divided by the root of its deviation: half whitened; and where their middle is."""
    thin = x[::3]
    _, size, turn = np.linalg.svd(thin - thin.mean(0), full_matrices=False)
    base = turn[:count].T / np.sqrt(size[:count] / np.sqrt(len(thin)))
    return base, thin.mean(0) @ base


def game_head(table: Table) -> Head:
    """Logistic regression and a support vector machine on the same components; each with deviation one, added."""
    embedding, depths, measures = np.split(table.x, (1280, 1280 + 896), axis=1)
    parts = [components(embedding, COMPONENTS[0]), components(depths, COMPONENTS[1])]
    parts.append((np.eye(measures.shape[1]), np.zeros(measures.shape[1])))
    base = block_diag(*(part for part, _ in parts))
    shift = np.concatenate([middle for _, middle in parts])
    v, weight = table.x @ base - shift, balanced(table)
    linear = LogisticRegression(C=STRENGTH, max_iter=500).fit(v, table.is_game, sample_weight=weight)
    thin = slice(None, None, EVERY)
    machine = SVC(C=1.0, gamma=SHARPNESS).fit(v[thin], table.is_game[thin], sample_weight=weight[thin].copy())
    first, second = 1 / linear.decision_function(v).std(), 1 / machine.decision_function(v).std()
    bias = first * linear.intercept_[0] + second * machine.intercept_[0]
    return Head(
        base, shift, machine.support_vectors_, second * machine.dual_coef_[0], first * linear.coef_[0], float(bias)
    )


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
        scores[fold == number] = game_head(table.where(fold != number)).scores(table.x[fold == number])
    return scores


def unseen_by_the_network(table: Table, folds: Path) -> Numbers:
    """What each row gets from last blocks that saw nothing of its family, from ``tune.py --folds``; changed ones 0."""
    with np.load(folds) as have:
        told = dict(zip(zip(have["session"], have["number"], strict=True), have["scores"], strict=True))
    rows = zip(table.session, table.number, table.change, strict=True)
    return np.array([0.0 if change else told[session, number] for session, number, change in rows])


def frozen(table: Table, scores: Numbers) -> list[float]:
    """Slope and bias that make a mean of five log-odds, and the two lines between which nothing is said."""
    mean, kinds, families = in_fives(table, scores)
    _, place, count = np.unique(families, return_inverse=True, return_counts=True)
    weight = 1 / count[place]
    model = LogisticRegression(C=1e3).fit(mean[:, None], kinds, sample_weight=weight * len(weight) / weight.sum())
    slope, bias = float(model.coef_[0, 0]), float(model.intercept_[0])
    odds = slope * mean + bias
    yes = share_below(odds[~kinds], weight[~kinds], 1 - FALSE_ALARMS)
    no = min(share_below(odds[kinds], weight[kinds], MISSED), yes)
    print(f"folds: AUC {auc(mean, kinds):.4f}; game at {yes:.2f}: {(odds[kinds] >= yes).mean():.3f} of games' fives;")
    print(f"  not_game at {no:.2f}: {(odds[~kinds] <= no).mean():.3f} of applications' fives; {len(count)} families")
    for name, said in (("game", odds >= yes), ("not_game", odds <= no)):
        games, others = (
            ((said * weight)[kinds == kind].sum() + 0.5) / (weight[kinds == kind].sum() + 1) for kind in (1, 0)
        )
        print(
            f"  {name}: games {games:.3f}, others {others:.4f}, a family each: log ratio {np.log(games / others):+.2f}"
        )
    return [slope, bias, yes, no, 0.0, 0.0]


def share_below(values: Numbers, weight: Numbers, share: float) -> float:
    """The value that this share of the weight lies below."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])


def narrow(values: object) -> Numbers:
    """Half precision where that was chosen, single elsewhere."""
    numbers = np.asarray(values)
    return numbers if numbers.dtype == np.float16 else numbers.astype(np.float32)


def main(folds: Path, files: list[Path]) -> None:
    """Train, freeze, write."""
    table = load(files)
    table = table.where(np.isin(table.part, LEARNED))
    mean, scale = standard(table)
    ready = standardised(table, mean, scale)
    scores, tuned = unseen_scores(ready), unseen_by_the_network(table, folds)
    plain = table.change == ""
    weight = SAID * float(scores[plain].std() / tuned[plain].std())
    sequence = frozen(ready, scores + weight * tuned)
    head = game_head(ready)
    title_mean, whitening = titles.whitening(table)
    heads = {
        "blank": BLANK,
        "game_mean": mean,
        "game_scale": scale,
        "game_base": head.base.astype(np.float16),
        "game_shift": head.shift,
        "game_support": head.support.astype(np.float16),
        "game_dual": head.dual,
        "game_linear": head.linear,
        "game_bias": [head.bias, SHARPNESS, weight],
        "title_mean": title_mean,
        "title_whitening": whitening.astype(np.float16),
        "title_sights": titles.Sights.of(table, titles.turned(table, title_mean, whitening)).rows.astype(np.float16),
        "sequence": sequence,
        "titles": titles.frozen(table, title_mean, whitening),
    }
    np.savez_compressed(HEADS, **{name: narrow(values) for name, values in heads.items()})
    print(f"{HEADS}: {HEADS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])

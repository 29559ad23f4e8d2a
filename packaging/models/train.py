"""Makes ``models/heads.npz`` from what ``embed`` wrote: the whitening of titles, and every threshold.

    python packaging/models/train.py FILE.npz… --folds FOLD.npz…

Learned from the families of the part train; what is called a game is frozen on what each of these families gets from a
network that never saw it (three folds by family). The part test is not read.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import titles
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from table import Table, auc, in_fives, load

ROOT = Path(__file__).resolve().parents[2]
HEADS = ROOT / "models" / "heads.npz"
FALSE_ALARMS = 0.0075
"""Share of applications' fives that may be called a game on the folds, each family counted once; the aim is 0.01."""
MISSED = 0.02
"""Share of games' fives that may be called no game, each family counted once."""
BLANK = (32, 0.1, 3.0)
"""Below these: side in px; mean light for "black"; largest deviation of a colour, 0 to 255."""

Numbers = NDArray[np.float64]


def frozen(table: Table) -> tuple[list[float], list[float]]:
    """Slope and bias of a mean of five log-odds with the two lines between which nothing is said; what shapes add."""
    told, kinds, families = in_fives(table)
    _, place, count = np.unique(families, return_inverse=True, return_counts=True)
    weight = 1 / count[place]
    model = LogisticRegression(C=1e3).fit(told, kinds, sample_weight=weight * len(weight) / weight.sum())
    slope, *shapes = (float(one) for one in model.coef_[0])
    odds = model.decision_function(told)
    yes = share_below(odds[~kinds], weight[~kinds], 1 - FALSE_ALARMS)
    no = min(share_below(odds[kinds], weight[kinds], MISSED), yes)
    alone = f"{auc(told[:, 0], kinds):.4f} without shapes, which add {', '.join(f'{one:+.2f}' for one in shapes)}"
    print(f"folds: AUC {auc(odds, kinds):.4f}, {alone}")
    print(f"  game at {yes:.2f}: {(odds[kinds] >= yes).mean():.3f} of games' fives")
    print(f"  not_game at {no:.2f}: {(odds[~kinds] <= no).mean():.3f} of applications' fives; {len(count)} families")
    for name, said in (("game", odds >= yes), ("not_game", odds <= no)):
        games, others = (
            ((said * weight)[kinds == kind].sum() + 0.5) / (weight[kinds == kind].sum() + 1) for kind in (1, 0)
        )
        print(
            f"  {name}: games {games:.3f}, others {others:.4f}, a family each: log ratio {np.log(games / others):+.2f}"
        )
    return [slope, float(model.intercept_[0]), yes, no], shapes


def share_below(values: Numbers, weight: Numbers, share: float) -> float:
    """The value that this share of the weight lies below."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(int(np.searchsorted(reached, share)), len(values) - 1)])


def narrow(values: object) -> Numbers:
    """Half precision where that was chosen, single elsewhere."""
    numbers = np.asarray(values)
    return numbers if numbers.dtype == np.float16 else numbers.astype(np.float32)


def main() -> None:
    """Train, freeze, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", type=Path, nargs="+")
    ask.add_argument("--folds", type=Path, nargs="+", required=True)
    chosen = ask.parse_args()
    table = load(chosen.files)
    table = table.where(table.part == "train")
    mean, whitening = titles.whitening(table)
    sequence, shapes = frozen(load(chosen.folds))
    heads = {
        "blank": BLANK,
        "title_mean": mean,
        "title_whitening": whitening.astype(np.float16),
        "title_sights": titles.Sights.of(table, titles.turned(table, mean, whitening)).rows.astype(np.float16),
        "sequence": sequence,
        "shapes": shapes,
        "titles": titles.frozen(table, mean, whitening),
    }
    np.savez_compressed(HEADS, **{name: narrow(values) for name, values in heads.items()})
    print(f"{HEADS}: {HEADS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()

"""Makes ``models/heads.npz`` from what ``embed`` wrote: the whitening of titles, and every threshold.

    python packaging/models/train.py FILE.npz… --folds FOLD.npz…

Titles are learned from the families of the part train. What is called a game is learned and frozen on what each family
gets from a network that never saw it: those of the part train from one of three, each blind to a third of them, and
those of the part read from the one that ships. The part test is not looked at.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import drawn
import numpy as np
import titles
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from table import Table, auc, in_fives, load

ROOT = Path(__file__).resolve().parents[2]
HEADS = ROOT / "models" / "heads.npz"
FALSE_ALARMS = 0.01
"""Share of applications' fives that may be called a game, each family counted once, screensavers as ``SAVERS`` says."""
SAVERS = 1 / 6
"""Of applications, so many are taken to be screensavers, as in ../shared/vision; we recorded a quarter."""
MISSED = 0.02
"""Share of games' fives that may be called no game, each family counted once."""
SCREENSAVERS = ("ss_", "rss_")
"""How the names of their families begin."""
BLANK = (32, 0.1, 3.0)
"""Below these: side in px; mean light for "black"; largest deviation of a colour, 0 to 255."""

Numbers = NDArray[np.float64]


def share_of_detail(table: Table) -> tuple[float, Table]:
    """How much of what ``drawn`` says counts beside the network; the table with both together."""
    odds = drawn.blind(table)
    told, kinds, families = in_fives(table)
    both = np.column_stack([told, in_fives(table.with_odds(odds))[0][:, 0]])
    model = LogisticRegression(C=1e3).fit(both, kinds, sample_weight=alike(families))
    share = float(model.coef_[0][-1] / model.coef_[0][0])
    print(f"how it is drawn counts {share:.2f} beside the network; alone AUC {auc(both[:, -1], kinds):.4f}")
    print(f"AUC without it {auc(told[:, 0], kinds):.4f}, with it {auc(told[:, 0] + share * both[:, -1], kinds):.4f}")
    return share, table.with_odds(table.game + share * odds)


def alike(families: NDArray[np.generic]) -> Numbers:
    """Weights that make families count alike, 1 in the mean."""
    _, place, count = np.unique(families, return_inverse=True, return_counts=True)
    return len(families) / len(count) / count[place]


def mixture(families: NDArray[np.generic]) -> Numbers:
    """Weights of applications' fives: families alike, screensavers ``SAVERS`` of all."""
    weight = alike(families)
    savers = np.array([str(family).startswith(SCREENSAVERS) for family in families])
    weight[savers] *= SAVERS / (1 - SAVERS) * weight[~savers].sum() / weight[savers].sum()
    return weight


def frozen(table: Table) -> tuple[list[float], list[float]]:
    """Slope and bias of a mean of five log-odds with the two lines between which nothing is said; what shapes add."""
    told, kinds, families = in_fives(table)
    weight = alike(families)
    model = LogisticRegression(C=1e3).fit(told, kinds, sample_weight=weight)
    slope, *shapes = (float(one) for one in model.coef_[0])
    odds = model.decision_function(told)
    yes = share_below(odds[~kinds], mixture(families[~kinds]), 1 - FALSE_ALARMS)
    no = min(share_below(odds[kinds], weight[kinds], MISSED), yes)
    alone = f"{auc(told[:, 0], kinds):.4f} without shapes, which add {', '.join(f'{one:+.2f}' for one in shapes)}"
    print(f"families not seen: AUC {auc(odds, kinds):.4f}, {alone}")
    print(f"  game at {yes:.2f}: {(odds[kinds] >= yes).mean():.3f} of games' fives")
    print(f"  not_game at {no:.2f}: {(odds[~kinds] <= no).mean():.3f} of applications' fives")
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
    read = table.where((table.part == "read") & (table.change == ""))
    table = table.where(table.part == "train")
    mean, whitening = titles.whitening(table)
    share, seen = share_of_detail(load(chosen.folds).and_then(read))
    sequence, shapes = frozen(seen)
    heads = {
        "blank": BLANK,
        "title_mean": mean,
        "title_whitening": whitening.astype(np.float16),
        "title_sights": titles.Sights.of(table, titles.turned(table, mean, whitening)).rows.astype(np.float16),
        "sequence": sequence,
        "shapes": shapes,
        **drawn.arrays(drawn.learned(seen), share),
        "titles": titles.frozen(table, mean, whitening),
    }
    np.savez_compressed(HEADS, **{name: narrow(values) for name, values in heads.items()})
    print(f"{HEADS}: {HEADS.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()

"""How well the models do on families that nothing was learned from and no threshold was chosen on.

    python packaging/models/evaluate.py FILE.npz… [--write] [--part read]

Every figure with its 95 % interval over families (bootstrap). ``--write`` puts them into ``models/scores.toml``, which
the cards and ``docs/measurements.md`` quote. What decides is the code that ships: ``Heads`` and ``Sequence``'s rules.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import titles
from numpy.typing import NDArray
from table import Table, auc, in_fives, load
from train import SCREENSAVERS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from table import interval  # noqa: E402

from gamedetectd.vision.child.heads import Heads  # noqa: E402

Figure = tuple[str, float, float, float]
HEAD = """# Written by packaging/models/evaluate.py, of families that nothing was learned from (heads.md).

"""
HARD = (*SCREENSAVERS, "mpv", "stellarium", "kstars", "blender", "sweethome3d", "meshlab", "openscad", "solvespace",
        "wings3d", "gource", "glxgears", "geomview", "jmol")  # fmt: skip
"""Families whose pictures move or are drawn in three dimensions, and are no games."""


def game_figures(table: Table, heads: Heads) -> list[Figure]:
    """Of the game head and the decision over five frames."""
    told, kinds, families = in_fives(table)
    slope, bias, yes, no = heads.numbers["sequence"]
    odds = told @ [slope, *heads.numbers["shapes"]] + bias
    hard = np.array([str(family).startswith(HARD) for family in families])

    def over(name: str, mask: NDArray[np.bool_], figure: Callable[[NDArray[np.int64]], float]) -> Figure:
        rows = np.flatnonzero(mask)
        low, high = interval(families[rows], lambda drawn: figure(rows[drawn]))
        return name, figure(rows), low, high

    def share(what: NDArray[np.bool_]) -> Callable[[NDArray[np.int64]], float]:
        return lambda rows: float(what[rows].mean()) if len(rows) else float("nan")

    both = np.ones(len(kinds), bool)
    chance = 1 / (1 + np.exp(-odds))

    def at_one_percent(rows: NDArray[np.int64]) -> float:
        games, others = odds[rows][kinds[rows]], odds[rows][~kinds[rows]]
        return float((games > np.quantile(others, 0.99)).mean())

    by_hardness = [
        over(f"game: AUC, {name} applications", kinds | mask, lambda rows: auc(odds[rows], kinds[rows]))
        for name, mask in (("hard", hard), ("other", ~hard))
        if hard.any()
    ]
    return [
        over("game: AUC, five frames", both, lambda rows: auc(odds[rows], kinds[rows])),
        *by_hardness,
        over("game: games called a game", kinds, share(odds >= yes)),
        over("game: games called no game", kinds, share(odds <= no)),
        over("game: applications called a game", ~kinds, share(odds >= yes)),
        over("game: games beyond 99 % of applications", both, at_one_percent),
        over("game: applications called no game", ~kinds, share(odds <= no)),
        over("game: Brier score", both, lambda rows: float(np.square(chance[rows] - kinds[rows]).mean())),
    ]


def called_games(table: Table, heads: Heads) -> dict[str, float]:
    """Families of applications of which a five is called a game, and which share of theirs."""
    means, kinds, families = in_fives(table)
    slope, bias, yes, _ = heads.numbers["sequence"]
    said = means @ [slope, *heads.numbers["shapes"]] + bias >= yes
    return {str(one): float(said[families == one].mean()) for one in np.unique(families[said & ~kinds])}


def title_figures(table: Table, heads: Heads, change: str) -> list[Figure]:
    """Of titles: five references, another session, near-duplicates left out, a vote of five."""
    colour, line, _, far = heads.numbers["titles"][:4]
    rows = titles.turned(table, heads.numbers["title_mean"], heads.numbers["title_whitening"])
    sights = titles.Sights(heads.numbers["title_sights"], np.full(len(heads.numbers["title_sights"]), ""))
    tried = titles.trial(table, rows, sights, 0.0 if change else float(colour), change)
    known, top, right, named = tried.outcome(float(far if change else line))
    family = np.array(tried.family)
    label = "stream" if change else "window"
    figures = []
    for name, mask, what in (
        (f"title, {label}: top-1", known, top),
        (f"title, {label}: named right", known, right),
        (f"title, {label}: named wrong", known, named & ~right),
        (f"title, {label}: unknowns named", ~known, named),
    ):
        low, high = interval(family[mask], lambda drawn, mask=mask, what=what: float(what[mask][drawn].mean()))
        figures.append((name, float(what[mask].mean()), low, high))
    return figures


def main() -> None:
    """Measure, print, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("files", type=Path, nargs="+")
    ask.add_argument("--write", action="store_true")
    ask.add_argument("--part", choices=("test", "read"), default="test")
    chosen = ask.parse_args()
    if chosen.write and chosen.part != "test":
        ask.error("only figures of the part test are written")
    heads = Heads.load((ROOT / "models" / "heads.npz").read_bytes())
    part = load(chosen.files)
    part = part.where(part.part == chosen.part)
    text = HEAD + told(part.with_odds(part.game + [heads.of_detail(row) for row in part.detail]), heads)
    if chosen.write:
        (ROOT / "models" / "scores.toml").write_text(text)


def told(table: Table, heads: Heads) -> str:
    """Prints the figures of the part; the same as TOML."""
    kinds = {str(family): bool(game) for family, game in zip(table.family, table.is_game, strict=True)}
    counts = f"{sum(kinds.values())} families of games, {len(kinds) - sum(kinds.values())} of applications"
    figures = [*game_figures(table, heads), *title_figures(table, heads, ""), *title_figures(table, heads, "stream")]
    print(counts)
    print(f"  applications called a game, and which share of their fives: {called_games(table, heads)}")
    for name, value, low, high in figures:
        print(f"  {name:36s} {value:.3f}  ({low:.3f} to {high:.3f})")
    text = f'families = "{counts}"\n\n'
    for name, value, low, high in figures:
        text += f'[[score]]\nname = "{name}"\nvalue = {value:.4f}\n'
        text += f"low = {low:.4f}\nhigh = {high:.4f}\n\n"
    return text


if __name__ == "__main__":
    main()

"""What process evidence and the picture say together, on frames of programs that no model and no weight was fitted on.

    python packaging/weights/fused.py FRAMES…      # each holds manifest.json and frames/<session>/NNN.jpg

Five consecutive frames of each session go through the eyes as the daemon's do, and the decision into the facts of a
program that lies where its package puts it: a game's below /usr/games, a screensaver's with the others, an Atari frame
in stella with its cartridge under a neutral name, all else below /usr/bin. Nothing else is known of the process: no
desktop entry, no files, no libraries. Scored are the families of the test split (packaging/models/split.json). The
likelihood ratios that the weights in detection's table stand on are printed by packaging/models/train.py: of families
that the network which decided had not seen.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fit import wilson

from gamedetectd.detection.judge import verdict_on
from gamedetectd.domain import Bounds, Facts, ProcessInfo, ProcessKey, ScreenLabels, Window
from gamedetectd.vision import wire
from gamedetectd.vision.client import VisionChild

ROOT = Path(__file__).resolve().parents[2]
SPLIT = ROOT / "packaging" / "models" / "split.json"
FRAMES = 5
SPARSE = 2
"""Every other frame of the recordings is taken: they lie about two seconds apart, as the daemon looks."""


@dataclass(frozen=True, slots=True)
class Session:
    """One recorded session, what it is, and what the eyes decided about each five of its frames."""

    family: str
    is_game: bool
    facts: Facts
    seen: tuple[ScreenLabels, ...]


def sessions(frames: Path, family_of: Mapping[str, str], split: str) -> Iterator[Session]:
    """The sessions of one split, each looked at by a child of its own."""
    for row in json.loads((frames / "manifest.json").read_text(encoding="utf-8")):
        if family_of.get(row["family"]) == split:
            with tempfile.TemporaryDirectory() as place, VisionChild(Path(place) / "none.gdr") as child:
                seen = tuple(decisions(child, frames / "frames" / row["session"], row["frames"]))
            yield Session(row["family"], row["class"] == "game", facts_of(row), seen)


def decisions(child: VisionChild, folder: Path, frames: list[dict[str, Any]]) -> Iterator[ScreenLabels]:
    """What the frames told, five after five."""
    for number, frame in enumerate(frames[::SPARSE]):
        [told] = child.ask(wire.LookAtPicture(str(folder / frame["file"]), sequence=True))
        if isinstance(told, wire.Seen) and told.informative >= FRAMES and number % FRAMES == FRAMES - 1:
            yield ScreenLabels(told.game_probability, decision=told.decision)


def facts_of(row: Mapping[str, Any]) -> Facts:
    """The program as its package installs it, with the window that was recorded."""
    name, first = str(row["name"]), row["frames"][0]
    argv: tuple[str, ...] = ()
    if name.startswith("atari_"):
        exe, argv = "/usr/games/stella", ("/home/ann/neutral.a26",)
    elif row["class"] == "game":
        exe = f"/usr/games/{name}"
    elif (Path("/usr/libexec/xscreensaver") / name).exists():
        exe = f"/usr/libexec/xscreensaver/{name}"
    else:
        exe = f"/usr/bin/{name}"
    process = ProcessInfo(ProcessKey("boot", 2, 2), 1, exe, (exe, *argv), "/home/ann")
    return Facts(processes=(process,), window=Window(7, 2, str(first["title"]), "", bounds=Bounds(*first["window"])))


def counted(found: list[Session]) -> str:
    """How much there is to go by."""
    return f"{len({one.family for one in found})} families, {sum(len(one.seen) for one in found)} sequences"


def score(judged: list[Session], *, looking: bool) -> None:
    """Print precision and recall over sequences, and how many families each stands on."""
    found = called = games = 0
    for one in judged:
        for labels in one.seen:
            is_game = verdict_on(replace(one.facts, screen=labels if looking else None)).is_game
            games += one.is_game
            found += is_game and one.is_game
            called += is_game
    low, high = wilson(found, called)
    print(f"  precision {found}/{called} = {found / max(called, 1):.4f} (95 %: {low:.3f} to {high:.3f})", end="; ")
    low, high = wilson(found, games)
    print(f"recall {found}/{games} = {found / max(games, 1):.4f} (95 %: {low:.3f} to {high:.3f})")


def main() -> None:
    """Print the scores."""
    split = json.loads(SPLIT.read_text(encoding="utf-8"))
    family_of = {family: name for name, families in split.items() for family in families}
    tested = [one for name in sys.argv[1:] for one in sessions(Path(name), family_of, "test")]
    print(f"test: {counted(tested)}")
    print(" by the process alone")
    score(tested, looking=False)
    print(" with the picture")
    score(tested, looking=True)


if __name__ == "__main__":
    main()

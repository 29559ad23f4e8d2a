"""Every frame, and how a stream of it looks, to numbers: by the very code that ships.

    python packaging/models/embed.py DIRECTORY… --to FILE.npz [--network FILE.onnx --fold N]

Rows keep what the frame was: session, family, class, number of the frame, and its change ("" for none). Of a fold are
told the families that its network is blind to, unchanged.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from changes import stream
from frames import Frame, learned, read_all, split
from table import fold_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child import picture  # noqa: E402
from gamedetectd.vision.child.detail import COUNT, detail  # noqa: E402
from gamedetectd.vision.child.eyes import OUTPUTS  # noqa: E402
from gamedetectd.vision.child.files import read  # noqa: E402
from gamedetectd.vision.child.heads import open_network  # noqa: E402


def numbers_of(session: object, pixels: picture.Pixels) -> tuple[np.ndarray, ...]:
    """(embedding, palette, detail, log-odds of a game) of one BGR picture."""
    small = picture.shrunk(pixels)
    embedding, game = session.run(list(OUTPUTS), {"picture": small[None]})  # type: ignore[attr-defined]
    return embedding[0], picture.palette(small), detail(small), game[0, 0]


def versions(frame: Frame, part: str) -> list[tuple[str, picture.Pixels]]:
    """The frame itself, and streamed: every frame of what is measured, one in three of what is learned from."""
    pixels = read(frame.path)
    return [("", pixels), *([("stream", stream(pixels))] if part != "train" or frame.number % 3 == 0 else [])]


def chosen_of(directories: list[Path], fold: int | None) -> list[Frame]:
    """All frames, or those that the network of a fold is measured on."""
    if fold is None:
        return read_all(directories)
    frames = learned(read_all(directories))
    blind = fold_of(np.array([frame.family for frame in frames])) == fold
    return [frame for frame, own in zip(frames, blind, strict=True) if own]


def main() -> None:
    """Embed, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("directories", type=Path, nargs="+")
    ask.add_argument("--to", type=Path, required=True)
    ask.add_argument("--network", type=Path, default=ROOT / "models" / "features.onnx")
    ask.add_argument("--fold", type=int)
    ask.add_argument("--share", type=int, nargs=2, default=(0, 1), help="of N runs side by side, this is number I: I N")
    chosen = ask.parse_args()
    session = open_network(chosen.network.read_bytes(), OUTPUTS)
    parts = split()
    frames = chosen_of(chosen.directories, chosen.fold)
    own = set(sorted({frame.session for frame in frames})[chosen.share[0] :: chosen.share[1]])
    # In one piece: rows that are kept one by one lie between what the network frees, which then stays taken.
    embedding, palette, drawn, odds = (np.empty((2 * len(frames), n), np.float32) for n in (1280, 216, COUNT, 1))
    labels: list[tuple[object, ...]] = []
    for frame in frames:
        if frame.session not in own:
            continue
        for change, pixels in versions(frame, parts[frame.family])[: 1 if chosen.fold is not None else None]:
            row = len(labels)
            embedding[row], palette[row], drawn[row], odds[row] = numbers_of(session, pixels)
            height, width = pixels.shape[:2]
            labels.append((width, height, frame.session, frame.name, frame.family, frame.is_game, frame.number, change))
    names = ("width", "height", "session", "name", "family", "is_game", "number", "change")
    told = dict(zip(names, map(np.array, zip(*labels, strict=True)), strict=True))
    embedding, palette, drawn, odds = (column[: len(labels)] for column in (embedding, palette, drawn, odds))
    np.savez(chosen.to, embedding=embedding, palette=palette.astype(np.float16), detail=drawn, game=odds[:, 0], **told)
    print(f"{chosen.to}: {len(labels)} rows of {len(own)} sessions")


if __name__ == "__main__":
    main()

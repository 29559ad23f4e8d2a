"""Every frame, and some changed copies of those that are learned from, to numbers: by the very code that ships.

    python packaging/models/embed.py DIRECTORY… --to FILE.npz [--changed N]

Rows keep what the frame was: session, family, class, number of the frame, and its change ("" for none).
"""

from __future__ import annotations

import argparse
import sys
import zlib
from pathlib import Path

import numpy as np
from changes import CHANGES, stream
from frames import LEARNED, Frame, read_all, split

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child import picture  # noqa: E402
from gamedetectd.vision.child.eyes import OUTPUTS  # noqa: E402
from gamedetectd.vision.child.files import read  # noqa: E402
from gamedetectd.vision.child.heads import open_network  # noqa: E402


def numbers_of(session: object, pixels: picture.Pixels) -> tuple[np.ndarray, ...]:
    """(embedding, depths, measures, palette, tuned) of one BGR picture."""
    small = picture.shrunk(pixels)
    colours = picture.palette(small)
    embedding, depths, tuned = session.run(list(OUTPUTS), {"picture": small[None]})  # type: ignore[attr-defined]
    return embedding[0].copy(), depths[0].copy(), picture.measures(small, colours), colours, tuned[0].copy()


def versions(frame: Frame, changed: int, part: str) -> list[tuple[str, picture.Pixels]]:
    """The frame itself, its streamed version, and ``changed`` changed ones, each the same whenever this runs."""
    pixels = read(frame.path)
    found = [("", pixels), *([("stream", stream(pixels))] if frame.number % 3 == 0 else [])]
    chance = np.random.default_rng(zlib.crc32(f"{frame.session}/{frame.number}".encode()))
    names = list(CHANGES)
    for _ in range(changed if part in LEARNED and frame.number % 2 else 0):
        name = names[int(chance.integers(len(names)))]
        found.append((name, CHANGES[name](pixels, chance)))
    return found


def main() -> None:
    """Embed, write."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("directories", type=Path, nargs="+")
    ask.add_argument("--to", type=Path, required=True)
    ask.add_argument("--changed", type=int, default=2)
    ask.add_argument("--share", type=int, nargs=2, default=(0, 1), help="of N runs side by side, this is number I: I N")
    ask.add_argument("--parts", nargs="*", help="only families of these")
    chosen = ask.parse_args()
    session = open_network((ROOT / "models" / "features.onnx").read_bytes(), OUTPUTS)
    parts = split()
    rows: list[tuple[np.ndarray, ...]] = []
    labels: list[tuple[object, ...]] = []
    sessions = sorted({frame.session for frame in read_all(chosen.directories)})
    own = set(sessions[chosen.share[0] :: chosen.share[1]])
    for frame in read_all(chosen.directories):
        if frame.session not in own or (chosen.parts and parts[frame.family] not in chosen.parts):
            continue
        for change, pixels in versions(frame, chosen.changed, parts[frame.family]):
            rows.append(numbers_of(session, pixels))
            labels.append((frame.session, frame.name, frame.family, frame.is_game, frame.number, change))
    columns = [
        np.stack(column).astype(np.float16 if width else np.float32)
        for width, column in enumerate(zip(*rows, strict=True))
    ]
    names = ("embedding", "depths", "measures", "palette", "tuned")
    told = dict(
        zip(
            ("session", "name", "family", "is_game", "number", "change"),
            map(np.array, zip(*labels, strict=True)),
            strict=True,
        )
    )
    np.savez(chosen.to, **dict(zip(names, columns, strict=True)), **told)
    print(f"{chosen.to}: {len(rows)} rows of {len({label[0] for label in labels})} sessions")


if __name__ == "__main__":
    main()

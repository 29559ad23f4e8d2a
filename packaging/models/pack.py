"""Packs frames, as small as training takes them, into one file: what a machine with a graphics card is sent.

    python packaging/models/pack.py DIRECTORY… --to frames.npz

Of each session at most ``KEPT`` frames, evenly over it; 288x224, WebP. Families that are measured stay out.
"""

from __future__ import annotations

import argparse
import io
from collections import defaultdict
from pathlib import Path

import numpy as np
from frames import Frame, learned, read_all
from PIL import Image

KEPT = 12
"""Frames of a session: more of them are much alike."""
SIZE = (288, 224)
QUALITY = 78


def small(path: Path) -> bytes:
    """The file's picture, averaged to ``SIZE``."""
    held = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").resize(SIZE, Image.Resampling.BOX).save(held, "WEBP", quality=QUALITY)
    return held.getvalue()


def chosen_of(frames: list[Frame]) -> list[Frame]:
    """At most ``KEPT`` of each session."""
    sessions = defaultdict(list)
    for frame in frames:
        sessions[frame.session].append(frame)
    return [
        own[number * len(own) // min(KEPT, len(own))]
        for own in sessions.values()
        for number in range(min(KEPT, len(own)))
    ]


def main() -> None:
    """Read, pack, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("directories", type=Path, nargs="+")
    ask.add_argument("--to", type=Path, required=True)
    chosen = ask.parse_args()
    frames = chosen_of(learned(read_all(chosen.directories)))
    content = [small(frame.path) for frame in frames]
    np.savez(
        chosen.to,
        ends=np.cumsum([len(one) for one in content]),
        content=np.frombuffer(b"".join(content), np.uint8),
        **{name: np.array([getattr(one, name) for one in frames]) for name in ("session", "family", "is_game")},
    )
    print(f"{chosen.to}: {len(frames)} frames, {chosen.to.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

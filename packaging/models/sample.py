"""Writes ``tests/replay/vision_sample.json``: what the models say of five frames of some programs' sessions.

    python packaging/models/sample.py ../shared/vision

The test that reads it looks at the same frames again, so that scores nobody can reproduce are noticed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from frames import read_all

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "replay" / "vision_sample.json"
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child.decision import FRAMES, Sequence  # noqa: E402
from gamedetectd.vision.child.eyes import Eyes  # noqa: E402
from gamedetectd.vision.child.files import read  # noqa: E402

EVERY = 4
"""Of the families in order of their names, so many are one that is in the sample."""


def main(directory: Path) -> None:
    """One session of each chosen family."""
    eyes = Eyes.load(ROOT / "models")
    rows, seen = [], set()
    frames = read_all([directory])
    families = set(sorted({frame.family for frame in frames})[::EVERY])
    for first in frames:
        if first.family not in families or first.family in seen:
            continue
        seen.add(first.family)
        files = [frame.path for frame in frames if frame.session == first.session][4 : 4 + FRAMES]
        sequence = Sequence(eyes.heads)
        told = [sequence.add(eyes.look(read(path))) for path in files][-1]
        row = {"session": first.session, "is_game": first.is_game, "files": [path.name for path in files]}
        rows.append({**row, "decision": told.decision, "probability": round(told.probability, 4)})
    SAMPLE.write_text("[\n" + ",\n".join(f" {json.dumps(row)}" for row in rows) + "\n]\n")
    print(f"{SAMPLE.name}: {len(rows)} sessions")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

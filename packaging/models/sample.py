"""Writes ``tests/replay/vision_sample.json``: what the models say of five frames of some sessions of the test part.

    python packaging/models/sample.py ../shared/vision

The test that reads it looks at the same frames again, so that scores nobody can reproduce are noticed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from frames import read_all, split

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "replay" / "vision_sample.json"
sys.path.insert(0, str(ROOT))
from gamedetectd.vision.child.decision import FRAMES, Sequence  # noqa: E402
from gamedetectd.vision.child.eyes import Eyes  # noqa: E402
from gamedetectd.vision.child.files import read  # noqa: E402


def main(directory: Path) -> None:
    """One session of each family of the test part."""
    eyes, parts = Eyes.load(ROOT / "models"), split()
    rows, seen = [], set()
    frames = [frame for frame in read_all([directory]) if parts[frame.family] == "test"]
    for first in frames:
        if first.family in seen:
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

"""Adds to ``recorded.json`` what lies in directories of recordings: which frames of which programs the models know.

    python packaging/models/recorded.py DIRECTORY…

A session a line; of each frame its file and the first half of its sha256.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded.json")


def main(directories: list[Path]) -> None:
    """Read, add, write."""
    rows = {row["session"]: row for row in json.loads(RECORDED.read_text())}
    for directory in directories:
        for row in json.loads((directory / "manifest.json").read_text()):
            told = {name: row[name] for name in ("session", "name", "class", "family")}
            frames = [[frame["file"], frame["sha256"][:32]] for frame in row["frames"]]
            rows[row["session"]] = {**told, "frames": frames}
    lines = ",\n".join(f" {json.dumps(row)}" for row in rows.values())
    RECORDED.write_text(f"[\n{lines}\n]\n")
    print(f"{RECORDED.name}: {len(rows)} sessions")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])

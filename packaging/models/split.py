"""Deals the families out, once, before anything is trained: by a hash of the name, so that new ones change no old one.

python packaging/models/split.py DIRECTORY…    # adds families of these manifests and our recipes to split.json
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from frames import SPLIT

SALT = "eyes:"
SHARES = (("test", 0.2), ("development", 0.4), ("train", 1.0))
"""Each part with where it ends, between 0 and 1."""


def part(family: str) -> str:
    """Where a family belongs, whatever else there is."""
    place = int.from_bytes(hashlib.sha256(f"{SALT}{family}".encode()).digest()[:4], "big") / 2**32
    return next(name for name, end in SHARES if place < end)


def main(directories: list[Path]) -> None:
    """Write the file."""
    families = (
        {family for families in json.loads(SPLIT.read_text()).values() for family in families}
        if SPLIT.exists()
        else set()
    )
    recipes = json.loads(SPLIT.with_name("recipes.json").read_text())
    families |= {recipe.get("family", name) for name, recipe in recipes.items()}
    for directory in directories:
        families |= {row["family"] for row in json.loads((directory / "manifest.json").read_text())}
    dealt = {
        name: sorted(family for family in families if part(family) == name) for name in ("train", "development", "test")
    }
    SPLIT.write_text(json.dumps(dealt, indent=1) + "\n")
    print({name: len(there) for name, there in dealt.items()})


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])

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
SHARES = (("test", 0.35), ("train", 1.0))
"""Each part with where it ends, between 0 and 1. What earlier models were measured on is learned from now."""


def part(family: str) -> str:
    """Where a family belongs, whatever else there is."""
    place = int.from_bytes(hashlib.sha256(f"{SALT}{family}".encode()).digest()[:4], "big") / 2**32
    return next(name for name, end in SHARES if place < end)


def main(directories: list[Path]) -> None:
    """Write the file."""
    dealt: dict[str, list[str]] = json.loads(SPLIT.read_text())
    recipes = json.loads(SPLIT.with_name("recipes.json").read_text())
    families = {recipe.get("family", name) for name, recipe in recipes.items()}
    for directory in directories:
        families |= {row["family"] for row in json.loads((directory / "manifest.json").read_text())}
    for family in sorted(families.difference(*dealt.values())):
        dealt[part(family)].append(family)
    dealt = {name: sorted(there) for name, there in dealt.items()}
    SPLIT.write_text(json.dumps(dealt, indent=1) + "\n")
    print({name: len(there) for name, there in dealt.items()})


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])

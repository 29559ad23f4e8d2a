"""Writes down which families are new: those are measured, and learned from once later ones are there to be measured.

python packaging/models/split.py DIRECTORY…    # adds families of these manifests and our recipes to split.json

``split.json`` has three parts: ``train``, what the models learn from; ``read``, what they were measured on before
something about them was chosen, so that it proves nothing any more; ``test``, what none of them looked at before
all was frozen.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from frames import SPLIT


def main(directories: list[Path]) -> None:
    """Write the file."""
    dealt: dict[str, list[str]] = json.loads(SPLIT.read_text())
    recipes = json.loads(SPLIT.with_name("recipes.json").read_text())
    families = {recipe.get("family", name) for name, recipe in recipes.items()}
    for directory in directories:
        families |= {row["family"] for row in json.loads((directory / "manifest.json").read_text())}
    dealt["test"] += families.difference(*dealt.values())
    dealt = {name: sorted(there) for name, there in dealt.items()}
    SPLIT.write_text(json.dumps(dealt, indent=1) + "\n")
    print({name: len(there) for name, there in dealt.items()})


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])

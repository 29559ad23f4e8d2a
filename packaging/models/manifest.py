"""Writes ``models/manifest.toml``: what each file is, and the sha256 that it is checked by before it is used.

python packaging/models/manifest.py
"""

from __future__ import annotations

import hashlib
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "models"
FORMAT = 1
ROWS = (
    ("features.onnx", "Apache-2.0", "features.md", "packaging/models/export.py"),
    ("heads.npz", "MIT", "heads.md", "packaging/models/train.py"),
)
"""File, licence, model card, what makes it."""


def main() -> None:
    """Write it."""
    text = f"# Written by packaging/models/manifest.py; how well the models do is in scores.toml.\nformat = {FORMAT}\n"
    for file, licence, card, recipe in ROWS:
        content = (MODELS / file).read_bytes()
        text += (
            f'\n[[model]]\nfile = "{file}"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\nbytes = {len(content)}\n'
        )
        text += f'licence = "{licence}"\ncard = "{card}"\nrecipe = "{recipe}"\n'
    (MODELS / "manifest.toml").write_text(text)


if __name__ == "__main__":
    main()

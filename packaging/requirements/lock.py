"""Writes the pinned and hashed requirement files beside it, or those named; needs ``uv`` on the path.

The files hold for Python 3.11 to 3.13 on Linux, macOS and Windows and name no registry.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COMPILE = ("uv", "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--no-header", "--universal")
KEEP_EXTRAS = "--no-strip-extras"
"""``coverage[toml]==…`` and not ``coverage==…``: older pips pin only what is spelt with its extras."""
SAME_AS_BASE = ("--constraint", "packaging/requirements/base.txt")
FILES = {
    "base": (),
    "vision": ("--extra", "vision", *SAME_AS_BASE),
    "ocr": ("--extra", "ocr", *SAME_AS_BASE, "--constraint", "packaging/requirements/vision.txt"),
    "dev": ("--extra", "dev", *SAME_AS_BASE),
    "frozen": ("--extra", "frozen", *SAME_AS_BASE),
}
"""Each file and what it holds besides the parts everybody needs."""


def main() -> int:
    """Write them; the first exit code that is not 0."""
    for name in sys.argv[1:] or FILES:
        extra = FILES[name]
        output = f"packaging/requirements/{name}.txt"
        done = subprocess.run(
            (*COMPILE, KEEP_EXTRAS, "--python-version", "3.11", "pyproject.toml", *extra, "--output-file", output),
            cwd=ROOT,
            check=False,
        )
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

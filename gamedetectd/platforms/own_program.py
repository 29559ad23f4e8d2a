"""Starting this very program again, frozen or not: what its children are started with."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def own_command(*arguments: str) -> list[str]:
    """The command that runs gamedetectd with these arguments, from the installation that runs now."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "gamedetectd", *arguments]


def own_python_path(path: Sequence[str] | None = None) -> str:
    """``PYTHONPATH`` for a child that must find what this process finds, wherever it is started."""
    return os.pathsep.join(filter(None, sys.path if path is None else path))

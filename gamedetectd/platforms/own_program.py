"""Starting this very program again, frozen or not: what its children are started with."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence


def own_command(*arguments: str) -> list[str]:
    """The command that runs gamedetectd with these arguments, from the installation that runs now."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "gamedetectd", *arguments]


def shell_word(text: str) -> str:
    """A text as one word of a command that a person types here; Windows' terminals know no single quotes."""
    return subprocess.list2cmdline([text]) if sys.platform == "win32" else shlex.quote(text)


def own_python_path(path: Sequence[str] | None = None) -> str:
    """``PYTHONPATH`` for a child that must find what this process finds, wherever it is started."""
    return os.pathsep.join(filter(None, sys.path if path is None else path))

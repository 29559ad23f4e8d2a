"""Runs the unit, contract and security tests with a Windows Python: on Windows itself, or elsewhere under Wine.

    python packaging/ci/windows.py                      all of them (poe windows)
    python packaging/ci/windows.py tests/contract -x    pytest's own arguments

What is left out there is in ``tests/left_out_on_windows.txt``, each with its reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "windows"))

import wine  # noqa: E402

TESTS = ("tests/unit", "tests/contract", "tests/security")
PYTEST = ("-m", "pytest", "-q", "-p", "left_out_on_windows", "-p", "no:cacheprovider", "-m", "not slow")


def main() -> int:
    """Run them; pytest's exit code."""
    given = sys.argv[1:]
    wanted = given if any(not word.startswith("-") for word in given) else [*TESTS, *given]
    if os.name == "nt":
        variables = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
        return subprocess.run([sys.executable, *PYTEST, *wanted], cwd=ROOT, env=variables, check=False).returncode
    python = wine.windows_python()
    places = ";".join(map(wine.windows_path, (ROOT, ROOT / "tests")))
    temporary = tempfile.TemporaryDirectory(prefix="gamedetectd-windows-", ignore_cleanup_errors=True)
    with temporary as scratch, wine.screen() as display:
        variables = wine.environment(python, PYTHONPATH=places, PYTHONDONTWRITEBYTECODE="1", DISPLAY=display)
        base = wine.windows_path(Path(scratch) / "tests")
        return wine.run([python, *PYTEST, f"--basetemp={base}", *wanted], variables)


if __name__ == "__main__":
    sys.exit(main())

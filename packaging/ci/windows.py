"""Runs the contract, security and unit tests with a Windows Python: on Windows itself, or elsewhere under Wine.

    python packaging/ci/windows.py                      all of them, and one closing line (poe windows)
    python packaging/ci/windows.py unit                 a suite of them
    python packaging/ci/windows.py tests/contract -x    pytest's own arguments, in one process

What is left out there is in ``tests/left_out_on_windows.txt``, each with its reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("packaging/ci", "packaging/windows", "tests")]

import left_out_on_windows  # noqa: E402
import suites  # noqa: E402
import wine  # noqa: E402

SUITES = ("contract", "security", "unit")
FINE = (0, 5)
"""Passed, or everything in the file is left out."""
PYTEST = ("-m", "pytest", "-q", "-p", "left_out_on_windows", "-p", "no:cacheprovider", "-m", "not slow")


class Runner:
    """A Windows Python, and a folder for what the tests write."""

    def __init__(self, scratch: Path, display: str) -> None:
        self._scratch, self._here = scratch, os.name == "nt"
        places = (ROOT, ROOT / "tests")
        if self._here:
            self._python = Path(sys.executable)
            self._variables = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
            return
        self._python = wine.windows_python()
        self._variables = wine.environment(
            self._python,
            PYTHONPATH=";".join(map(wine.windows_path, places)),
            PYTHONDONTWRITEBYTECODE="1",
            DISPLAY=display,
        )

    def pytest(self, arguments: list[str], report: str = "report") -> int:
        """Run it; its exit code. ``report`` names what it writes down."""
        written = self.report(report)
        command = [self._python, *PYTEST, f"--junit-xml={self._named(written)}", *arguments]
        if self._here:
            return subprocess.run(command, cwd=ROOT, env=self._variables, check=False).returncode
        return wine.run([*command, f"--basetemp={self._named(self._scratch / 'tests')}"], self._variables)

    def report(self, name: str) -> Path:
        """Where what came of the tests is written."""
        return self._scratch / f"{name}.xml"

    def _named(self, path: Path) -> str:
        return str(path) if self._here else wine.windows_path(path)


def main() -> int:
    """Run them; the exit code."""
    given = [word for word in sys.argv[1:] if word not in SUITES]
    wanted = [suite for suite in SUITES if suite in sys.argv[1:]] or SUITES
    temporary = tempfile.TemporaryDirectory(prefix="gamedetectd-windows-", ignore_cleanup_errors=True)
    with temporary as scratch, wine.screen() as display:
        runner = Runner(Path(scratch), display)
        if any(not word.startswith("-") for word in given):
            return runner.pytest(given)
        tally = suites.Tally()
        times = [run(runner, suite, given, tally) for suite in wanted]
    print("\n" + "\n".join(times))
    print(tally.closing_line())
    return 1 if tally.failed or tally.broken else 0


def run(runner: Runner, suite: str, given: list[str], tally: suites.Tally) -> str:
    """Run one suite and count what came of it; a line saying how long it took.

    Each file has a process of its own: on Windows a test that takes too long is ended with the process it is in.
    """
    print(f"\n=== {suite}", flush=True)
    started = time.monotonic()
    left_out = left_out_on_windows.rows()
    for file in sorted((ROOT / "tests" / suite).glob("test_*.py")):
        place = file.relative_to(ROOT / "tests").as_posix()
        if place in left_out:
            print(f"{place}: left out, {left_out[place]}", flush=True)
            continue
        before = tally.failed
        code = runner.pytest([f"tests/{place}", *given], file.stem)
        if runner.report(file.stem).exists():
            tally.add_report(runner.report(file.stem))
        if code not in FINE and tally.failed == before:
            tally.broke(f"{place}: pytest ended with code {code}")
    return f"{suite:10} {time.monotonic() - started:6.0f} s"


if __name__ == "__main__":
    sys.exit(main())

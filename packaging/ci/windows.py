"""Runs the contract, security and unit tests with a Windows Python: on Windows itself, or elsewhere under Wine.

    python packaging/ci/windows.py                      all of them, and one closing line (poe windows)
    python packaging/ci/windows.py unit                 a suite of them
    python packaging/ci/windows.py --resume             go on: what passed in an earlier run is counted, not run again
    python packaging/ci/windows.py tests/contract -x    pytest's own arguments, in one process

Each file has a process of its own and at most LIMIT seconds. What came of it is added at once to
``build/windows/results.jsonl``, so that a run of an hour may be ended and gone on with. What is left out there is in
``tests/left_out_on_windows.txt``, each with its reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("packaging/ci", "packaging/windows", "tests")]

import left_out_on_windows  # noqa: E402
import suites  # noqa: E402
import wine  # noqa: E402

SUITES = ("contract", "security", "unit")
FINE = (0, 5)
"""Passed, or everything in the file is left out."""
PYTEST = ("-m", "pytest", "-q", "-p", "left_out_on_windows", "-p", "no:cacheprovider", "-m", "not slow")
LIMIT = 900.0
"""Seconds that a file's tests may take together."""
RESULTS = ROOT / "build" / "windows" / "results.jsonl"


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
            PYTHONPYCACHEPREFIX=self._named(scratch / "bytecode"),
            DISPLAY=display,
        )

    def pytest(self, arguments: list[str], report: str = "report", seconds: float | None = None) -> int:
        """Run it; its exit code, ``wine.OUT_OF_TIME`` after so many seconds. ``report`` names what it writes down."""
        written = self.report(report)
        command: list[str | Path] = [self._python, *PYTEST, f"--junit-xml={self._named(written)}", *arguments]
        if not self._here:
            command.append(f"--basetemp={self._named(self._scratch / 'tests')}")
            code = wine.run(command, self._variables, seconds)
            if code not in FINE:
                wine.end_all(self._variables)  # what was left running must not disturb the next
            return code
        try:
            return subprocess.run(command, cwd=ROOT, env=self._variables, timeout=seconds, check=False).returncode
        except subprocess.TimeoutExpired:
            return wine.OUT_OF_TIME

    def report(self, name: str) -> Path:
        """Where what came of the tests is written."""
        return self._scratch / f"{name}.xml"

    def _named(self, path: Path) -> str:
        return str(path) if self._here else wine.windows_path(path)


def main() -> int:
    """Run them; the exit code."""
    given = [word for word in sys.argv[1:] if word not in (*SUITES, "--resume")]
    wanted = [suite for suite in SUITES if suite in sys.argv[1:]] or SUITES
    temporary = tempfile.TemporaryDirectory(prefix="gamedetectd-windows-", ignore_cleanup_errors=True)
    with temporary as scratch, wine.screen() as display:
        runner = Runner(Path(scratch), display)
        if any(not word.startswith("-") for word in given):
            return runner.pytest(given)
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        if "--resume" not in sys.argv:
            RESULTS.unlink(missing_ok=True)
        earlier = results()
        for file in files(wanted):
            if not fine(earlier.get(file)):
                run(runner, file, given)
    return summary(wanted, set(earlier))


def files(wanted: list[str] | tuple[str, ...]) -> Iterator[str]:
    """The files of these suites, by their places below ``tests``, without those that are left out whole."""
    left_out = left_out_on_windows.rows()
    for suite in wanted:
        for file in sorted((ROOT / "tests" / suite).glob("test_*.py")):
            place = file.relative_to(ROOT / "tests").as_posix()
            if place in left_out:
                print(f"{place}: left out, {left_out[place]}", flush=True)
            else:
                yield place


def run(runner: Runner, place: str, given: list[str]) -> None:
    """Run the tests of a file and write down what came of it.

    Each file has a process of its own: on Windows a test that takes too long is ended with the process it is in.
    """
    print(f"\n=== {place}", flush=True)
    started = time.monotonic()
    name = place.replace("/", "-")
    code = runner.pytest([f"tests/{place}", *given], name, LIMIT)
    tally, failures = suites.Tally(), []
    report = runner.report(name)
    if report.exists():
        tally.add_report(report)
        cases = ET.parse(report).getroot().iter("testcase")
        failures = [str(case.get("name")) for case in cases if {"failure", "error"} & {part.tag for part in case}]
    row = {
        "file": place,
        "commit": commit(),
        "seconds": round(time.monotonic() - started),
        "code": code,
        "passed": tally.passed,
        "failed": tally.failed,
        "skipped": tally.skipped,
        "failures": failures,
    }
    with RESULTS.open("a", encoding="utf-8") as written:
        written.write(json.dumps(row) + "\n")


def results() -> dict[str, dict[str, Any]]:
    """The last row of each file."""
    rows = RESULTS.read_text(encoding="utf-8").splitlines() if RESULTS.exists() else []
    return {row["file"]: row for row in map(json.loads, rows)}


def fine(row: dict[str, Any] | None) -> bool:
    """Whether a file ran and nothing failed in it."""
    return row is not None and row["code"] in FINE


def commit() -> str:
    """The commit that is tested; empty where there is no git."""
    asked = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def summary(wanted: list[str] | tuple[str, ...], earlier: set[str]) -> int:
    """Say what failed, how long each suite took, and the sum of everything; the exit code."""
    known = results()
    rows = [known[place] for place in files(wanted)]
    tally = suites.Tally()
    print()
    for row in rows:
        tally.passed, tally.skipped = tally.passed + row["passed"], tally.skipped + row["skipped"]
        tally.failed += row["failed"]
        for name in row["failures"]:
            print(f"failed: {row['file']}::{name}")
        if not fine(row) and not row["failed"]:
            tally.broke(f"{row['file']}: pytest ended with code {row['code']}")
    for suite in wanted:
        mine = [row for row in rows if row["file"].startswith(f"{suite}/")]
        print(f"{suite:10} {len(mine):4} files {sum(row['seconds'] for row in mine):6} s")
    kept = sum(row["file"] in earlier for row in rows)
    commits = ", ".join(sorted({row["commit"] for row in rows}))
    print(f"at {commits}" + (f"; {kept} of {len(rows)} files in an earlier run or again after it" if kept else ""))
    print(tally.closing_line())
    return 1 if tally.failed or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())

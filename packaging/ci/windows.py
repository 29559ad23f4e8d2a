"""Runs the contract, security and unit tests with a Windows Python: on Windows itself, or elsewhere under Wine.

    python packaging/ci/windows.py                      all of them, and one closing line (poe windows)
    python packaging/ci/windows.py unit                 a suite of them
    python packaging/ci/windows.py --resume             go on: what passed in an earlier run is counted, not run again
    python packaging/ci/windows.py tests/contract -x    pytest's own arguments, in one process

Some files at a time have a process, and LIMIT seconds each. What came of them is added at once to
``build/windows/results.jsonl``, so that a run of an hour may be ended and gone on with. What is left out there is in
``tests/left_out_on_windows.txt``, each with its reason.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
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
TOGETHER = 8
"""Files that share a process, which takes seconds to start."""
LIMIT = 600.0
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
            place = self._scratch / "tests"
            shutil.rmtree(place, ignore_errors=True)  # Wine makes files of names like "c:", and cannot remove them
            command.append(f"--basetemp={self._named(place)}")
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
        left = [file for file in files(wanted) if not fine(earlier.get(file))]
        for first in range(0, len(left), TOGETHER):
            run(runner, left[first : first + TOGETHER], given)
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


def run(runner: Runner, places: list[str], given: list[str]) -> None:
    """Run the tests of these files in one process and write down what came of each.

    On Windows a test that takes too long is ended with the process it is in: then each file has a process of its own.
    """
    print(f"\n=== {' '.join(places)}", flush=True)
    code = runner.pytest([f"tests/{place}" for place in places] + given, "report", LIMIT * len(places))
    cases = read_cases(runner.report("report"))
    explained = code in FINE or any(case.failed for case in cases)
    if len(places) > 1 and not explained:
        for place in places:
            run(runner, [place], given)
        return
    rows = [row(place, [case for case in cases if case.of(place)], code, explained=explained) for place in places]
    with RESULTS.open("a", encoding="utf-8") as written:
        written.writelines(json.dumps(one) + "\n" for one in rows)


@dataclass(frozen=True)
class Case:
    """A test, as pytest reported it. ``module`` is where it lies; of a file that was skipped whole it is the name."""

    module: str
    name: str
    seconds: float
    failed: bool
    skipped: bool

    def of(self, place: str) -> bool:
        """Whether it is in this file below ``tests``."""
        module = "tests." + place.removesuffix(".py").replace("/", ".")
        return module in (self.module, self.name) or self.module.startswith(f"{module}.")


def read_cases(report: Path) -> list[Case]:
    """The tests of a report, which is taken away; none where there is none."""
    if not report.exists():
        return []
    found = []
    for case in ET.parse(report).getroot().iter("testcase"):
        parts = {part.tag for part in case}
        named = (str(case.get("classname")), str(case.get("name")), float(case.get("time", 0)))
        found.append(Case(*named, failed=bool(parts & {"failure", "error"}), skipped="skipped" in parts))
    report.unlink()
    return found


def row(place: str, cases: list[Case], code: int, *, explained: bool) -> dict[str, Any]:
    """What came of a file."""
    failures = list(dict.fromkeys(case.name for case in cases if case.failed))
    skipped = sum(case.skipped for case in cases)
    return {
        "file": place,
        "commit": commit(),
        "seconds": round(sum(case.seconds for case in cases)),
        "code": int(bool(failures)) if explained else code,
        "passed": len({(case.module, case.name) for case in cases}) - skipped - len(failures),
        "failed": len(failures),
        "skipped": skipped,
        "failures": failures,
    }


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

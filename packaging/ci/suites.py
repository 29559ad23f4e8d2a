"""Runs what CI runs: every check and test suite within its time, coverage over all of them, and one closing line.

    python packaging/ci/suites.py                 everything CI runs (poe check)
    python packaging/ci/suites.py unit security   only these
    python packaging/ci/suites.py --full          the slow tests too, with more time (poe full)

A suite that takes longer than its budget, and what those before it left of theirs, fails: machines differ by a third,
and all together never take longer than the sum of the budgets. Wine, a browser or a game that crashes at its start, or
a neighbour who has the processor, is no fault of ours: where such take part, up to three tests that fail are tried
once more, alone, and the run names those that pass then. The last line sums up all suites: ``N passed, N failed, N
skipped``.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
MYPY = (PYTHON, "-m", "mypy", "--platform")
FEW = 3
"""More tests than these that fail in one suite are no accident: none of them is tried again."""
FULL_FACTOR = 4
"""How much more time everything has in the full run."""
FAILED = 1
"""What pytest ends with when tests failed and all were run."""
GRACE = 30.0
"""Seconds a suite that is out of time has to clean up after itself."""


@dataclass(frozen=True)
class Suite:
    """One row of the table. ``budget`` is in seconds; ``tests`` are for pytest, ``commands`` run side by side."""

    name: str
    budget: float
    tests: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    coverage: bool = True
    shared: bool = False
    """True where two processes share the tests, file by file; not where they measure."""
    again: bool = False
    """True where other people's programs or the clock take part: a few tests that fail are tried once more, alone."""


SUITES = (
    Suite("lint", 5, commands=((PYTHON, "-m", "ruff", "format", "--check", "."), (PYTHON, "-m", "ruff", "check", "."))),
    Suite(
        "types",
        50,
        commands=tuple((*MYPY, system, f"--cache-dir=.mypy_cache/{system}") for system in ("linux", "darwin", "win32")),
    ),
    Suite("imports", 5, commands=((str(Path(PYTHON).with_name("lint-imports")), "--no-cache"),)),
    Suite("unit", 590, ("tests/unit",), shared=True, again=True),
    Suite("contract", 75, ("tests/contract",), shared=True, again=True),
    Suite("replay", 35, ("tests/replay",)),
    Suite("security", 250, ("tests/security",), coverage=False, shared=True, again=True),
    Suite("desktop", 530, ("tests/desktop",), shared=True, again=True),
    Suite("frozen", 120, ("tests/frozen",), coverage=False, again=True),
    Suite("performance", 440, ("tests/performance",), coverage=False, again=True),
)
"""In the order in which they run; together at most 35 minutes."""

GATES: tuple[tuple[str, str, int], ...] = (
    (
        "the decision core and the settings",
        "gamedetectd/domain.py,gamedetectd/detection/*,gamedetectd/sessions/*,gamedetectd/config/*",
        100,
    ),
    ("everything", "gamedetectd/*", 85),
)
"""What is measured, which files, and the least percentage of lines and branches."""


@dataclass
class Tally:
    """What came of the tests so far; ``broken`` names every gate, budget or check that failed besides."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: tuple[str, ...] = ()
    unsteady: tuple[str, ...] = ()
    """Tests that passed only when they were tried again."""

    def add_report(self, report: Path) -> int:
        """Add what pytest wrote; how many tests failed in it."""
        before = self.failed
        for suite in ET.parse(report).getroot().iter("testsuite"):
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            self.failed += failed
            self.skipped += skipped
            self.passed += int(suite.get("tests", 0)) - failed - skipped
        return self.failed - before

    def add_second_report(self, report: Path) -> None:
        """Move the tests that pass in it, and failed before, from the failed to the passed ones."""
        for case in ET.parse(report).getroot().iter("testcase"):
            if not {part.tag for part in case} & {"failure", "error", "skipped"}:
                self.failed -= 1
                self.passed += 1
                self.unsteady = (*self.unsteady, f"{case.get('classname')}.{case.get('name')}")

    def broke(self, what: str) -> None:
        """Note something that failed without being a test."""
        self.broken = (*self.broken, what)
        print(f"FAILED: {what}", flush=True)

    def closing_line(self) -> str:
        """The sum of everything."""
        return f"{self.passed} passed, {self.failed + len(self.broken)} failed, {self.skipped} skipped"


def main() -> int:
    """Run the suites named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="SUITE", help=", ".join(suite.name for suite in SUITES))
    parser.add_argument("--full", action="store_true", help="the slow tests too")
    wanted = parser.parse_args()
    known = {suite.name: suite for suite in SUITES}
    if unknown := set(wanted.names) - set(known):
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    suites = [known[name] for name in wanted.names] or list(SUITES)
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="gamedetectd-suites-") as scratch:
        environment = {**os.environ, "COVERAGE_FILE": str(Path(scratch) / "coverage")}
        times, spare = [], 0.0
        for suite in suites:
            line, spare = run(suite, tally, environment, Path(scratch), full=wanted.full, spare=spare)
            times.append(line)
        if len(suites) == len(SUITES):
            check_coverage(tally, environment)
    print("\n" + "\n".join(times))
    for what in tally.unsteady:
        print(f"unsteady: {what} passed when it was tried again")
    for what in tally.broken:
        print(f"failed: {what}")
    print(tally.closing_line())
    return 1 if tally.failed or tally.broken else 0


def run(
    suite: Suite, tally: Tally, environment: dict[str, str], scratch: Path, *, full: bool, spare: float = 0.0
) -> tuple[str, float]:
    """Run one suite, with ``spare`` seconds more; a line saying how long it took, and the seconds it left."""
    own = suite.budget * (FULL_FACTOR if full else 1)
    budget = own + spare
    print(f"\n=== {suite.name} (at most {own:.0f} s, and {spare:.0f} s that are left over)", flush=True)
    started = time.monotonic()
    with ThreadPoolExecutor() as beside:
        codes = beside.map(lambda command: execute(command, environment, budget), suite.commands)
    for command, code in zip(suite.commands, codes, strict=True):
        if code != 0:
            tally.broke(f"{suite.name}: {' '.join(map(str, command[1:]))}")
    if suite.tests:
        run_tests(suite, tally, environment, scratch, budget, full=full)
    took = time.monotonic() - started
    if took > budget:
        tally.broke(f"{suite.name} took {took:.0f} s, its budget is {own:.0f} s and {spare:.0f} s were left over")
    return f"{suite.name:12} {took:6.1f} s of {own:5.0f} s, and {spare:3.0f} s left over", max(0.0, budget - took)


def run_tests(
    suite: Suite, tally: Tally, environment: dict[str, str], scratch: Path, budget: float, *, full: bool
) -> None:
    """Run a suite's tests and count what came of them."""
    if not (ROOT / suite.tests[0]).is_dir():
        tally.broke(f"{suite.name}: there is no {suite.tests[0]}")
        return
    started, report = time.monotonic(), scratch / f"{suite.name}.xml"
    chosen = () if full else ("-m", "not slow")
    shared = ("-n", "2", "--dist", "loadfile") if suite.shared else ()
    kept = ("-o", f"cache_dir={scratch / suite.name}", "--durations=5")
    command = (PYTHON, "-m", "pytest", *suite.tests, *chosen, *kept)
    if suite.coverage:  # of what runs in the tests' own processes: in those they start it would double their time
        command = (*command, "--cov", "--cov-append", "--cov-report=")
    code = execute((*command, *shared, f"--junit-xml={report}"), environment, budget)
    if not report.exists():
        tally.broke(f"{suite.name}: pytest ended with code {code} and without a report")
        return
    failed = tally.add_report(report)
    if code != 0 and not failed:
        tally.broke(f"{suite.name}: pytest ended with code {code}")
    if suite.again and code == FAILED and failed <= FEW:
        print(f"\n{failed} failed; once more, alone", flush=True)
        report = report.with_suffix(".again.xml")
        left = budget - (time.monotonic() - started)
        execute((*command, "--last-failed", "--lfnf=none", f"--junit-xml={report}"), environment, left)
        if report.exists():
            tally.add_second_report(report)


def execute(command: tuple[str, ...], environment: dict[str, str], seconds: float) -> int:
    """Run a command in a process group of its own; interrupt it, then kill it, when its time is over."""
    new_group = {"start_new_session": True} if os.name == "posix" else {}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, **new_group)
    try:
        return process.wait(max(1.0, seconds))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        return process.wait(GRACE) or 1
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        return process.wait() or 1


def check_coverage(tally: Tally, environment: dict[str, str]) -> None:
    """Hold what all suites measured against the gates."""
    print("\n=== coverage", flush=True)
    for what, files, least in GATES:
        print(f"\nAt least {least} % of {what}:", flush=True)
        report = ("report", f"--include={files}", f"--fail-under={least}", "--skip-covered", "--show-missing")
        if execute((PYTHON, "-m", "coverage", *report), environment, 120) != 0:
            tally.broke(f"coverage: less than {least} % of {what}")


if __name__ == "__main__":
    sys.exit(main())

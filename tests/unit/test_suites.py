"""The runner CI relies on: what fails, hangs or collapses is counted, and the closing line tells the truth."""

import importlib.util
import os
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "ci" / "suites.py"


@pytest.fixture
def suites(tmp_path, monkeypatch):
    """The runner, at work on a project of its own."""
    spec = importlib.util.spec_from_file_location("suites_under_test", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "GRACE", 1.0)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nmarkers = ["slow: takes long"]\n')
    (tmp_path / "tests").mkdir()
    return module


def ran(suites, tmp_path, text, budget=30.0, full=False, again=False):
    (tmp_path / "tests" / "test_it.py").write_text(text)
    tally = suites.Tally()
    suite = suites.Suite("it", budget, ("tests",), coverage=False, again=again)
    suites.run(suite, tally, dict(os.environ), tmp_path, full=full)
    return tally


MIXED = """
import pytest
def test_good(): pass
def test_bad(): assert False
@pytest.fixture
def broken(): raise OSError
def test_error(broken): pass
@pytest.mark.skip(reason="not here")
def test_skipped(): pass
@pytest.mark.slow
def test_slow(): pass
"""


@pytest.mark.parametrize(
    ("text", "full", "line"),
    [
        ("def test_good(): pass", False, "1 passed, 0 failed, 0 skipped"),
        (MIXED, False, "1 passed, 2 failed, 1 skipped"),
        (MIXED, True, "2 passed, 2 failed, 1 skipped"),
        ("import nonsense_that_is_not_there", False, "0 passed, 1 failed, 0 skipped"),
        ("", False, "0 passed, 1 failed, 0 skipped"),
        ("import os\ndef test_dies(): os._exit(3)", False, "0 passed, 1 failed, 0 skipped"),
    ],
    ids=["good", "mixed", "mixed, full", "cannot be collected", "empty", "dies"],
)
def test_the_closing_line_sums_up_what_happened(suites, tmp_path, text, full, line):
    assert ran(suites, tmp_path, text, full=full).closing_line() == line


UNSTEADY = """
import pathlib, pytest
def test_good(): pass
@pytest.mark.parametrize("n", range({count}))
def test_first_time_fails(n):
    mark = pathlib.Path(__file__).with_suffix(f".{{n}}")
    if {always} or not mark.exists():
        mark.touch()
        raise OSError
"""


@pytest.mark.parametrize(
    ("count", "always", "again", "line"),
    [
        (2, False, True, "3 passed, 0 failed, 0 skipped"),
        (2, False, False, "1 passed, 2 failed, 0 skipped"),
        (2, True, True, "1 passed, 2 failed, 0 skipped"),
        (4, False, True, "1 passed, 4 failed, 0 skipped"),
    ],
    ids=["an accident", "where nothing is tried again", "a fault", "too many"],
)
def test_what_fails_by_accident_is_tried_again_and_told(suites, tmp_path, count, always, again, line):
    tally = ran(suites, tmp_path, UNSTEADY.format(count=count, always=always), again=again)
    assert tally.closing_line() == line
    steadied = tally.passed - 1
    assert [what.rpartition(".")[2] for what in tally.unsteady] == [
        f"test_first_time_fails[{n}]" for n in range(steadied)
    ]


def test_a_suite_that_does_not_end_is_ended_and_fails(suites, tmp_path):
    started = time.monotonic()
    tally = ran(suites, tmp_path, "import time\ndef test_hangs(): time.sleep(60)", budget=3.0)
    assert time.monotonic() - started < 20
    assert "it took" in tally.broken[-1]
    assert tally.closing_line().split(",")[1] != " 0 failed"


def test_a_check_that_fails_counts_as_one(suites, tmp_path):
    tally = suites.Tally()
    commands = ((suites.PYTHON, "-c", "raise SystemExit(1)"), (suites.PYTHON, "-c", ""))
    suites.run(suites.Suite("check", 20, commands=commands), tally, {}, tmp_path, full=False)
    assert tally.closing_line() == "0 passed, 1 failed, 0 skipped"


def test_a_folder_that_is_missing_fails(suites, tmp_path):
    tally = suites.Tally()
    suites.run(suites.Suite("gone", 20, ("tests/gone",)), tally, {}, tmp_path, full=False)
    assert tally.broken == ("gone: there is no tests/gone",)


@pytest.mark.parametrize(("line", "broken"), [("used()", 0), ("pass", 1)], ids=["covered", "not covered"])
def test_coverage_below_the_gate_fails(suites, tmp_path, monkeypatch, line, broken):
    """Two suites measure into one file, each its part."""
    pytest.importorskip("pytest_cov", reason="pytest-cov comes with the extra dev")
    (tmp_path / "product.py").write_text("def used():\n    return 1\n\n\ndef useful():\n    return 2\n")
    with (tmp_path / "pyproject.toml").open("a") as settings:
        settings.write('pythonpath = "."\n[tool.coverage.run]\nsource = ["product"]\n')
    monkeypatch.setattr(suites, "GATES", (("the product", "product.py", 100),))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    tally, environment = suites.Tally(), clean | {"COVERAGE_FILE": str(tmp_path / "data")}
    for name, part, shared in (("one", line, False), ("other", "useful()", True)):
        (tmp_path / "tests" / name).mkdir()
        text = f"from product import *\ndef test_{name}():\n    {part}\n"
        (tmp_path / "tests" / name / f"test_{name}.py").write_text(text)
        suite = suites.Suite(name, 60, (f"tests/{name}",), shared=shared)
        suites.run(suite, tally, environment, tmp_path, full=False)
    suites.check_coverage(tally, environment)
    assert tally.passed == 2
    assert len(tally.broken) == broken


def test_what_a_suite_leaves_of_its_time_the_next_one_may_take(suites, tmp_path):
    tally = suites.Tally()
    quick = suites.Suite("quick", 30, commands=((suites.PYTHON, "-c", ""),))
    _, spare = suites.run(quick, tally, {}, tmp_path, full=False)
    assert 10 < spare < 30
    slow = suites.Suite("slow", 0.01, commands=((suites.PYTHON, "-c", ""),))
    line, left = suites.run(slow, tally, {}, tmp_path, full=False, spare=spare)
    assert (tally.broken, "left over" in line) == ((), True)
    assert 0 < left < spare
    assert suites.run(slow, tally, {}, tmp_path, full=False)[1] == 0
    assert len(tally.broken) == 1


def test_the_clock_of_a_suite_counts_even_when_its_tests_pass(suites, tmp_path):
    tally = ran(suites, tmp_path, "def test_good(): pass", budget=0.01)
    assert any("took" in what for what in tally.broken)

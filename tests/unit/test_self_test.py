"""The self-test that packagers run: for real, once as installed and once frozen; and what it says when a step fails."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from jsonschema import validate
from real_programs import SLOW

from gamedetectd import i18n
from gamedetectd.app import rehearsal
from gamedetectd.app.doctor import self_test as testing
from gamedetectd.app.doctor.installation import Part
from gamedetectd.catalogue import builtin
from gamedetectd.control.doctor_shapes import SHAPES
from gamedetectd.control.shapes import schemas

SCHEMA = schemas(SHAPES)["doctor-self-test"]
FROZEN = """#!{python}
import sys
sys.frozen, sys.executable = True, __file__
from gamedetectd.cli.entry import main
main()
"""
DESKTOP = "import ctypes; ctypes.windll.user32.GetDesktopWindow()"
STEPS = [
    "Every part can be loaded",
    "The list of games is there",
    "The translations are there",
    "The icons can be drawn",
    "A scratch home is made",
    "A daemon starts and answers",
    "A harmless process is started",
    "Its session opens",
    "The session is closed and in the history",
    "Both are in the event log",
    "The daemon ends when told",
]


def left_behind():
    return {path.name for path in Path(tempfile.gettempdir()).glob("gamedetectd-*") if path.is_dir()}


def run(command, home, **environment):
    """The self-test in a process of its own, without a display, with settings that are broken, and a home as bait."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.toml").write_text("[watch]\npoll_interval = 'no number'\n")
    inherited = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [*command, "doctor", "--self-test", "--json"],
        env={**inherited, "GAMEDETECTD_HOME": str(home), "GAMEDETECTD_WATCH_IDLE_AFTER": "nonsense", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60 * SLOW,
    )
    assert done.stderr == ""
    row = json.loads(done.stdout)
    validate(row, SCHEMA)
    return done.returncode, row


def test_an_installation_that_works_says_so_within_seconds_and_touches_nothing_of_the_persons(tmp_path):
    home = tmp_path / "home"
    if sys.platform == "win32":
        # Wine's desktop starts with the first program that asks for it, and would hold the daemon's output for good
        subprocess.run(
            [sys.executable, "-c", DESKTOP], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    before = left_behind()
    code, row = run([sys.executable, "-m", "gamedetectd"], home, DISPLAY=":987")
    assert (code, row["passed"]) == (0, True), row
    assert [step["name"] for step in row["steps"]] == STEPS
    assert row["seconds"] < 30, "ten seconds on a machine that does nothing else"
    assert sorted(str(path.relative_to(home)) for path in home.rglob("*")) == [
        "config",
        str(Path("config/settings.toml")),
    ]
    assert left_behind() <= before


@pytest.mark.skipif(sys.platform == "win32", reason="a script that is a program needs a #! line")
def test_a_frozen_program_starts_itself(tmp_path):
    program = tmp_path / "gamedetectd"
    program.write_text(FROZEN.format(python=sys.executable))
    program.chmod(0o755)
    code, row = run([str(program)], tmp_path / "home")
    assert (code, row["passed"]) == (0, True), row
    assert [step["name"] for step in row["steps"]] == STEPS


# --- what fails ---


def missing_part(monkeypatch):
    monkeypatch.setattr(testing, "PARTS", (Part("no-such-part", "no_such_part", "nothing"),))


def missing_list(monkeypatch):
    monkeypatch.setattr(builtin, "TABLE", Path("/nonexistent/games.tsv"))


def missing_texts(monkeypatch):
    monkeypatch.setattr(i18n, "FOLDER", Path("/nonexistent"))


def missing_scratch(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent/at all")


def daemon_that_ends(monkeypatch):
    monkeypatch.setattr(
        rehearsal, "own_command", lambda *_arguments: [sys.executable, "-c", "print('no such command')"]
    )


def daemon_of_another_version(monkeypatch):
    monkeypatch.setattr(testing.gamedetectd, "__version__", "99.0")


def process_that_cannot_be_started(monkeypatch):
    monkeypatch.setattr(rehearsal, "game_command", lambda _program, _title: ("/nonexistent/game",))


def rule_for_something_else(monkeypatch):
    monkeypatch.setattr(rehearsal, "PATIENCE", 5.0 * SLOW)
    wrong = Path("/nonexistent/game")
    rule = rehearsal.write_rule
    monkeypatch.setattr(rehearsal, "write_rule", lambda paths, _program, title: rule(paths, wrong, title))


FAILING = [
    (missing_part, "Every part can be loaded", "No module named 'no_such_part'", "--force-reinstall"),
    (
        missing_list,
        "The list of games is there",
        f"{Path('/nonexistent/games.tsv')}: No such file",
        "--force-reinstall",
    ),
    (missing_texts, "The translations are there", "no texts in the language 'de'", "--force-reinstall"),
    (missing_scratch, "A scratch home is made", "/nonexistent/at all", "TMPDIR"),
    (daemon_that_ends, "A daemon starts and answers", "no such command", "gamedetectd run --headless"),
    (daemon_of_another_version, "A daemon starts and answers", "starting it starts version", "other installation"),
    (process_that_cannot_be_started, "A harmless process is started", "/nonexistent/game: ", "Look at"),
    (rule_for_something_else, "Its session opens", f"did not see the process within {5 * SLOW} seconds", "Try again"),
]


@pytest.mark.parametrize(("breaks", "step", "says", "mends"), FAILING, ids=lambda one: getattr(one, "__name__", ""))
def test_the_step_that_fails_is_named_with_its_remedy_and_is_the_last(monkeypatch, breaks, step, says, mends):
    breaks(monkeypatch)
    heard = []
    row = testing.self_test(heard.append)
    assert heard == row.steps
    assert not row.passed
    assert all(one.passed for one in row.steps[:-1])
    last = row.steps[-1]
    assert (last.name, last.passed) == (step, False)
    assert says in last.detail
    assert mends in last.remedy


def test_a_scratch_home_goes_once_its_files_are_let_go():
    with rehearsal.scratch() as place:
        held = (place / "daemon.txt").open("w")
        letting_go = threading.Timer(0.5, held.close)  # Windows removes no open file
        letting_go.start()
    letting_go.join()
    assert not place.exists()


def test_log_lines_that_no_shipper_would_understand_fail_it():
    line = json.dumps({"event": {"action": "session-started"}, "@timestamp": "now", "ecs.version": "1"})
    with pytest.raises(testing.SelfTestError, match="not those of a session"):
        testing._logged([line])


def test_a_fault_is_told_as_one():
    assert testing._explained(ValueError("odd")) == ("ValueError: odd.", "Please report it.")

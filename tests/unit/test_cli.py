"""The command line on its own: what it teaches, refuses and prints, without a daemon and whatever it is given."""

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import validate
from real_programs import end, eventually

from gamedetectd.cli import config, edge, main, sessions
from gamedetectd.cli.control import parse_duration
from gamedetectd.cli.output import duration, length, local
from gamedetectd.control.instance import acquire
from gamedetectd.control.shapes import schemas
from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History

KEY = ProcessKey("boot", 7, 7)
COMMANDS = [command.name for command in main.COMMANDS]
SESSIONS_COMMANDS = [
    "sessions",
    *(f"sessions {row.name or row.callback.__name__}" for row in sessions.app.registered_commands),
]
CONFIG_COMMANDS = [f"config {row.name or row.callback.__name__}" for row in config.app.registered_commands]
HOUR = 3_600.0
ACTS = (b"\x1b]", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae")
"""What a terminal would act upon, in UTF-8."""


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """An empty home for commands run in this very process."""
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    return Paths.below(tmp_path / "home")


@pytest.fixture
def real(paths):
    """``real("scan")`` runs one command in a process of its own and returns its bytes."""

    def run(line, env=None, **popen):
        command = [sys.executable, "-m", "gamedetectd", *shlex.split(line)]
        environment = {**os.environ, **(env or {})}
        return subprocess.run(command, env=environment, timeout=60, **{"capture_output": True, **popen})

    return run


@pytest.fixture
def played(paths):
    """``played(title, …)`` adds a session to the history; it ended an hour after it began unless told otherwise."""
    paths.data.mkdir(parents=True, mode=0o700)
    numbers = iter(range(100_000))

    def add(*titles, ago=2 * HOUR, ended_by=EndedBy.EXIT, **counters):
        began = time.time() - ago
        events = []
        for title in titles:
            number = next(numbers)
            game = Game(f"name:{number}", title)
            end_at = None if ended_by is None else began + HOUR
            evidence = (Evidence("desktop_entry", 3.0, f"{title} is listed among the games."),)
            session = Session(
                f"s{number}", game, began, 10.0, KEY, (KEY,), evidence, 0.9, end_at, ended_by, 1800.0, 1700.0, 100.0
            )
            events.append(SessionEvent(f"e{number}", SessionEventKind.ENDED, began, session))
        with History.open(paths.history_file) as history:
            history.commit(events)

    return add


# --- what it teaches ---


@pytest.mark.parametrize("command", [*COMMANDS, *CONFIG_COMMANDS, *SESSIONS_COMMANDS])
def test_help_says_what_a_command_does_and_shows_it_used(gd, command):
    done = gd(f"{command} --help")
    assert done.code == 0
    text = " ".join(done.out.split())
    assert f"gamedetectd {command}" in text.split("Usage:", 1)[1].replace("gamedetectd " + command, "", 1), "no example"
    summary = text.split("]", 1)[1]
    assert "." in summary, "no summary"
    assert "gamedetectd scan gamedetectd scan" not in text, "examples stand on lines of their own"


def test_the_overview_lists_every_command_and_the_exit_codes(gd):
    done = gd("--help")
    assert done.code == 0
    assert all(name in done.out for name in COMMANDS)
    assert "Exit codes" in done.out


def test_the_version_is_told(gd):
    assert gd("--version").out.startswith("gamedetectd 0.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nosuchcommand", "nosuchcommand"),
        ("scan --nosuchoption", "--nosuchoption"),
        ("config nosuchcommand", "nosuchcommand"),
        ("pause --for nonsense", "15m, 2h or 1d"),
        ("pause --for -1h", "-1h"),
        ("pause --for 1", "15m, 2h or 1d"),
        ("pause --for 2000-01-01", "15m, 2h or 1d"),
        ("pause --for 400d", "15m, 2h or 1d"),
        ("pause --for 99999999h", "15m"),
        ("sessions --since whenever", "yesterday"),
        ("sessions --limit 0", "--limit"),
        ("sessions --limit 99999999999999999999", "--limit"),
        ("sessions --json --csv", "one of"),
        ("explain", "PID|NAME"),
        ("explain ''", "process id"),
        ("explain '  '", "process id"),
        ("judge", "FILE"),
        ("record x --seconds 0", "--seconds"),
        ("logs --level loud", "loud"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_is_right(gd, line, said):
    done = gd(line)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_lengths_of_time_are_understood():
    said = {"90s": 90, "15m": 900, "2h": 7_200, "1d": 86_400, "1.5h": 5_400}
    assert {text: round(parse_duration(text).total_seconds()) for text in said} == said


# --- errors ---


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("status", 4, ("does not run", "No daemon of yours answers.", "gamedetectd run")),
        ("stop", 4, ("does not run", "No daemon of yours answers.", "gamedetectd run")),
        ("watch", 4, ("does not run", "No daemon of yours answers.", "gamedetectd run")),
        ("explain 99999999", 1, ("Not found", "no process 99999999", "gamedetectd scan")),
        ("explain 99999999999999999999999", 1, ("Not found", "no process", "gamedetectd scan")),
        ("explain no-such-program-anywhere", 1, ("Not found", "no-such-program-anywhere", "part of")),
        ("explain ²", 1, ("Not found", "²", "part of")),
        ("judge /no/such/file", 1, ("facts cannot be read", "No such file", "may read")),
        ("replay /", 1, ("facts cannot be read", "directory", "may read")),
        ("record /no/such/directory/file", 1, ("facts cannot be read", "cannot be made", "new file")),
    ],
)
def test_an_error_is_told_with_title_cause_remedy_and_its_code(gd, line, code, said):
    done = gd(line)
    assert done.code == code
    assert all(part in done.err for part in said), done.err
    assert "Traceback" not in done.err


def test_a_second_daemon_is_exit_code_5_and_names_the_first(gd, paths):
    with acquire(paths, ProcessKey("boot", 4711, 1), time.time()):
        done = gd("run --headless")
    assert done.code == 5
    assert "process 4711" in done.err
    assert "gamedetectd stop" in done.err


def test_every_mistake_in_the_settings_is_named_before_anything_starts(gd, paths):
    paths.config.mkdir(parents=True, mode=0o700)
    paths.settings_file.write_text("[watch]\npoll_intervall = 1\ngamepads = 7\n")
    for line in ("run --headless", "scan"):
        done = gd(line)
        assert done.code == 8
        assert "settings have errors" in done.err
        assert f"{paths.settings_file}:2" in done.err
        assert f"{paths.settings_file}:3" in done.err
        assert "poll_interval" in done.err


def test_what_an_error_quotes_does_not_act_on_the_terminal(gd):
    done = gd("judge", "/no/\x1b]0;owned\x07\x9b31m\nfile")
    assert done.code == 1
    assert "\\x1b]0;owned" in done.err
    assert not set("\x1b\x07\x9b") & set(done.err)


def test_a_fault_of_ours_is_a_sentence_and_a_file_to_send(paths, tmp_path):
    provoked = (
        "import gamedetectd.app.look as look, gamedetectd.cli.entry as entry\n"
        "def scan(*_): raise ZeroDivisionError('provoked --password k4n-4ry')\n"
        "look.scan = scan\n"
        "entry.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", provoked, "scan"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "not yours (ZeroDivisionError)" in done.stderr
    assert "Traceback" not in done.stderr
    (report,) = tmp_path.glob("gamedetectd-fault-*.txt")
    assert str(report) in done.stderr
    assert "ZeroDivisionError: provoked --password [hidden]" in report.read_text()
    if os.name == "posix":
        assert report.stat().st_mode & 0o077 == 0


def test_a_fault_is_told_also_where_no_file_can_be_written(monkeypatch, capsys):
    import tempfile

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    edge._fault(ValueError, ValueError("provoked"), None)
    said = capsys.readouterr().err
    assert "not yours (ValueError)" in said
    assert "No space left on device" in said


# --- where output goes ---


def test_a_reader_that_goes_away_leaves_no_noise(real, played):
    played(*(f"Game {number}" for number in range(5_000)))
    for line in ("sessions --csv --limit 5000", "sessions --json --limit 5000", "sessions --limit 5000"):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as output:
            done = real(line, capture_output=False, stdout=output, stderr=subprocess.PIPE)
        assert done.stderr == b"", line
        assert done.returncode == 1, line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("line", ["sessions --csv", "sessions", "status --json", "config schema"])
def test_output_onto_a_full_disk_is_told(real, played, line):
    played("A Game")
    with Path("/dev/full").open("wb") as output:
        done = real(line, capture_output=False, stdout=output, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Free some space" in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_terminal_that_knows_few_letters_still_gets_everything(real, played):
    played("東方 – Café")
    narrow = {"PYTHONIOENCODING": "latin-1", "COLUMNS": "120"}
    table = real("sessions", narrow)
    assert table.returncode == 0, table.stderr
    assert b"\\u6771" in table.stdout
    assert "Café".encode("latin-1") in table.stdout
    assert real("sessions --csv", narrow).returncode == 0
    (row,) = json.loads(real("sessions --json", narrow).stdout.decode("utf-8"))
    assert row["game"]["title"] == "東方 – Café", "JSON is UTF-8 everywhere"


# --- the history ---


def test_sessions_are_a_table_json_and_a_spreadsheet(gd, played):
    played("An Old Game", ago=10 * 24 * HOUR)
    played("A New Game")
    played("A Lost Game", ended_by=EndedBy.LOST)
    played("A Running Game", ended_by=None)
    table = gd("sessions")
    assert table.code == 0
    for said in ("A New Game", "1 h 00 min", "30 min", "end estimated", "now", "4 sessions"):
        assert said in table.out
    rows = gd("sessions --json").json
    validate(rows, schemas()["sessions"])
    assert {row["game"]["title"] for row in rows} == {"An Old Game", "A New Game", "A Lost Game", "A Running Game"}
    assert [row["ended_at"] for row in rows if row["game"]["title"] == "A Running Game"] == [None]
    cells = list(csv.DictReader(io.StringIO(gd("sessions --csv").out)))
    assert {cell["title"] for cell in cells} == {row["game"]["title"] for row in rows}
    assert {cell["foreground_seconds"] for cell in cells} == {"1800.0"}


def test_sessions_can_be_chosen_by_time_game_and_number(gd, played):
    played("An Old Game", ago=10 * 24 * HOUR)
    played("A New Game")
    assert [row["game"]["title"] for row in gd("sessions --json --since 1d").json] == ["A New Game"]
    assert [row["game"]["title"] for row in gd("sessions", "--json", "--game", "An Old Game").json] == ["An Old Game"]
    assert [row["game"]["title"] for row in gd("sessions --json --limit 1").json] == ["A New Game"]
    assert gd("sessions --json --since 0001-01-01").code == 0
    assert "No sessions" in gd("sessions --since 1s").out
    assert gd("sessions", "--json", "--game", "\udcff").json == [], "an argument that is no UTF-8"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", '=HYPERLINK("x")'])
def test_a_title_never_becomes_a_formula(gd, played, title):
    played(title)
    (cell,) = csv.DictReader(io.StringIO(gd("sessions --csv").out))
    shown = cell["title"].lstrip(" ")
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert title.lstrip() in shown


def test_titles_act_on_no_terminal(gd, played):
    played("evil \x1b]0;owned\x07 \x9b31m \u202egnp [bold]x[/]")
    for line in ("sessions", "sessions --csv", "sessions --json"):
        out = gd(line).out
        assert "owned" in out
        assert not set("\x1b\x07\x9b\u202e") & set(out), line
    assert gd("sessions --json").json[0]["game"]["title"].endswith("\x9b31m \u202egnp [bold]x[/]"), "JSON loses nothing"
    assert "[bold]x[/]" in gd("sessions").out, "nothing in a title is markup"


def test_a_history_of_another_program_is_left_alone(gd, paths):
    import sqlite3

    paths.data.mkdir(parents=True, mode=0o700)
    connection = sqlite3.connect(paths.history_file)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    done = gd("sessions")
    assert done.code == 1
    assert "another program" in done.err


def test_times_and_durations_read_as_people_say_them(monkeypatch):
    assert [duration(seconds) for seconds in (0, 59.4, 60, 3_599, 3_900)] == [
        "0 s",
        "59 s",
        "1 min",
        "59 min",
        "1 h 05 min",
    ]
    assert local(None) == "-"
    assert length("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z").total_seconds() == HOUR
    if hasattr(time, "tzset"):
        try:
            monkeypatch.setenv("TZ", "Pacific/Auckland")
            time.tzset()
            assert local("2026-01-01T00:00:00Z") == "2026-01-01 13:00:00"
            assert local("9999-12-31T23:59:59Z") == "9999-12-31 23:59:59", "the calendar ends there"
        finally:
            monkeypatch.undo()
            time.tzset()


# --- without a daemon ---


def test_status_as_json_says_that_nothing_runs(gd):
    done = gd("status --json")
    assert done.code == 4
    validate(done.json, schemas()["status"])
    assert done.json["running"] is False
    assert done.err == ""


FACTS = {
    "id": "a",
    "os": "linux",
    "processes": [{"pid": 9, "exe": "/usr/games/supertux2", "argv": ["supertux2"]}],
    "desktop_entry": {"Name": "SuperTux 2", "Categories": ["Game"], "Exec": "supertux2"},
}
STARTED = {
    "type": "observation",
    "observation": "resync",
    "at": {"awake": 1.0, "elapsed": 1.0, "wall": 1.0},
    "processes": [],
}


@pytest.mark.parametrize(
    "bad",
    [
        b"{broken",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"id": "b", "processes": 7}',
        b'{"id": "b", "os": "amiga"}',
        b"[" * 100_000,
        b'{"id": "b", "processes": [{"pid": 1e999}]}',
    ],
    ids=lambda bad: repr(bad[:20]),
)
def test_a_bad_line_of_facts_is_named_and_the_rest_goes_on(gd, bad):
    good = json.dumps(FACTS).encode()
    done = gd("judge -", stdin=b"\n".join((good, bad, good)))
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 3
    assert [row.get("is_game") for row in rows] == [True, None, True]
    assert "line 2: " in done.err
    validate(rows[0], schemas()["judge"])
    assert set(rows[1]) == {"id", "error"}


def test_facts_on_stdin_that_end_early_or_are_nothing(gd):
    assert gd("judge -").out == ""
    assert gd("judge -").code == 0
    assert gd("judge -", stdin=json.dumps(FACTS).encode()[:-1]).code == 3


def test_a_bad_line_of_a_recording_is_named_and_the_rest_goes_on(gd, tmp_path):
    file = tmp_path / "recording.jsonl"
    far = {**STARTED, "at": {"awake": 1e308, "elapsed": 1e308, "wall": 1e308}}
    lines = [FACTS, STARTED, {**STARTED, "observation": "nonsense"}, far, {"type": "observation"}]
    file.write_text("\n".join(map(json.dumps, lines)) + "\n{torn")
    done = gd("replay", file, "--json")
    assert done.code == 3
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["line 3", "line 5", "line 6"]


def test_a_recording_that_is_there_is_not_overwritten(gd, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text("dear to me")
    done = gd("record", file, "--seconds", "1")
    assert done.code == 1
    assert "new file" in done.err
    assert file.read_text() == "dear to me"


@pytest.mark.skipif(sys.platform != "linux", reason="arguments are bytes there")
def test_a_megabyte_of_bytes_that_are_no_text_is_shown_harmlessly(real, gd):
    hell = b"\xff\xfe\x1b]0;owned\x07\xc2\x9b31m\xe2\x80\xae\nsecond line " + b"x" * 120_000
    hostile = subprocess.Popen(
        [sys.executable, b"-c", b"import time; time.sleep(60)", *[hell] * 8], start_new_session=True
    )
    try:
        eventually(lambda: b"import time" in Path(f"/proc/{hostile.pid}/cmdline").read_bytes(), what="its arguments")
        for line in ("scan", "scan --json", f"explain {hostile.pid}", f"explain {hostile.pid} --json"):
            started = time.monotonic()
            done = real(line)
            assert time.monotonic() - started < 15, line
            assert done.returncode == 0, done.stderr
            assert not [part for part in ACTS if part in done.stdout + done.stderr], line
        row = json.loads(real(f"explain {hostile.pid} --json").stdout)
        validate(row, schemas()["explain"])
        assert row["is_game"] is False
        judged = gd("judge -", stdin=json.dumps(row["facts"]).encode())
        assert judged.code == 0, "what explain shows can be judged"
    finally:
        end(hostile)


def test_ctrl_c_ends_a_command_quietly(paths):
    process = subprocess.Popen(
        [sys.executable, "-m", "gamedetectd", "logs", "-f"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # tests that run in a shell's background inherit that SIGINT is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process:
        assert b"There is no log yet" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert b"Traceback" not in process.stderr.read()

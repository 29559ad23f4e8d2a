"""The command line as a person and as a program use it, against a real daemon and without one."""

import json
import os
import subprocess
import sys
import time

import pytest
import typer
from jsonschema import validate
from real_daemon import COMMAND, RealDaemon
from real_programs import end, eventually
from toy_games import ToyGames

from gamedetectd.cli import entry
from gamedetectd.cli.main import COMMANDS, build
from gamedetectd.control.shapes import schemas
from gamedetectd.domain import EndedBy, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.sessions.history import History

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="toy games are shell scripts with desktop entries")


@pytest.fixture
def quiet(tmp_path):
    """A home in which no daemon runs."""
    return RealDaemon(tmp_path / "home")


@pytest.fixture(scope="module")
def playing(tmp_path_factory):
    """A daemon that watches a toy game; the daemon and the game's process."""
    place = tmp_path_factory.mktemp("playing")
    games = ToyGames(place)
    with RealDaemon(place / "home", games.env) as daemon:
        process = games.start(games.titles[0], 300)
        eventually(lambda: daemon.json("status")["sessions"], 10, "the toy game's session")
        yield daemon, process, games
        end(process)


def ours(rows, games):
    return [row for row in rows if row["game"]["title"] in games.titles]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_teaches(command, quiet):
    shown = quiet.run(command.name, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout
    assert len(shown.stdout.splitlines()) > 6
    assert "Traceback" not in shown.stderr


def test_wrong_usage_is_exit_code_2_and_the_version_is_told(quiet):
    assert quiet.run("nonsense").returncode == 2
    assert quiet.run("status", "--nonsense").returncode == 2
    assert quiet.run("pause", "--for", "soon").returncode == 2
    assert quiet.run("sessions", "--since", "whenever").returncode == 2
    assert quiet.run("--version").stdout.startswith("gamedetectd ")


def test_without_a_daemon_commands_say_so_with_the_remedy(quiet):
    for command in ("status", "pause", "resume", "reload", "stop", "watch"):
        done = quiet.run(command)
        assert done.returncode == 4, command
        assert "gamedetectd run" in done.stderr
        assert "Traceback" not in done.stderr
    row = json.loads(quiet.run("status", "--json").stdout)
    validate(row, schemas()["status"])
    assert row["running"] is False


def test_before_anything_was_recorded_sessions_and_logs_say_so_kindly(quiet):
    done = quiet.run("sessions")
    assert done.returncode == 0
    assert "Nothing was recorded yet" in done.stderr
    assert json.loads(quiet.run("sessions", "--json").stdout) == []
    assert quiet.run("logs").returncode == 0


def test_sessions_as_a_table_and_for_a_spreadsheet(quiet):
    quiet.home.joinpath("data").mkdir(parents=True, mode=0o700)
    key = ProcessKey("boot", 7, 7)
    game = Game("name:evil", '=HYPERLINK("http://x")')
    began = time.time() - 7200
    session = Session("one", game, began, 10.0, key, (), (), 1.0, began + 3700, EndedBy.EXIT, 1800.0, 1700.0, 100.0)
    with History.open(quiet.home / "data/history.db") as history:
        history.commit([SessionEvent("e1", SessionEventKind.ENDED, began, session)])
    shown = quiet.run("sessions", "--since", "1d")
    assert "1 h 01 min" in shown.stdout
    assert "30 min" in shown.stdout
    rows = quiet.json("sessions")
    validate(rows, schemas()["sessions"])
    spreadsheet = quiet.run("sessions", "--csv").stdout.splitlines()
    assert spreadsheet[0].startswith("id,game_id,title,started_at")
    assert "'=HYPERLINK" in spreadsheet[1], "a cell must not become a formula"
    assert quiet.json("sessions", "--game", "Another Game") == []


def test_judge_and_replay_name_bad_lines_and_go_on(quiet):
    facts = {"id": "a", "os": "linux", "processes": [{"pid": 1, "exe": "/usr/games/supertux2", "argv": ["supertux2"]}],
             "desktop_entry": {"Name": "SuperTux 2", "Categories": ["Game"]}}  # fmt: skip
    lines = "\n".join(
        [json.dumps(facts), "{broken", json.dumps({**facts, "id": "b", "processes": 7}), json.dumps(facts)]
    )
    done = quiet.run("judge", "-", stdin=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [row["id"] for row in rows] == ["a", None, "b", "a"]
    assert rows[0]["game"]["title"] == "SuperTux 2"
    assert "error" in rows[1]
    assert "line 2" in done.stderr
    assert "line 3" in done.stderr
    validate(rows[0], schemas()["judge"])
    assert quiet.run("judge", "/no/such/file").returncode == 1
    assert quiet.run("replay", "-", stdin="[]\n").returncode == 3


def test_a_reader_that_goes_away_is_no_error(quiet):
    done = subprocess.run(
        ["sh", "-c", f"{' '.join(COMMAND)} config schema | head -1"], env=quiet.env, capture_output=True, text=True
    )
    assert done.stdout.startswith("{")
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_is_told_in_a_sentence_with_a_file_to_send(monkeypatch, capsys, tmp_path):
    import tempfile

    from gamedetectd.cli import edge

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    edge._fault(ValueError, ValueError("broken"), None)
    said = capsys.readouterr().err
    assert "This should not have happened" in said
    (report,) = tmp_path.glob("gamedetectd-fault-*.txt")
    assert "ValueError: broken" in report.read_text()


def test_what_runs_is_seen_by_scan_status_and_explain(playing):
    daemon, process, games = playing
    scanned = daemon.json("scan")
    validate(scanned, schemas()["scan"])
    (row,) = [row for row in ours(scanned, games) if process.pid in row["processes"]]
    assert row["foreground"] is False
    assert games.titles[0] in daemon.run("scan").stdout
    explained = daemon.json("explain", process.pid)
    validate(explained, schemas()["explain"])
    assert explained["game"]["title"] == games.titles[0]
    judged = daemon.run("judge", "-", stdin=json.dumps(explained["facts"]))
    assert json.loads(judged.stdout)["game"] == explained["game"], "what explain shows can be judged again"
    assert "is a game" in daemon.run("explain", games.path(games.titles[0]).name).stdout
    assert daemon.run("explain", "no-such-program-anywhere").returncode == 1
    status = daemon.json("status")
    validate(status, schemas()["status"])
    assert status["health"]["overall"] == "healthy"
    assert games.titles[0] in daemon.run("status").stdout
    assert daemon.run("sessions").stdout.count("now") >= 1


def test_an_argument_from_hell_reaches_no_terminal_raw(playing):
    daemon, _, games = playing
    title = games.titles[1]
    hell = b"\xff\xfe\x1b]0;owned\x07\nnew line " + b"x" * 100_000
    process = subprocess.Popen([os.fsencode(games.path(title)), b"60", hell], start_new_session=True)
    try:
        eventually(lambda: any(row["game"]["title"] == title for row in daemon.json("status")["sessions"]), 10)
        for command in (("scan",), ("explain", process.pid), ("status",), ("explain", process.pid, "--json")):
            done = subprocess.run([*COMMAND, *map(str, command)], env=daemon.env, capture_output=True, timeout=30)
            assert done.returncode == 0, done.stderr
            assert b"\x1b]0;" not in done.stdout
            assert b"Traceback" not in done.stderr
    finally:
        end(process)


def test_a_second_daemon_says_which_one_runs(playing):
    daemon, _, _ = playing
    done = daemon.run("run", "--headless")
    assert done.returncode == 5
    assert str(daemon.process.pid) in done.stderr


def test_pause_resume_and_reload_do_it(playing):
    daemon, _, _ = playing
    assert "15 min" in daemon.run("pause", "--for", "15m").stdout
    assert daemon.json("status")["paused"] is True
    assert "Paused" in daemon.run("status").stdout
    assert daemon.run("resume").returncode == 0
    assert daemon.json("status")["paused"] is False
    settings = daemon.home / "config/settings.toml"
    settings.write_text("[sessions]\ngrace_secnds = 3\n")
    settings.chmod(0o600)
    refused = daemon.run("reload")
    assert refused.returncode == 1
    assert "grace_seconds" in refused.stdout
    eventually(lambda: "settings-invalid" in {c["code"] for c in daemon.json("status")["health"]["conditions"]}, 10)
    settings.write_text("[sessions]\ngrace_seconds = 3\n")
    assert daemon.run("reload").returncode == 0
    eventually(lambda: "settings-invalid" not in {c["code"] for c in daemon.json("status")["health"]["conditions"]}, 60)


def test_the_persons_rules_apply_at_once(playing):
    daemon, process, games = playing
    rules = daemon.home / "config/rules.toml"
    rules.write_text(f'[[rule]]\nkind = "game"\nexecutable = "{games.path(games.titles[0])}"\ntitle = "Mine"\n')
    rules.chmod(0o600)

    def titles():
        return [row["game"]["title"] for row in daemon.json("status")["sessions"]]

    eventually(lambda: "Mine" in titles(), 10, "the new title")
    rules.unlink()
    assert process.poll() is None


def test_watch_prints_each_event_as_it_happens(playing):
    daemon, _, games = playing
    with subprocess.Popen(
        [*COMMAND, "watch", "--json"], env=daemon.env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as watching:
        time.sleep(3.0)  # for the command to be there
        games.start(games.titles[2], 1).wait(10)
        rows = []
        while len(rows) < 2:  # other sessions may change at the same time
            row = json.loads(watching.stdout.readline())
            rows += [row] if row["session"]["game"]["title"] == games.titles[2] else []
        end(watching)
    for row in rows:
        validate(row, schemas()["watch"])
    assert [row["kind"] for row in rows] == ["started", "ended"]
    assert rows[0]["session"]["game"]["title"] == games.titles[2]


def test_the_log_has_the_session_with_one_correlation_id(playing):
    daemon, _, games = playing
    shown = daemon.run("logs", "--lines", "400").stdout
    assert f"{games.titles[0]} started" in shown
    followed = daemon.run("logs", "--json", "--lines", "400").stdout.splitlines()
    started = [json.loads(line) for line in followed if '"session-started"' in line]
    assert all(len(record["trace"]["id"]) == 32 for record in started)


def test_record_and_replay_show_the_same_session(tmp_path):
    games = ToyGames(tmp_path)
    daemon = RealDaemon(tmp_path / "home", games.env)
    daemon.home.mkdir()
    file = tmp_path / "what-happened.jsonl"
    with subprocess.Popen([*COMMAND, "record", str(file), "--seconds", "4"], env=daemon.env) as recording:
        time.sleep(1.5)
        games.start(games.titles[3], 1).wait(10)
        assert recording.wait(20) == 0
    assert oct(file.stat().st_mode)[-3:] == "600"
    replayed = [json.loads(line) for line in daemon.run("replay", file, "--json").stdout.splitlines()]
    kinds = [row["kind"] for row in replayed if row["session"]["game"]["title"] == games.titles[3]]
    assert kinds == ["started", "ended"]
    assert games.titles[3] in daemon.run("replay", file).stdout
    again = daemon.run("record", file, "--seconds", "1")
    assert again.returncode == 1
    assert "new file" in again.stderr


def test_a_session_survives_a_clean_restart_and_a_pause_too(tmp_path):
    games = ToyGames(tmp_path)
    daemon = RealDaemon(tmp_path / "home", games.env).start()
    process = games.start(games.titles[0], 120)
    try:
        (row,) = eventually(lambda: ours(daemon.json("status")["sessions"], games), 10)
        daemon.run("pause")
        assert daemon.stop() == 0
        daemon.start()
        assert daemon.json("status")["paused"] is True
        daemon.run("resume")
        (after,) = ours(daemon.json("status")["sessions"], games)
        assert (after["id"], after["started_at"]) == (row["id"], row["started_at"])
        assert "Stopped" in daemon.run("stop").stdout
        assert daemon.process.wait(5) == 0
    finally:
        end(process)
        daemon.stop()


@pytest.mark.parametrize("display", [None, "xvfb"])
def test_the_demo_shows_everything_within_ten_seconds(tmp_path, display, request):
    quiet = RealDaemon(tmp_path / "home")
    quiet.env.pop("DISPLAY", None)
    if display:
        quiet.env["DISPLAY"] = request.getfixturevalue("x_server").name
    started = time.monotonic()
    done = quiet.run("demo", timeout=40)
    assert time.monotonic() - started < 20, "ten seconds on a machine that does nothing else"
    assert done.returncode == 0, done.stderr
    for expected in ("Lantern Drift", "desktop entry", "session is open", "session was closed", "@timestamp",
                     "history kept it"):  # fmt: skip
        assert expected in done.stdout
    assert ("in a window" in done.stdout) == bool(display)


def test_the_short_way_to_the_daemon_knows_every_option_of_run_and_takes_nothing_else():
    command = next(command for command in typer.main.get_command(build()).commands.values() if command.name == "run")
    known = {option for parameter in command.params for option in parameter.opts} - {"--help", "-h"}
    assert known == {*entry.SWITCHES, *entry.VALUES, "--delay"}
    assert entry.plain_run(["run", "--headless", "--log-level", "debug", "--delay", "5"]) == {
        "headless": True,
        "log_level": "debug",
        "delay": 5.0,
    }
    assert entry.plain_run(["run", "--log-level=debug", "--supervised"]) == {"log_level": "debug", "supervised": True}
    for otherwise in (
        [],
        ["status"],
        ["run", "--help"],
        ["run", "--delay", "x"],
        ["run", "--log-level"],
        ["run", "x"],
        ["run", "--headless=yes"],
        ["run", "--log-level="],
    ):
        assert entry.plain_run(otherwise) is None, otherwise

"""The daemon as a whole, in this very process: it starts, hears of changes, answers, keeps what it knows and ends."""

import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import msgspec
import pytest
from jsonschema import validate
from real_programs import end, eventually

from gamedetectd.app import handlers
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.pause import PauseFile
from gamedetectd.config import load
from gamedetectd.control.client import Client
from gamedetectd.control.shapes import StatusRow, schemas
from gamedetectd.errors import (
    AlreadyRunningError,
    ControlError,
    DirectoryError,
    HistoryError,
    JournalError,
    NotRunningError,
)
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History
from gamedetectd.sessions.reader import HistoryReader

if sys.platform != "linux":
    pytest.skip("toy games are shell scripts with desktop entries", allow_module_level=True)

from toy_games import ToyGames


@pytest.fixture
def games(tmp_path, monkeypatch):
    """Toy games this process finds, on a machine without a screen."""
    games = ToyGames(tmp_path)
    monkeypatch.setenv("XDG_DATA_DIRS", games.env["XDG_DATA_DIRS"])
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return games


@pytest.fixture
def play(games):
    """``play()`` starts the first toy game; all end with the test."""
    started = []

    def start(number=0, seconds=60):
        started.append(games.start(games.titles[number], seconds))
        return started[-1]

    yield start
    for process in started:
        end(process)


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path / "home")


@contextmanager
def running(paths):
    """A started daemon, ended in time afterwards."""
    daemon = Daemon(paths, load(paths))
    daemon.start()
    try:
        eventually(lambda: answers(paths), what="the first answer")
        yield daemon
    finally:
        daemon.stop()


def answers(paths):
    try:
        return status(paths).running
    except (NotRunningError, ControlError):
        return False


def status(paths):
    return msgspec.convert(Client(paths).request("status"), StatusRow)


def conditions(paths):
    return {condition.code: condition for condition in status(paths).health.conditions}


def titles(paths):
    return [session.game.title for session in status(paths).sessions if session.game.title.startswith(("Toy", "My"))]


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.write_text(text)
    file.chmod(0o600)


# --- beginning and end ---


def test_it_starts_sees_a_game_and_ends_within_three_seconds(paths, games, play):
    before = set(threading.enumerate())
    with running(paths):
        play()
        eventually(lambda: titles(paths) == games.titles[:1], what="the game")
        began = time.monotonic()
    assert time.monotonic() - began < 3
    eventually(lambda: not [t for t in threading.enumerate() if t not in before], what="the end of every thread")
    with pytest.raises(NotRunningError):
        status(paths)
    with HistoryReader.open(paths.history_file) as history:
        assert [session.ended_at for session in history.sessions() if session.game.title in games.titles] == [None]


def test_a_second_one_is_told_of_the_first_which_goes_on(paths, games):
    with running(paths):
        with pytest.raises(AlreadyRunningError, match="runs as process"):
            Daemon(paths, load(paths)).start()
        assert status(paths).running


@pytest.mark.parametrize(
    ("place", "error"),
    [("data", DirectoryError), ("data/history.db/x", HistoryError), ("state/journal.jsonl/x", JournalError)],
)
def test_a_start_that_fails_leaves_nothing_behind(paths, games, tmp_path, place, error):
    in_the_way = tmp_path / "home" / place
    in_the_way.parent.mkdir(parents=True, mode=0o700)
    in_the_way.write_text("a file, or a directory, where none should be")
    before = set(threading.enumerate())
    with pytest.raises(error) as told:
        Daemon(paths, load(paths)).start()
    assert told.value.remedy
    assert not [thread for thread in threading.enumerate() if thread not in before]
    in_the_way.unlink()
    if in_the_way.parent.name not in ("home", "data"):
        in_the_way.parent.rmdir()
    with running(paths):
        assert status(paths).running, "the lock was given back"


def test_a_reload_asked_for_too_early_or_too_late_hurts_nobody(paths, games):
    daemon = Daemon(paths, load(paths))
    daemon.ask_to_reload()
    with pytest.raises(ControlError, match="still starting"):
        handlers.Handlers(daemon).reload({})
    daemon.start()
    daemon.stop()
    daemon.ask_to_reload()


def test_stop_over_the_control_channel_makes_wait_return(paths, games):
    with running(paths) as daemon:
        assert not daemon.wait(0.01)
        Client(paths).request("stop")
        assert daemon.wait(5)


def test_a_session_outlives_a_clean_restart_and_one_that_ended_meanwhile_is_closed(paths, games, play):
    stays, goes = play(0), play(1)
    with running(paths):
        eventually(lambda: set(titles(paths)) == set(games.titles[:2]), what="both games")
        before = {session.game.title: session for session in status(paths).sessions}
    end(goes)
    with running(paths):
        eventually(lambda: titles(paths) == games.titles[:1], what="the game that stayed")
        (after,) = [session for session in status(paths).sessions if session.game.title == games.titles[0]]
        assert (after.id, after.started_at) == (before[games.titles[0]].id, before[games.titles[0]].started_at)
        with HistoryReader.open(paths.history_file) as history:
            (closed,) = [session for session in history.sessions() if session.game.title == games.titles[1]]
        assert closed.ended_at is not None
        assert closed.ended_by == "lost"
        end(stays)
        eventually(lambda: titles(paths) == [], what="the end of the last game")


# --- settings and rules ---


def test_settings_that_are_saved_apply_and_a_mistake_keeps_the_old_ones(paths, games):
    with running(paths) as daemon:
        write(paths.settings_file, "[sessions]\ngrace_seconds = 7\n[watch]\npoll_interval = 3\n")
        eventually(lambda: daemon.processes.poll_interval == 3.0, what="the new interval")
        assert daemon.settings.sessions.grace_seconds == 7
        write(paths.settings_file, "[sessions]\ngrace_seconds = 'long'\n")
        told = eventually(lambda: conditions(paths).get("settings-invalid"), what="the condition")
        assert "grace_seconds" in told.message
        assert "config/settings.toml:2" in told.message
        assert told.remedy
        assert daemon.settings.sessions.grace_seconds == 7
        write(paths.settings_file, "[watch]\nprocess_source = 'polling'\n")
        told = eventually(lambda: conditions(paths).get("restart-needed"), what="the wish for a restart")
        assert "watch.process_source" in told.message
        eventually(lambda: "settings-invalid" not in conditions(paths), what="the mistake being forgotten")
        assert daemon.settings.watch.process_source == "auto"


def test_reload_answers_what_it_did(paths, games):
    with running(paths):
        client = Client(paths)
        assert client.request("reload") == {"lines": ["Settings and rules are in force."], "fine": True}
        write(paths.settings_file, "[logging]\nlevel = 'warning'\n")
        reply = client.request("reload")
        assert reply["fine"]
        write(paths.rules_file, "[[rule]]\nkind = 'toy'\n")
        reply = client.request("reload")
        assert not reply["fine"]
        assert any("kind" in line for line in reply["lines"])
        eventually(lambda: "rules-invalid" in conditions(paths), what="a condition")
        write(paths.rules_file, "[[rule\n")
        assert "Your rules cannot be read; the earlier ones stay in force." in client.request("reload")["lines"]


def test_rules_rename_and_ignore_a_game_that_is_being_played(paths, games, play):
    rule = f'[[rule]]\nkind = "{{}}"\nexecutable = "{games.path(games.titles[0])}"\n{{}}'
    play()
    with running(paths):
        eventually(lambda: titles(paths) == games.titles[:1], what="the game")
        write(paths.rules_file, rule.format("game", 'title = "My Own Name"\n'))
        eventually(lambda: titles(paths) == ["My Own Name"], what="the name the person gave")
        write(paths.rules_file, rule.format("ignore", ""))
        eventually(lambda: titles(paths) == [], what="the game being no game")
        with HistoryReader.open(paths.history_file) as history:
            assert not history.sessions(game="My Own Name"), "what is no game was not played"


# --- pausing ---


def test_a_pause_holds_over_restarts_until_it_is_resumed(paths, games, play):
    with running(paths):
        assert Client(paths).request("pause", seconds=None) == {"paused_until": None}
        play()
        assert status(paths).paused
    with running(paths):
        seen = status(paths)
        assert (seen.paused, seen.paused_until) == (True, None)
        assert titles(paths) == []
        Client(paths).request("resume")
        eventually(lambda: titles(paths) == games.titles[:1], what="the game that was there all the time")
    with running(paths):
        assert not status(paths).paused


def test_a_pause_ends_by_itself(paths, games, play):
    with running(paths):
        Client(paths).request("pause", seconds=0.8)
        play()
        assert status(paths).paused
        eventually(lambda: not status(paths).paused, what="the end of the pause")
        eventually(lambda: titles(paths) == games.titles[:1], what="the game")


@pytest.mark.parametrize("seconds", [0, -1, True, "15m", 1e99, [1], {}])
def test_a_pause_that_makes_no_sense_is_refused(paths, games, seconds):
    with running(paths):
        with pytest.raises(ControlError, match="makes no sense"):
            Client(paths).request("pause", seconds=seconds)
        assert not status(paths).paused


@pytest.mark.parametrize(
    ("content", "until"),
    [
        (b'{"until": 1000.5}', 1000.5),
        (b'{"until": null}', float("inf")),
        (b"{}", float("inf")),
        (b"", None),
        (b'{"until": 1e300}', None),
        (b'{"until": -1}', None),
        (b'{"until": "tomorrow"}', None),
        (b"\xff\xfe\x00", None),
        (b"[" * 100_000, None),
        (b" " * 5_000_000 + b"{}", None),
    ],
)
def test_what_a_remembered_pause_says(tmp_path, content, until):
    file = tmp_path / "pause.json"
    file.write_bytes(content)
    file.chmod(0o600)
    assert PauseFile(file).read() == until


def test_a_pause_that_cannot_be_remembered_is_told_and_holds_until_the_end(paths, games, tmp_path):
    with running(paths):
        (paths.state / "pause.json").mkdir()
        (paths.state / "pause.json" / "x").touch()
        Client(paths).request("pause", seconds=None)
        assert status(paths).paused
        Client(paths).request("resume")
        assert not status(paths).paused
    log = paths.event_log_file.read_text()
    assert "the pause will not outlast a restart" in log
    assert "the pause may come back after a restart" in log


# --- what it says of itself ---


def test_status_is_what_its_schema_says_and_events_are_heard(paths, games, play):
    with running(paths):
        heard = []
        listening = threading.Thread(target=lambda: heard.extend(Client(paths).stream("watch")), daemon=True)
        listening.start()
        process = play()
        eventually(lambda: titles(paths) == games.titles[:1], what="the game")
        validate(Client(paths).request("status"), schemas()["status"])
        counters = status(paths).counters
        assert counters["judgements"] >= 1
        assert counters["log_lines_lost"] == 0
        end(process)
        eventually(lambda: "ended" in [event["kind"] for event in heard], what="the end on the channel")
        eventually(lambda: status(paths).counters["backlog_event_log"] == 0, what="the log being up to date")
    listening.join(5)
    assert not listening.is_alive(), "who listens is told of the end"
    for event in heard:
        validate(event, schemas()["watch"])


def test_sensors_that_cannot_work_here_are_told_as_information(paths, games):
    with running(paths):
        told = eventually(lambda: conditions(paths).get("sensor-unsupported"), what="the condition")
        assert told.severity == "info"
        assert told.remedy
        assert status(paths).health.overall == "healthy", "information changes nothing"


def test_a_damaged_history_is_mended_told_and_kept(paths, games):
    paths.data.mkdir(parents=True, mode=0o700)
    with History.open(paths.history_file):
        pass
    data = bytearray(paths.history_file.read_bytes())
    data[:200] = bytes(200)
    paths.history_file.write_bytes(data)
    with running(paths):
        told = eventually(lambda: conditions(paths).get("history-restored"), what="the condition")
        assert "was damaged" in told.message
        assert status(paths).health.overall == "degraded"
    (aside,) = paths.data.glob("history.damaged-*.db")
    assert aside.read_bytes() == bytes(data)


# --- what stores install and lists tell while it runs ---


def test_a_game_that_is_installed_while_it_runs_is_known_within_five_seconds(paths, tmp_path, monkeypatch):
    steamapps = tmp_path / ".local/share/Steam/steamapps"
    program = steamapps / "common/Toy Box/toybox"
    program.parent.mkdir(parents=True)
    shutil.copy(shutil.which("sleep"), program)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    with running(paths):
        toy = subprocess.Popen([str(program), "60"])
        try:
            time.sleep(1.0)
            assert titles(paths) == []
            manifest = '"AppState"\n{\n"appid" "77"\n"name" "Toy Box"\n"StateFlags" "4"\n"installdir" "Toy Box"\n}\n'
            (steamapps / "appmanifest_77.acf").write_text(manifest)
            eventually(lambda: titles(paths) == ["Toy Box"], 5.0, "the session of what was installed")
            assert status(paths).sessions[0].game.id == "steam:77"
        finally:
            toy.kill()
            toy.wait()


def test_asked_to_it_reads_the_library_again_and_judges_with_other_lists(paths, games, play):
    with running(paths) as daemon:
        play()
        eventually(lambda: titles(paths) == games.titles[:1], what="the game")
        reply = Client(paths).request("refresh_library")
        assert reply["games"] == len(daemon.machine.library.games())
        before = daemon.engine.core.judgements
        assert Client(paths).request("catalogue_changed") == {}
        eventually(lambda: daemon.engine.core.judgements > before, what="another look")
        assert titles(paths) == games.titles[:1]

"""The daemon beside a Steam and a GameMode: what they say of a program that tells nothing itself is believed."""

import shutil
import sys
import time

import pytest
from real_bus import FakeGameMode
from real_programs import eventually
from steam_files import Steam

from gamedetectd.app.daemon import Daemon
from gamedetectd.app.look import explain, scan
from gamedetectd.app.machine import this_machine
from gamedetectd.config import load
from gamedetectd.paths import Paths
from gamedetectd.sessions.reader import HistoryReader

if sys.platform != "linux":
    pytest.skip("the sleeping program is Linux's", allow_module_level=True)


@pytest.fixture
def steam(tmp_path, monkeypatch):
    """A Steam that has Portal 2 and keeps a log; no screen and no other bus."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    steam = Steam(tmp_path / "share" / "Steam")
    steam.install(620, "Portal 2")
    (steam.root / "logs").mkdir()
    return steam


@pytest.fixture
def unknown(tmp_path, spawn):
    """``unknown()`` starts a program that nothing tells is a game: not its name, not its place, not its environment."""
    place = tmp_path / "odd"
    place.mkdir()
    shutil.copy(shutil.which("sleep"), place / "thing")
    return lambda: spawn(str(place / "thing"), "60")


@pytest.fixture
def daemon(tmp_path, steam):
    paths = Paths.below(tmp_path / "home")
    daemon = Daemon(paths, load(paths))
    daemon.start()
    yield daemon
    daemon.stop()


def log_line(steam, text):
    with (steam.root / "logs" / "gameprocess_log.txt").open("a") as log:
        log.write(f"[{time.strftime('%Y-%m-%d %H:%M:%S')}] {text}\n")


def played(daemon):
    return [session.game.title for session in daemon.snapshot().sessions if session.game.title == "Portal 2"]


def test_steams_log_makes_an_unknown_program_the_game_it_is(daemon, steam, unknown):
    game = unknown()
    eventually(lambda: daemon.engine.core.knows(game.pid), what="seeing the program")
    assert played(daemon) == []
    log_line(steam, f'AppID 620 adding PID {game.pid} as a tracked process "thing"')
    eventually(lambda: played(daemon) == ["Portal 2"], what="the game")
    (session,) = [one for one in daemon.snapshot().sessions if one.game.title == "Portal 2"]
    assert session.game.id == "steam:620"
    log_line(steam, f"AppID 620 no longer tracking PID {game.pid}, exit code 0")
    game.terminate()
    eventually(lambda: played(daemon) == [], what="its end")
    with HistoryReader.open(daemon.paths.history_file) as history:
        eventually(lambda: [one.ended_by for one in history.sessions() if one.game.id == "steam:620"] == ["exit"])


def test_what_was_listed_before_the_daemon_came_is_known_too(tmp_path, steam, unknown):
    game = unknown()
    log_line(steam, f"AppID 730 adding PID {game.pid + 1} as a tracked process")
    log_line(steam, f"AppID 620 adding PID {game.pid} as a tracked process")
    paths = Paths.below(tmp_path / "home")
    daemon = Daemon(paths, load(paths))
    daemon.start()
    try:
        eventually(lambda: played(daemon) == ["Portal 2"], what="the game")
    finally:
        daemon.stop()


def test_one_look_without_a_daemon_hears_them_too(tmp_path, steam, bus, unknown):
    game = unknown()
    service = FakeGameMode(bus, [game.pid])
    log_line(steam, f"AppID 620 adding PID {game.pid} as a tracked process")
    paths = Paths.below(tmp_path / "home")
    machine = this_machine(paths, load(paths))
    try:
        facts, verdict = explain(machine, (), game.pid)
        assert {signal.source for signal in facts.signals} == {"steam_log", "gamemode"}
        assert verdict.game.title == "Portal 2"
        assert "Portal 2" in [playing.session.game.title for playing in scan(machine, ())]
        bus.stop()
        assert {signal.source for signal in machine.signals()} == {"steam_log"}
    finally:
        service.stop()


def test_gamemode_alone_makes_no_game(tmp_path, steam, bus, unknown):
    game = unknown()
    service = FakeGameMode(bus, [game.pid])
    paths = Paths.below(tmp_path / "home")
    daemon = Daemon(paths, load(paths))
    daemon.start()
    try:

        def heard():
            programs = list(daemon.engine.core.programs.values())
            return [one for one in programs if any(said.source == "gamemode" for said in one.facts.signals)]

        (program,) = eventually(heard, what="GameMode's word")
        eventually(lambda: program.verdict, what="the verdict")
        assert "store.gamemode" in {reason.source for reason in program.verdict.evidence}
        assert program.verdict.game is None
    finally:
        daemon.stop()
        service.stop()

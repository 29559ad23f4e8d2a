"""The commands that do what the tray's menu does."""

import sys
from datetime import datetime, timedelta

import pytest
import typer
from real_daemon import RealDaemon

from gamedetectd.cli.control import parse_end
from gamedetectd.domain import EndedBy, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.errors import OpenError
from gamedetectd.platforms.opening import open_path
from gamedetectd.sessions.history import History

NOW = datetime(2026, 11, 25, 20, 15, 30).astimezone()


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("tomorrow", "2026-11-26T00:00"),
        (" Tomorrow ", "2026-11-26T00:00"),
        ("21:00", "2026-11-25T21:00"),
        ("8:05", "2026-11-26T08:05"),
        ("2026-11-27T08:00", "2026-11-27T08:00"),
        ("2026-11-27", "2026-11-27T00:00"),
    ],
)
def test_the_end_of_a_pause_as_people_say_it(said, end):
    assert NOW + timedelta(seconds=parse_end(said, NOW)) == datetime.fromisoformat(end).astimezone()


@pytest.mark.parametrize("said", ["yesterday", "15m", "25:00", "2026-11-24", "2031-01-01", "soon", ""])
def test_what_does_not_lie_ahead_is_wrong_usage(said):
    with pytest.raises(typer.BadParameter):
        parse_end(said, NOW)


@pytest.fixture
def quiet(tmp_path):
    return RealDaemon(tmp_path / "home")


@pytest.fixture
def opener(tmp_path, quiet):
    """A desktop whose way of opening things is to write them down."""
    if sys.platform != "linux":
        pytest.skip("xdg-open is for Linux")
    opened = tmp_path / "opened"
    script = tmp_path / "bin/xdg-open"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n')
    script.chmod(0o755)
    quiet.env["PATH"] = f"{script.parent}:{quiet.env['PATH']}"
    return opened


def test_one_setting_is_changed_and_shown(quiet):
    done = quiet.run("config", "set", "watch.poll_interval", "2")
    assert done.returncode == 0
    assert "takes it over at once" in done.stdout
    assert "poll_interval = 2.0" in (quiet.home / "config/settings.toml").read_text()
    assert "2.0" in quiet.run("config", "show").stdout
    wrong = quiet.run("config", "set", "watch.poll_interval", "99")
    assert wrong.returncode == 8
    assert "must be a number from 0.2 to 10" in wrong.stderr
    quiet.env["GAMEDETECTD_WATCH_POLL_INTERVAL"] = "3"
    assert "The environment overrules it" in quiet.run("config", "set", "watch.poll_interval", "2").stderr


def test_the_settings_file_is_made_and_opened(quiet, opener):
    assert quiet.run("open", "settings").returncode == 0
    assert opener.read_text() == str(quiet.home / "config/settings.toml")


def test_what_is_not_there_cannot_be_opened(quiet, opener):
    done = quiet.run("open", "logs")
    assert done.returncode == 1
    assert "is not there" in done.stderr
    assert quiet.run("open", "moon").returncode == 2


def test_what_may_not_be_looked_at_cannot_be_opened(monkeypatch, tmp_path):
    def refuse(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "exists", refuse)
    with pytest.raises(OpenError, match="cannot be looked at: Permission denied"):
        open_path(tmp_path)


def test_a_games_folder_is_opened(quiet, opener, tmp_path):
    (quiet.home / "data").mkdir(parents=True, mode=0o700)
    key = ProcessKey("boot", 7, 7)
    played = (("Portal 2", str(tmp_path)), ("Evil", sys.executable), ("Sol", ""))
    with History.open(quiet.home / "data/history.db") as history:
        for number, (title, folder) in enumerate(played):
            session = Session(f"s{number}", Game(f"name:{title}", title, install_dir=folder), 1e9 + number, 1.0, key,
                              (), (), 1.0, 1e9 + 60, EndedBy.EXIT)  # fmt: skip
            history.commit([SessionEvent(f"e{number}", SessionEventKind.ENDED, 1e9, session)])
    assert quiet.run("open", "folder", "portal 2").returncode == 0
    assert opener.read_text() == str(tmp_path)
    assert "is not a folder" in quiet.run("open", "folder", "Evil").stderr, "a program is not started"
    assert "has no folder of its own" in quiet.run("open", "folder").stderr
    assert "No such game was played" in quiet.run("open", "folder", "Doom").stderr


def test_check_and_a_pause_until_a_moment_reach_the_daemon(quiet):
    assert quiet.run("check").returncode == 4
    assert quiet.run("pause", "--for", "1h", "--until", "tomorrow").returncode == 2
    with quiet:
        done = quiet.run("check")
        assert done.returncode == 0
        assert "Looked again" in done.stdout
        assert quiet.run("pause", "--until", "tomorrow").returncode == 0
        assert quiet.json("status")["paused_until"] is not None

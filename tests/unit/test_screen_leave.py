"""``vision allow``: the daemon has the desktop ask, tells what came of it, and looks again."""

import json
import sys
from types import SimpleNamespace

import pytest

if sys.platform != "linux":
    pytest.skip("only desktops of Linux ask", allow_module_level=True)

from gamedetectd.app import screen_leave
from gamedetectd.app.screen_leave import COMMAND, ScreenLeave
from gamedetectd.control import client
from gamedetectd.errors import NothingToAllowError
from gamedetectd.paths import Paths
from gamedetectd.platforms.capture import portal
from gamedetectd.platforms.capture.cast_leave import Leave
from gamedetectd.platforms.capture.shown import NotShown, Outcome


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    return Paths.below(tmp_path / "home")


@pytest.fixture
def daemon(paths):
    noted = []
    audit = SimpleNamespace(record=lambda action, _message, success=True: noted.append((action, success)))
    return SimpleNamespace(
        paths=paths, audit=audit, eyes=SimpleNamespace(try_again=lambda: noted.append("again")), noted=noted
    )


@pytest.fixture
def gnome(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(screen_leave.session, "on_wayland", lambda: True)
    monkeypatch.setattr(screen_leave.grim, "fits", lambda: False)


def told_by(paths):
    """What the audit trail tells, and how it ended."""
    lines = map(json.loads, paths.audit_log_file.read_text().splitlines())
    return [(line["event"]["action"], line["event"]["outcome"]) for line in lines]


@pytest.mark.usefixtures("gnome")
def test_what_the_person_answers_is_told_and_noted(daemon, monkeypatch):
    asked = []
    monkeypatch.setattr(portal, "ask", asked.append)
    leave = ScreenLeave(daemon).handlers()[COMMAND]
    assert leave({}) == {"given": True, "why": ""}
    assert daemon.noted == [("screen-allowed", True), "again"]
    assert isinstance(asked[0], Leave)

    def refused(_leave):
        raise NotShown(Outcome.DENIED, "You did not allow it.")

    monkeypatch.setattr(portal, "ask", refused)
    assert leave({}) == {"given": False, "why": "You did not allow it."}
    assert daemon.noted[2:] == [("screen-allowed", False)]


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_where_nobody_asks_there_is_nothing_to_allow(daemon, monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(screen_leave.session, "on_wayland", lambda: True)
    monkeypatch.setattr(screen_leave.grim, "fits", lambda: True)
    with pytest.raises(NothingToAllowError):
        ScreenLeave(daemon).ask({})


def test_the_command_says_what_came_of_it(gd, monkeypatch):
    reply = {"given": True, "why": ""}
    asked = []
    monkeypatch.setattr(client.Client, "request", lambda _self, command: asked.append(command) or reply)
    done = gd("vision allow")
    assert (done.code, asked) == (0, [COMMAND])
    assert "The screen may be seen" in done.out
    assert "dialog of your desktop" in done.err
    reply.update(given=False, why="You did not allow it.")
    done = gd("vision allow")
    assert (done.code, done.out.strip()) == (1, "You did not allow it.")


def test_without_a_daemon_nobody_is_asked(gd):
    assert gd("vision allow").code != 0


def test_it_is_taken_back_without_a_daemon_too(gd, paths, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    Leave.below(paths.data).write("a token")
    assert "may not be seen any more" in gd("vision allow --revoke").out
    assert Leave.below(paths.data).read() == ""
    assert told_by(paths) == [("screen-revoked", "success")]
    assert "Nothing was allowed" in gd("vision allow --revoke").out
    assert len(told_by(paths)) == 1, "nothing was taken back the second time"

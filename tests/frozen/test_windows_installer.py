"""The installer for Windows, and what it installs, under Wine as on a person's computer."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

from real_bus import Bus
from real_programs import eventually
from real_tray import XfcePanel
from wine_machine import WineMachine, compiled, frozen_folder  # puts the next ones on the path

import make_installer  # isort: skip
from test_tray import BLUE, Screen, corner, mouse  # isort: skip
from test_tray_windows import has_tray, seen  # isort: skip

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\gamedetectd"
RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
OLD, NEW = "0.0.9", "0.1.0"
MINES = "C:\\windows\\system32\\winemine.exe"
QUEST = "C:\\Games\\Toy Quest\\ToyQuest.exe"
DAEMON = "gamedetectdw.exe"
VALUE = "canary-in-the-vault"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return frozen_folder(tmp_path_factory.mktemp("frozen"))


@pytest.fixture
def machine(tmp_path, openbox):
    machine = WineMachine(tmp_path / "machine")
    yield machine
    machine.end()


def installer(folder, place, version):
    return make_installer.make(folder, place, version, fast=True)


def files_below(folder):
    """Their paths below it, also while somebody takes them away."""
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return {path.relative_to(folder).as_posix() for path in found}


def told(machine, *command, code=0):
    """What a command says with ``--json``; Wine may say something before it."""
    said = machine.ours(*command, "--json", code=code)
    return json.loads(said[min(place for mark in "[{" if (place := said.find(mark)) >= 0) :])


def logged(machine):
    log = machine.data / "Logs" / "gamedetectd.jsonl"
    return log.read_text(encoding="utf-8") if log.exists() else ""


def sessions_open(machine):
    return told(machine, "status", code=None).get("sessions", [])


def is_up(machine):
    return told(machine, "status", code=None)["running"]


def test_installed_upgraded_while_it_runs_and_uninstalled(machine, folder, tmp_path):
    older = tmp_path / "older"
    shutil.copytree(folder, older)
    (older / "_internal" / "of-the-older-one.txt").write_text("gone with the next version")
    first, second = installer(older, tmp_path, OLD), installer(folder, tmp_path, NEW)

    machine.run(first, "/S", seconds=300)
    assert files_below(machine.installed) == files_below(older) | {"uninstall.exe"}
    row = machine.registry(UNINSTALL)
    assert (row["DisplayName"], row["DisplayVersion"], row["Publisher"]) == ("gamedetectd", OLD, "gamedetectd")
    assert row["QuietUninstallString"].endswith('uninstall.exe" /S')
    assert int(row["EstimatedSize"], 16) * 1024 == pytest.approx(make_installer_size(older), rel=0.01)
    assert files_below(machine.menu / "gamedetectd") == {"gamedetectd.lnk", "gamedetectd command line.lnk"}
    started = told(machine, "autostart", "status")
    assert (started["on"], started["this_program"]) == (True, True)
    assert DAEMON in machine.registry(RUN)["gamedetectd"]
    assert machine.pids(DAEMON) == [], "a first silent installation starts nothing"

    machine.log_in()
    eventually(lambda: is_up(machine), 90, "the start at login")
    machine.start(MINES)
    eventually(lambda: sessions_open(machine), 40, "the session")
    (before,) = sessions_open(machine)
    machine.ours("config", "set", "notifications.mode", "all")
    settings = (machine.data / "settings.toml").read_bytes()
    (machine.installed / "mine.txt").write_text("of the person's")
    daemons = machine.pids(DAEMON)

    machine.run(second, "/S", seconds=300)
    eventually(lambda: is_up(machine), 90, "the start of the newer one")
    assert not set(daemons) & set(machine.pids(DAEMON))
    (after,) = eventually(lambda: sessions_open(machine), 40, "the session after it")
    assert after["id"] == before["id"], "the game went on, and so did its session"
    assert files_below(machine.installed) == files_below(folder) | {"uninstall.exe", "mine.txt"}
    assert machine.registry(UNINSTALL)["DisplayVersion"] == NEW
    assert (machine.data / "settings.toml").read_bytes() == settings
    assert told(machine, "autostart", "status")["on"]

    machine.run(machine.installed / "uninstall.exe", "/S", seconds=120)
    eventually(lambda: files_below(machine.installed) == {"mine.txt"}, 60, lambda: str(files_below(machine.installed)))
    assert machine.pids(DAEMON) == []
    assert machine.registry(UNINSTALL) == {}
    assert "gamedetectd" not in machine.registry(RUN)
    assert not (machine.menu / "gamedetectd").exists()
    assert (machine.data / "history.db").is_file()

    machine.run(second, "/S", "/NOAUTOSTART", "/NOMENU", "/NOVISION", seconds=300)
    without = files_below(folder) - {
        path.relative_to(folder).as_posix() for path in make_installer.vision_files(folder)
    }
    assert files_below(machine.installed) == without | {"uninstall.exe", "mine.txt"}
    assert told(machine, "autostart", "status")["on"] is False
    assert not (machine.menu / "gamedetectd").exists()
    assert [row["game"]["title"] for row in told(machine, "sessions")] == ["WineMine"], "the history was kept"
    said = machine.ours("vision", "test", picture(tmp_path), code=1)
    assert "gamedetectd-vision" in said, "it says what is missing"
    machine.run(second, "/S", seconds=300)
    assert files_below(machine.installed) == without | {"uninstall.exe", "mine.txt"}, "an upgrade leaves it out too"
    machine.run(machine.installed / "uninstall.exe", "/S", "/KEEPHISTORY=no", seconds=120)
    eventually(lambda: not machine.data.exists(), 60, "the end of the history")
    assert files_below(machine.installed) == {"mine.txt"}


def make_installer_size(folder):
    return sum(file.stat().st_size for file in make_installer.files(folder))


def test_the_frozen_program_at_work(machine, folder, tmp_path, x_server, spawn, monkeypatch):
    name = x_server.name
    bus = Bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    panel = XfcePanel(spawn, bus, name, tmp_path / "desk")
    bus.start()
    panel.start()
    eventually(lambda: has_tray(name), 20, "the tray")
    machine.installed.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder, machine.installed)
    quest = machine.unix(QUEST)
    quest.parent.mkdir(parents=True)
    compiled(Path(__file__).with_name("toy_quest.c"), quest)
    screen = Screen(name)
    try:
        assert "This installation works" in machine.ours("doctor", "--self-test", seconds=240)
        assert "Kept in the keyring" in machine.ours("secret", "set", "mqtt", given=VALUE + "\r\n")
        assert [row["name"] for row in told(machine, "secret", "list")["secrets"]] == ["mqtt"]

        seen_in_it = told(machine, "vision", "test", picture(tmp_path))
        assert 0 < seen_in_it["game_probability"] < 1

        daemon = machine.start(machine.installed / DAEMON, "run")
        eventually(lambda: is_up(machine), 90, "the daemon")
        eventually(lambda: seen(name, BLUE), 60, "its icon")
        mines = machine.start(MINES)
        eventually(lambda: "WineMine is being played" in logged(machine), 40, "the session of winemine")
        toy = machine.start(QUEST)
        pid = eventually(lambda: machine.pids("ToyQuest.exe"), 20, "the other program")
        why = eventually(lambda: explained(machine, "ToyQuest.exe"), 40, "its explanation")
        assert "Toy Quest is being played" not in logged(machine)
        assert "ToyQuest.exe" in why
        machine.ours("game", "add", QUEST, "--title", "Toy Quest")
        eventually(lambda: "Toy Quest is being played" in logged(machine), 40, "the session of what a rule names")
        front = {row["game"]["title"]: row for row in sessions_open(machine)}
        assert set(front) == {"WineMine", "Toy Quest"}

        killed = machine.pids(DAEMON)
        for one in killed:
            os.kill(one, signal.SIGKILL)  # what TerminateProcess does under Wine
        daemon.wait(20)
        machine.start(machine.installed / DAEMON, "run")
        eventually(lambda: is_up(machine), 90, "the next daemon")
        eventually(lambda: seen(name, BLUE) or True, 5)
        again = {row["game"]["title"]: row["id"] for row in eventually(lambda: both(machine), 40, "both sessions")}
        assert again == {title: row["id"] for title, row in front.items()}, "no session was lost"

        for one in (*pid, *machine.pids("winemine.exe")):
            os.kill(one, signal.SIGKILL)
        toy.wait(10)
        mines.wait(10)
        eventually(lambda: logged(machine).count("is no longer played") == 2, 40, "the end of both")
        played = {row["game"]["title"]: row for row in told(machine, "sessions")}
        assert set(played) == {"WineMine", "Toy Quest"}
        assert played["Toy Quest"]["foreground_seconds"] > 0
        assert all("@timestamp" in json.loads(line) for line in logged(machine).splitlines())
        assert VALUE not in logged(machine)

        eventually(lambda: corner(name), 10, "the icon")
        before = set(screen.menus())
        _, top, right, bottom = corner(name)
        mouse("mousemove", right - 18, (top + bottom) // 2, "click", 3)
        x, y, _width, height = screen.new_menu(before)
        mouse("mousemove", x + 30, y + height - 12, "click", 1)
        eventually(lambda: not machine.pids(DAEMON), 20, "the end by a click on Quit")
    finally:
        screen.close()
        bus.stop()


def picture(place):
    """A picture to look at."""
    Image.effect_noise((640, 400), 90).convert("RGB").save(place / "picture.png")
    return place / "picture.png"


def both(machine):
    found = sessions_open(machine)
    return found if len(found) == 2 else None


def explained(machine, program):
    said = machine.ours("explain", program, code=None)
    return said if program in said else None

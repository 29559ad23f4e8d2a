"""The tray of a real daemon on a bus of its own: clicks become deeds, and whatever fails is told and ends nothing."""

import json
import os
import sys
import threading
import time

import pytest
from real_bus import Bus
from real_daemon import RealDaemon
from real_programs import end, eventually

if sys.platform != "linux":
    pytest.skip("the session bus is for Linux", allow_module_level=True)

from real_tray import Caller, FakeBubbles, FakeWatcher, Icon
from toy_games import ToyGames

from gamedetectd import i18n
from gamedetectd.app import tray as module
from gamedetectd.app.daemon import Daemon
from gamedetectd.app.tray import Tray
from gamedetectd.config import load
from gamedetectd.config.edit import set_option
from gamedetectd.paths import Paths
from gamedetectd.vision import model_files


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A home, an empty path for programs, and no display."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def bus(place, monkeypatch):
    dbus_daemon = "/usr/bin/dbus-daemon"
    if not os.path.exists(dbus_daemon):  # noqa: PTH110 - a fixed place
        pytest.skip("dbus-daemon is not installed: apt-get install -y --no-install-recommends dbus")
    (place / "programs/dbus-daemon").symlink_to(dbus_daemon)
    bus = Bus(place)
    bus.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    yield bus
    bus.stop()


@pytest.fixture
def games(place, monkeypatch):
    games = ToyGames(place)
    monkeypatch.setenv("XDG_DATA_DIRS", games.env["XDG_DATA_DIRS"])
    return games


class Running:
    """A daemon with its tray in a thread of its own, and what the person sees of it."""

    def __init__(self, paths):
        self.paths = paths
        self.daemon = Daemon(paths, load(paths))
        self.daemon.start()
        self.tray = Tray(self.daemon)
        self.thread = threading.Thread(target=self.tray.run)
        self.thread.start()

    def end(self):
        began = time.monotonic()
        self.daemon.ask_to_stop()
        self.thread.join(3)
        assert not self.thread.is_alive()
        self.daemon.stop()
        assert time.monotonic() - began < 4

    def playing(self):
        return [
            one.game.title for one in self.daemon.snapshot().sessions if one.game.title.startswith(("Toy", "Right"))
        ]


@pytest.fixture
def running(bus, games, place):
    running = Running(Paths.below(place / "home"))
    yield running
    running.end()


@pytest.fixture
def icon(bus, running):
    watcher, caller = FakeWatcher(bus.address), Caller(bus.address)
    yield Icon(caller).wait(10)
    caller.close()
    watcher.stop()


@pytest.fixture
def bubbles(bus):
    bubbles = FakeBubbles(bus.address)
    yield bubbles
    bubbles.stop()


@pytest.fixture
def game(games, running, place):
    """A game is being played; shell and sleep are where it finds them."""
    for name in ("sleep", "sh"):
        (place / "programs" / name).symlink_to(f"/bin/{name}")
    process = games.start(games.titles[0], 60)
    eventually(running.playing, 10, "the game")
    yield process
    end(process)


def program(place, name, script):
    """A program of the desktop's, as far as the tray uses it."""
    file = place / "programs" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_the_right_name_is_asked_for_and_kept(icon, running, game, place):
    program(place, "zenity", f'printf "%s\\n" "$@" > {place}/asked; echo "Right -- Name"')
    icon.click("Wrong name …")
    eventually(lambda: running.playing() == ["Right -- Name"], 20, "the name")
    asked = (place / "asked").read_text()
    assert "What is the right name of Toy" in asked
    eventually(lambda: icon.tooltip().startswith("Right -- Name"), what="the tooltip")


def test_without_a_window_to_ask_it_says_how(icon, running, game, bubbles):
    icon.click("Wrong name …")
    title, text = eventually(lambda: bubbles.seen and bubbles.seen[0], 10, "the bubble")
    assert title == "Wrong name?"
    assert "gamedetectd game rename" in text


def test_who_closes_the_window_changes_nothing(icon, running, game, place):
    program(place, "kdialog", f": > {place}/asked; exit 1")
    icon.click("Wrong name …")
    eventually((place / "asked").exists, 10, "the question")
    time.sleep(0.3)
    assert not running.paths.rules_file.exists()


def test_folders_and_the_settings_file_are_opened(icon, running, place):
    program(place, "xdg-open", f'echo "$1" >> {place}/opened')
    icon.click("Open log folder")
    eventually((place / "opened").exists, what="the folder")
    icon.click("Open settings file")
    eventually(lambda: len((place / "opened").read_text().splitlines()) == 2, what="the file")
    assert (place / "opened").read_text().splitlines() == [str(running.paths.log), str(running.paths.settings_file)]
    assert "#enabled = true" in running.paths.settings_file.read_text()


@pytest.mark.parametrize("script", [None, "exit 4"], ids=["no opener", "an opener that fails"])
def test_what_cannot_be_opened_is_told(icon, bubbles, place, script):
    if script:
        program(place, "xdg-open", script)
    icon.click("Open log folder")
    title, text = eventually(lambda: bubbles.seen and bubbles.seen[0], 10, "the bubble")
    assert title == "It cannot be opened"
    assert "Open it yourself: " in text


def test_choices_are_written_and_in_force_at_once(icon, running):
    icon.click("All")
    eventually(lambda: running.daemon.settings.notifications.mode == "all", what="the setting")
    eventually(lambda: icon.row("All")[2]["toggle-state"] == 1, what="the mark")
    assert load(running.paths).notifications.mode == "all"


def test_looking_at_the_screen_is_switched_by_a_click(icon, running, monkeypatch):
    monkeypatch.setattr(model_files, "missing_reason", lambda: None)
    icon.click("Look at the screen where nothing else tells")
    eventually(lambda: load(running.paths).vision.enabled, 10, "the setting")
    eventually(lambda: running.daemon.eyes.row().enabled, 10, "that it is on")
    icon.click("Look at the screen where nothing else tells")
    eventually(lambda: not running.daemon.eyes.row().enabled, 10, "that it is off")


@pytest.mark.skipif("de" not in i18n.languages(), reason="there is no German yet")
def test_another_language_is_spoken_at_once(icon, running):
    set_option(running.paths, "general.language", "de")
    try:
        eventually(lambda: "Beenden" in icon.labels(), 10, "German")
        eventually(lambda: icon["IconAccessibleDesc"] == i18n._("Watching for games"), what="what a screen reader says")
    finally:
        i18n.install("en")


def test_starting_at_login_is_switched(icon, place):
    assert icon.row("Start at login")[2]["toggle-state"] == 0
    icon.click("Start at login")
    entry = place / "config/autostart/gamedetectd.desktop"
    eventually(entry.exists, what="the entry")
    eventually(lambda: icon.row("Start at login")[2]["toggle-state"] == 1, what="the mark")
    icon.click("Start at login")
    eventually(lambda: icon.row("Start at login")[2]["toggle-state"] == 0, what="the end of it")


def test_check_now_looks_at_the_settings_again(icon, running):
    running.paths.settings_file.write_text("[tray\n")
    icon.click("Check now")
    eventually(lambda: "The settings have an error" in icon.tooltip(), 10, "what is wrong")
    assert "config check" in icon.tooltip()


def test_a_pause_until_tomorrow_ends_then(icon, running):
    icon.click("Until tomorrow")
    eventually(lambda: running.daemon.engine.paused_until is not None, what="the pause")
    left = running.daemon.engine.paused_until - time.time()
    assert 0 < left <= 25 * 3600
    icon.click("Resume watching")
    eventually(lambda: running.daemon.engine.paused_until is None, what="the end of the pause")


def test_a_tray_that_fails_is_tried_again_and_the_daemon_goes_on(bus, games, place, monkeypatch):
    attempts = []

    def broken(*_arguments, **_options):
        attempts.append(1)
        raise ValueError("no icon today")

    monkeypatch.setattr(module, "make_icon", broken)
    running = Running(Paths.below(place / "home"))
    try:
        eventually(lambda: len(attempts) >= 2, what="the second attempt")
        assert running.thread.is_alive()
        assert "no icon today" in running.tray._worker.last_error
        assert running.daemon.snapshot().version
    finally:
        running.end()


def test_where_there_is_no_desktop_it_runs_and_ends_like_any_daemon(place, games, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place / "nothing"))
    daemon = RealDaemon(place / "home", games.env, arguments=())
    with daemon:
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < 3


def test_a_tray_that_is_not_wanted_is_not_there(bus, place, games):
    watcher = FakeWatcher(bus.address)
    home = place / "home"
    (home / "config").mkdir(parents=True, mode=0o700)
    settings = home / "config/settings.toml"
    settings.write_text("[tray]\nenabled = false\n")
    settings.chmod(0o600)
    with RealDaemon(home, games.env, arguments=()) as daemon:
        time.sleep(0.5)
        assert watcher.items == []
        told = json.loads(daemon.run("status", "--json").stdout)["health"]["conditions"]
        assert not [one for one in told if "tray" in one["code"]]
    watcher.stop()

"""The icon in real trays: what it shows, that clicks do what they say, and that it outlasts whatever goes away."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

if sys.platform != "linux":
    pytest.skip("trays of Linux desktops", allow_module_level=True)

from PIL import Image
from real_bus import Bus
from real_daemon import RealDaemon
from real_programs import end, eventually, find_program
from real_tray import Caller, Icon, XfcePanel
from toy_games import ToyGames
from Xlib import X, display, error

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(120)]

GREEN, ORANGE, BLUE, RED = (0, 158, 115), (214, 137, 0), (46, 134, 193), (213, 70, 0)
END_SECONDS = 3.0


@pytest.fixture
def bus(tmp_path, monkeypatch):
    """A session bus of its own, not started yet, so that services can be added."""
    bus = Bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    yield bus
    bus.stop()


@pytest.fixture
def panel(bus, openbox, x_server, spawn, tmp_path):
    """xfce4-panel with a tray at the bottom of the screen."""
    panel = XfcePanel(spawn, bus, x_server.name, tmp_path / "desk")
    bus.start()
    return panel.start()


@pytest.fixture
def games(tmp_path):
    return ToyGames(tmp_path)


@pytest.fixture
def daemon(tmp_path, games, bus):
    """The daemon as a login starts it; the test starts it when the desktop is there."""
    daemon = RealDaemon(tmp_path / "home", games.env, arguments=())
    yield daemon
    began = time.monotonic()
    daemon.stop()
    assert time.monotonic() - began < END_SECONDS + 1, "it ends when told"


@pytest.fixture
def play(games):
    """A game without a window, so that it outlasts the X server."""
    started = []

    def start():
        started.append(games.start(games.titles[0], 300))
        return started[-1]

    yield start
    for process in started:
        end(process)


@pytest.fixture
def icon(bus, panel, daemon):
    """The icon as the panel has it."""
    daemon.start()
    caller = Caller(bus.address)
    yield Icon(caller).wait()
    caller.close()


def shot(name):
    """The screen as a picture."""
    from PIL import ImageGrab

    return ImageGrab.grab(xdisplay=name).convert("RGB")


def has(picture, colour, box=None, *, near=14, pixels=25):
    """Whether a colour is to be seen on more than so many pixels, but for what scaling does to it."""
    counts = (picture.crop(box) if box else picture).getcolors(1 << 24)
    fitting = (n for n, seen in counts if all(abs(a - b) < near for a, b in zip(seen, colour, strict=True)))
    return sum(fitting) > pixels


def corner(name):
    """Where the tray is: the end of the panel."""
    width, height = shot(name).size
    return (width - 60, height - 40, width, height)


def status(daemon):
    return daemon.json("status")


def conditions(daemon):
    return {one["code"]: one for one in status(daemon)["health"]["conditions"]}


def playing(daemon):
    return [session["game"]["title"] for session in status(daemon)["sessions"]]


# --- what is seen, and clicks ---


def mouse(*arguments):
    subprocess.run([find_program("xdotool"), *map(str, arguments)], check=True, timeout=10)


class Screen:
    """Menus on the screen, as places for the mouse."""

    def __init__(self, name):
        self._display = display.Display(f"unix{name}")

    def menus(self):
        """Id and place of every open menu."""
        found = {}
        for window in self._display.screen().root.query_tree().children:
            with suppress(error.BadWindow, error.BadDrawable):
                attributes, geometry = window.get_attributes(), window.get_geometry()
                if attributes.map_state == X.IsViewable and attributes.override_redirect and geometry.height > 60:
                    found[window.id] = (geometry.x, geometry.y, geometry.width, geometry.height)
        return found

    def new_menu(self, before=()):
        return eventually(
            lambda: next((place for one, place in self.menus().items() if one not in before), None), 5, "a menu"
        )

    def close(self):
        with suppress(error.ConnectionClosedError):  # the test ended the server
            self._display.close()


def place_of(menu, items, text, margin=5):
    """The middle of an item: GTK draws all of one height, and lines between them of one px."""
    x, y, width, height = menu
    lines = sum(not label for label in items)
    row = (height - 2 * margin - lines) / (len(items) - lines)
    top = y + margin
    for label in items:
        if text in label and label:
            return round(x + width / 3), round(top + row / 2)
        top += row if label else 1
    raise AssertionError(f"no {text!r} in {items}")


def labels(node):
    return [
        properties.get("label", ("s", ""))[1].replace("_", "")
        for _, (_, properties, _) in node[2]
        if properties.get("visible", ("b", True))[1]
    ]


@pytest.fixture
def screen(x_server):
    screen = Screen(x_server.name)
    yield screen
    screen.close()


def open_menu(screen, name, icon, *texts):
    """Click on the icon with the mouse, go along the submenus, and click on the last of ``texts``."""
    _, top, right, bottom = corner(name)
    before = set(screen.menus())
    node = icon.layout()
    mouse("mousemove", right - 16, (top + bottom) // 2, "click", 1)
    menu = screen.new_menu(before)
    for text in texts:
        before = set(screen.menus())
        x, y = place_of(menu, labels(node), text)
        mouse("mousemove", x, y, "mousemove", x + 3, y)
        if text is texts[-1]:
            mouse("click", 1)
            return
        node = next(child for _, child in node[2] if text in child[1].get("label", ("s", ""))[1].replace("_", ""))
        menu = screen.new_menu(before)


def test_a_real_game_changes_the_icon_and_the_menu_tells_it(icon, daemon, spawn, x_server):
    name = x_server.name
    eventually(lambda: has(shot(name), BLUE, corner(name)), 5, "the ring of watching in the panel")
    assert icon["IconAccessibleDesc"] == "Watching for games"
    assert icon.tooltip() == "No game is being played"
    game = spawn("quadrapassel", env={"LIBGL_ALWAYS_SOFTWARE": "1"})
    eventually(lambda: icon["IconAccessibleDesc"] == "A game is being played", 10, "the icon of playing")
    eventually(lambda: has(shot(name), GREEN, corner(name)), 5, "the triangle of playing in the panel")
    assert icon.tooltip().startswith("Quadrapassel, ")
    first = icon.row("Quadrapassel")
    assert "Quadrapassel, less than a minute" in first[1]
    assert first[2]["accessible-desc"] == "Quadrapassel has been played for less than a minute"
    assert any("category Game" in label for label in icon.labels()), "the submenu says why"
    end(game)
    eventually(lambda: icon["IconAccessibleDesc"] == "Watching for games", 15, "the icon of watching")
    eventually(lambda: has(shot(name), BLUE, corner(name)), 5, "the ring again")
    assert any(label.startswith("Quadrapassel, ") for label in icon.labels()), "it is among the last sessions"


def test_what_is_wrong_is_seen_and_told_and_so_is_its_end(icon, daemon, x_server):
    name = x_server.name
    settings = daemon.home / "config/settings.toml"
    settings.write_text("[watch\n")
    settings.chmod(0o600)
    eventually(lambda: has(shot(name), RED, corner(name)), 15, "the triangle of attention in the panel")
    assert icon["Status"] == "NeedsAttention"
    assert "config check" in icon.tooltip()
    assert any(label.startswith("Attention: The settings have an error") for label in icon.labels())
    settings.write_text("")
    eventually(lambda: has(shot(name), BLUE, corner(name)), 15, "the ring again")
    assert icon["Status"] == "Active"


def test_clicks_over_the_bus_do_what_they_say(icon, daemon, play):
    play()
    eventually(lambda: playing(daemon), 10, "the game")
    icon.click("For 15 minutes")
    eventually(lambda: status(daemon)["paused"], 5, "the pause")
    assert status(daemon)["paused_until"] is not None
    eventually(lambda: icon["IconAccessibleDesc"] == "Paused", 5, "the icon of the pause")
    icon.click("Resume watching")
    eventually(lambda: not status(daemon)["paused"], 5, "the end of the pause")
    icon.click("Until I resume it")
    eventually(lambda: status(daemon)["paused"], 5, "the pause")
    assert status(daemon)["paused_until"] is None
    icon.click("Resume watching")
    eventually(lambda: playing(daemon), 10, "the game again")
    icon.click("This is not a game")
    eventually(lambda: not playing(daemon), 10, "that it counts no more")
    icon.click("None")
    eventually(lambda: icon.row("None")[2]["toggle-state"] == 1, 5, "the choice")
    assert 'mode = "none"' in (daemon.home / "config/settings.toml").read_text()
    began = time.monotonic()
    icon.click("Quit")
    assert daemon.process.wait(END_SECONDS) == 0
    assert time.monotonic() - began < END_SECONDS


def test_clicks_with_the_mouse_do_what_they_say(icon, daemon, play, screen, x_server):
    name = x_server.name
    eventually(lambda: has(shot(name), BLUE, corner(name)), 5, "the icon in the panel")
    play()
    eventually(lambda: has(shot(name), GREEN, corner(name)), 10, "the game's icon in the panel")
    open_menu(screen, name, icon, "Pause", "For 15 minutes")
    eventually(lambda: status(daemon)["paused"], 5, "the pause")
    eventually(lambda: has(shot(name), ORANGE, corner(name)), 5, "the bars of the pause")
    open_menu(screen, name, icon, "Resume watching")
    eventually(lambda: playing(daemon), 10, "the game again")
    eventually(lambda: has(shot(name), GREEN, corner(name)), 5, "the game's icon again")
    open_menu(screen, name, icon, "Toy", "This is not a game")
    eventually(lambda: not playing(daemon), 10, "that it counts no more")
    eventually(lambda: has(shot(name), BLUE, corner(name)), 5, "the icon of watching")
    open_menu(screen, name, icon, "Quit")
    assert daemon.process.wait(END_SECONDS) == 0


# --- whatever goes away ---


def test_the_icon_comes_back_with_the_panel(icon, daemon, panel, play):
    play()
    eventually(lambda: playing(daemon), 10, "the game")
    panel.kill()
    eventually(lambda: not icon.names(), 5, "the end of the panel")
    panel.start()
    icon.wait()
    assert icon.tooltip().startswith("Toy")
    assert playing(daemon), "the session goes on"


def test_it_comes_back_with_the_session_bus_and_health_says_what_is_missing(icon, daemon, bus, panel, play):
    play()
    eventually(lambda: playing(daemon), 10, "the game")
    session = status(daemon)["sessions"][0]["id"]
    icon.caller.close()
    panel.kill()
    bus.stop()
    eventually(lambda: "tray-unavailable" in conditions(daemon), 20, "the condition")
    assert daemon.process.poll() is None
    bus.start()
    panel.start()
    caller = Caller(bus.address)
    try:
        assert Icon(caller).wait(30).tooltip().startswith("Toy")
    finally:
        caller.close()
    assert [one["id"] for one in status(daemon)["sessions"]] == [session], "the session went on"


def test_a_killed_x_server_ends_neither_the_daemon_nor_the_session(icon, daemon, panel, play, x_server):
    play()
    eventually(lambda: playing(daemon), 10, "the game")
    session = status(daemon)["sessions"][0]["id"]
    os.kill(x_server.pid, 9)
    eventually(lambda: not icon.names(), 10, "the end of the panel")
    time.sleep(1)
    assert daemon.process.poll() is None
    assert [one["id"] for one in status(daemon)["sessions"]] == [session]
    x_server.stop()
    x_server.start()
    panel.start()
    icon.wait()
    assert [one["id"] for one in status(daemon)["sessions"]] == [session]


def test_a_panel_that_hangs_does_not_hold_up_the_end(icon, daemon, panel, play):
    os.kill(panel.process.pid, signal.SIGSTOP)
    try:
        play()
        eventually(lambda: playing(daemon), 10, "the game, all the same")
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < END_SECONDS
    finally:
        os.kill(panel.process.pid, signal.SIGCONT)


def test_gnome_without_its_extension_is_told_with_the_remedy(bus, daemon, monkeypatch):
    bus.start()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
        daemon.env.pop(name, None)
    daemon.env["XDG_CURRENT_DESKTOP"] = "ubuntu:GNOME"
    daemon.start()
    told = eventually(lambda: conditions(daemon).get("tray-extension-missing"), 20, "the condition")
    assert "AppIndicator" in told["remedy"]
    assert daemon.stop() == 0


# --- trays that embed windows ---


@pytest.fixture
def trayer(bus, openbox, spawn):
    bus.start()

    def start():
        return spawn("trayer", "--edge", "bottom", "--align", "right", "--height", 32, "--widthtype", "pixel",
                     "--width", 64, "--transparent", "false", "--tint", "0xffffff")  # fmt: skip

    return start


def test_an_older_tray_shows_the_icon_and_its_menu_pauses(trayer, daemon, play, screen, x_server):
    name = x_server.name
    tray = trayer()
    play()
    daemon.start()
    eventually(lambda: has(shot(name), GREEN), 15, "the icon in trayer")
    before = set(screen.menus())
    mouse("mousemove", *middle_of(shot(name), GREEN), "click", 1)
    x, y, _, _ = screen.new_menu(before)
    mouse("mousemove", x + 40, y + 4 + rows_above(daemon, "Pause"), "click", 1)  # its submenu takes the menu's place
    time.sleep(0.5)
    ((x, y, _, _),) = [place for one, place in screen.menus().items() if one not in before]
    mouse("mousemove", x + 60, y + 4 + 24 + 12, "click", 1)
    eventually(lambda: status(daemon)["paused"], 5, "the pause")
    eventually(lambda: has(shot(name), ORANGE), 5, "the bars of the pause in trayer")
    end(tray)
    time.sleep(0.5)
    trayer()
    eventually(lambda: has(shot(name), ORANGE), 15, "the icon in the new tray")
    os.kill(x_server.pid, 9)
    time.sleep(1)
    assert daemon.process.poll() is None
    x_server.stop()


def rows_above(daemon, text):
    """How far down that row is in our own menu: rows of 24 px, lines of 9."""
    rows = ["Toy", "", "Today", "", "well", "", "Pause"]
    return sum(24 if row else 9 for row in rows[: rows.index(text)]) + 12


def middle_of(picture, colour):
    near = [
        (x, y)
        for y in range(picture.height - 40, picture.height)
        for x in range(picture.width)
        if all(abs(a - b) < 14 for a, b in zip(picture.getpixel((x, y)), colour, strict=True))
    ]
    return sum(x for x, _ in near) // len(near), sum(y for _, y in near) // len(near)


def test_it_moves_to_the_better_tray_when_that_appears(trayer, daemon, bus, spawn, x_server, tmp_path):
    name = x_server.name
    panel = XfcePanel(spawn, bus, name, tmp_path / "desk")
    trayer()
    daemon.start()
    eventually(lambda: has(shot(name), BLUE), 15, "the icon in trayer")
    panel.start()
    caller = Caller(bus.address)
    try:
        Icon(caller).wait()
    finally:
        caller.close()


def test_the_picture_helper_tells_colours_apart():
    picture = Image.new("RGB", (10, 10), GREEN)
    assert has(picture, GREEN)
    assert not has(picture, BLUE)

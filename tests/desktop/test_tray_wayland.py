"""The icon on Wayland: sway with waybar, which reads it from the session bus and draws it without any X11."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("trays of Linux desktops", allow_module_level=True)

from PIL import Image
from real_bus import Bus
from real_daemon import RealDaemon
from real_programs import end, eventually, find_program
from real_tray import Caller, Icon
from toy_games import ToyGames

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]

GREEN, BLUE = (0, 158, 115), (46, 134, 193)
NOBODY = 65534
BAR = '{"layer": "top", "position": "top", "height": 40, "modules-right": ["tray"], "tray": {"icon-size": 32}}'
STYLE = "window#waybar { background: #202030; }"


@pytest.fixture
def compositor(spawn, monkeypatch):
    """A sway without a screen, as an ordinary person runs it: it refuses to be root's."""
    with tempfile.TemporaryDirectory(prefix="gamedetectd-") as name:
        runtime, account = Path(name), {}
        config = runtime / "sway.conf"
        config.write_text("output HEADLESS-1 resolution 800x300\noutput * bg #303040 solid_color\nxwayland disable\n")
        if os.getuid() == 0:
            account = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            os.chown(runtime, NOBODY, NOBODY)
        env = {"XDG_RUNTIME_DIR": name, "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman",
               "WLR_LIBINPUT_NO_DEVICES": "1", "DISPLAY": "", "WAYLAND_DISPLAY": ""}  # fmt: skip
        process = spawn("sway", "-c", config, env=env, **account)
        socket = eventually(lambda: next((one for one in runtime.glob("wayland-*") if one.is_socket()), None), 15)
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        monkeypatch.setenv("WAYLAND_DISPLAY", socket.name)
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", "sway")
        yield runtime
        end(process)


@pytest.fixture
def waybar(compositor, spawn, tmp_path, monkeypatch):
    """A bar with a tray, on a bus of its own."""
    bus = Bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    bus.start()
    (tmp_path / "bar.json").write_text(BAR)
    (tmp_path / "bar.css").write_text(STYLE)
    spawn("waybar", "-c", tmp_path / "bar.json", "-s", tmp_path / "bar.css", env={"GTK_A11Y": "none"})
    yield bus
    bus.stop()


def has(place, colour):
    """Whether a colour is to be seen on the compositor's screen."""
    taken = subprocess.run([find_program("grim"), str(place)], capture_output=True, timeout=10)
    if taken.returncode != 0:
        return False
    with Image.open(place) as picture:
        counts = picture.convert("RGB").getcolors(1 << 24)
    return sum(n for n, seen in counts if all(abs(a - b) < 14 for a, b in zip(seen, colour, strict=True))) > 25


def test_waybar_shows_the_icon_and_what_it_says(waybar, tmp_path):
    games = ToyGames(tmp_path)
    caller = Caller(waybar.address)
    try:
        with RealDaemon(tmp_path / "home", games.env, arguments=()) as daemon:
            icon = Icon(caller).wait()
            eventually(lambda: has(tmp_path / "screen.png", BLUE), 30, "the ring of watching in the bar")
            game = games.start(games.titles[0], 60)
            try:
                eventually(lambda: has(tmp_path / "screen.png", GREEN), 10, "the triangle of playing in the bar")
                assert icon.tooltip().startswith("Toy")
                assert not [one for one in daemon.json("status")["health"]["conditions"] if "tray" in one["code"]]
            finally:
                end(game)
    finally:
        caller.close()

"""The icon as Windows has it, for real: a Windows Python under Wine, whose tray xfce4-panel shows.

Wine cannot show everything: its balloons and the settings that hide icons are not Windows' own, Ctrl-C does not reach a
program without a console, and explorer never restarts there. macOS is not tried at all.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

from real_bus import Bus
from real_programs import end, eventually, find_program
from real_tray import XfcePanel
from test_tray import BLUE, ORANGE, Screen, corner, has, mouse, shot
from Xlib import X, display

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(180)]

VARIABLE = "WINDOWS_PYTHON"
"""Names a python.exe with the dependencies of gamedetectd; see tests/desktop/README.md."""
ROOT = Path(__file__).resolve().parents[2]


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture
def windows(tmp_path, x_server):
    """Runs our commands as Windows would; the last that is still there ends with the test."""
    python = os.environ.get(VARIABLE, "")
    if not Path(python).is_file():
        pytest.skip(f"{VARIABLE} names no Windows Python: see tests/desktop/README.md")
    env = {
        **os.environ, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=;mshtml=",
        "WINEPREFIX": os.environ.get("WINEPREFIX", str(Path(python).parents[2] / "prefix")),
        "PYTHONPATH": windows_path(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        "GAMEDETECTD_HOME": windows_path(tmp_path / "home"),
    }  # fmt: skip
    wine, started = find_program("wine"), []

    def run(*arguments, wait=True):
        command = [wine, python, "-m", "gamedetectd", *arguments]
        quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, env=env, start_new_session=True, **quiet)
        started.append(process)
        return process.communicate(timeout=60)[0].decode(errors="replace") if wait else process

    yield run
    for process in started:
        end(process)
        for stream in (process.stdin, process.stdout):
            stream.close()
    subprocess.run([find_program("wineserver"), "-k"], env=env, timeout=20)


def has_tray(name):
    """Whether somebody takes windows into a tray."""
    screen = display.Display(f"unix{name}")
    try:
        return screen.get_selection_owner(screen.intern_atom("_NET_SYSTEM_TRAY_S0")) != X.NONE
    finally:
        screen.close()


def seen(name, colour):
    """Whether the icon has that colour; Wine scales it down from 64 px to 16."""
    return has(shot(name), colour, corner(name), near=45, pixels=12)


def test_the_icon_of_windows_its_menu_and_its_end(windows, openbox, x_server, spawn, tmp_path, monkeypatch):
    name = x_server.name
    bus = Bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    panel = XfcePanel(spawn, bus, name, tmp_path / "desk")
    bus.start()
    panel.start()
    eventually(lambda: has_tray(name), 10, "the tray")
    screen = Screen(name)
    try:
        daemon = windows("run", wait=False)
        eventually(lambda: seen(name, BLUE), 60, "the icon of watching")
        assert "Paused" in windows("pause")
        eventually(lambda: seen(name, ORANGE), 10, "the icon of the pause, by another thread")
        assert "Watching again" in windows("resume")
        eventually(lambda: seen(name, BLUE), 10, "the icon of watching again")
        before = set(screen.menus())
        _, top, right, bottom = corner(name)
        mouse("mousemove", right - 18, (top + bottom) // 2, "click", 3)
        x, y, _width, height = screen.new_menu(before)
        mouse("mousemove", x + 30, y + height - 12, "click", 1)
        assert daemon.wait(10) == 0, "a click on Quit"
        windows("run", wait=False)
        eventually(lambda: seen(name, BLUE), 60, "the icon of the next one")
        mouse("mousemove", right - 18, (top + bottom) // 2, "click", 1)
        screen.new_menu(before)
        assert "Stopped" in windows("stop"), "also while the menu is open"
    finally:
        screen.close()
        bus.stop()

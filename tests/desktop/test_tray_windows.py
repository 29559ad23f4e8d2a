"""The icon as Windows has it, for real: a Windows Python under Wine, whose tray xfce4-panel shows.

Wine cannot show everything: its balloons and the settings that hide icons are not Windows' own, Ctrl-C does not reach a
program without a console, and explorer never restarts there. macOS is not tried at all.
"""

import json
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

from real_bus import Bus
from real_programs import eventually
from real_tray import XfcePanel
from test_tray import BLUE, ORANGE, Screen, corner, has, mouse, shot
from Xlib import X, display

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(180)]


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


def test_starting_at_login_is_kept_in_the_registry_itself(windows):
    assert json.loads(windows("autostart", "status", "--json"))["on"] is False
    windows("autostart", "on")
    told = json.loads(windows("autostart", "status", "--json"))
    assert told["on"] is True
    command = told["entries"][0]["command"]
    assert "gamedetectd" in command
    assert "run" in command
    windows("autostart", "off", "--all")
    assert json.loads(windows("autostart", "status", "--json"))["on"] is False

"""What the icon costs: memory beside the same daemon without it and beside a GTK icon of that menu; and no wake-ups."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_bus import Bus
from real_daemon import RealDaemon, pss
from real_programs import end, eventually

if sys.platform != "linux":
    pytest.skip("trays of Linux desktops", allow_module_level=True)

from real_tray import Caller, Icon, XfcePanel
from toy_games import ToyGames

pytestmark = pytest.mark.performance

TRAY_BUDGET, WHOLE_BUDGET = 12.0, 60.0
"""MB of PSS."""
WAKEUPS = 2
QUIET = 10.0
"""Seconds without anything to do."""
SYSTEM_PYTHON = "/usr/bin/python3"
GTK_ICON = """
import json, signal, sys
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("AyatanaAppIndicator3", "0.1")
from gi.repository import AyatanaAppIndicator3 as indicators, GLib, Gtk

def built(rows):
    menu = Gtk.Menu()
    for label, below in rows:
        item = Gtk.MenuItem.new_with_mnemonic(label) if label else Gtk.SeparatorMenuItem()
        if below:
            item.set_submenu(built(below))
        menu.append(item)
    menu.show_all()
    return menu

icon = indicators.Indicator.new("beside", "applications-games", indicators.IndicatorCategory.APPLICATION_STATUS)
icon.set_status(indicators.IndicatorStatus.ACTIVE)
icon.set_menu(built(json.loads(sys.argv[1])))
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, Gtk.main_quit)
print("ready", flush=True)
Gtk.main()
"""


def settled(pid):
    """The memory once it does not change any more."""
    before = pss(pid)
    for _ in range(20):
        time.sleep(1)
        now = pss(pid)
        if abs(now - before) < 0.1:
            return now
        before = now
    return before


def switches(pid, name):
    """Voluntary context switches of one thread."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if task.name == str(pid) if name == "main" else (task / "comm").read_text().strip() == name[:15]:
            status = (task / "status").read_text()
            return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("voluntary"))
    pytest.fail(f"no thread {name}")


def quietest(pid):
    """Wake-ups in ten seconds in which nothing happened: half a minute after the start nothing is left to tell."""
    woken = WAKEUPS + 1
    for _ in range(4):
        before = switches(pid, "main")
        time.sleep(QUIET)
        woken = min(woken, switches(pid, "main") - before)
        if woken <= WAKEUPS:
            break
    return woken


def gtk_icon(node, env):
    """A GTK icon of the same menu, in its own process."""
    can = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('AyatanaAppIndicator3', '0.1')"
    if subprocess.run([SYSTEM_PYTHON, "-c", can], capture_output=True).returncode != 0:
        pytest.skip("apt-get install -y --no-install-recommends python3-gi gir1.2-ayatanaappindicator3-0.1")
    process = subprocess.Popen(
        [SYSTEM_PYTHON, "-c", GTK_ICON, json.dumps(rows(node))],
        env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdout.readline() == b"ready\n"
    return process


def rows(node):
    return [(child[1].get("label", ("s", ""))[1], rows(child)) for _, child in node[2]]


@pytest.mark.timeout(180)
def test_the_icon_costs_little_memory_and_no_wakeups(tmp_path, openbox, x_server, spawn, monkeypatch, measured):
    bus = Bus(tmp_path)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    panel = XfcePanel(spawn, bus, x_server.name, tmp_path / "desk")
    bus.start()
    panel.start()
    games = ToyGames(tmp_path)
    with RealDaemon(tmp_path / "headless", games.env) as headless:
        game = games.start(games.titles[0], 300)
        eventually(lambda: headless.json("status")["sessions"], 10, "the game")
        without = settled(headless.process.pid)
    caller = Caller(bus.address)
    try:
        with RealDaemon(tmp_path / "home", games.env, arguments=()) as daemon:
            icon = Icon(caller).wait()
            eventually(lambda: icon["IconAccessibleDesc"] == "A game is being played", 10, "the game")
            node = icon.layout()
            gtk = gtk_icon(node, {"DISPLAY": x_server.name})
            whole, beside = settled(daemon.process.pid), settled(gtk.pid)
            end(gtk)
            gtk.stdout.close()
            woken = quietest(daemon.process.pid)
    finally:
        caller.close()
        end(game)
        bus.stop()
    measured("the icon in the tray: PSS beside headless", f"{TRAY_BUDGET:.0f} MB",
             f"{whole - without:.1f} MB (a GTK icon of the same menu: {beside:.1f} MB)")  # fmt: skip
    measured("daemon without vision, with the icon: PSS", f"{WHOLE_BUDGET:.0f} MB", f"{whole:.1f} MB")
    measured("the icon's thread: wake-ups in ten quiet seconds of a game", f"{WAKEUPS}", f"{woken}")
    assert whole - without <= TRAY_BUDGET
    assert whole <= WHOLE_BUDGET
    assert whole - without < beside
    assert woken <= WAKEUPS, "a minute may pass meanwhile, and nothing else"

"""The foreground on KDE and GNOME, with two programs each. They are large installations, so that this is for the full
run: apt-get install --no-install-recommends kwin-wayland gnome-shell gnome-mines mousepad
"""

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("Wayland is Linux'", allow_module_level=True)

from real_daemon import RealDaemon
from real_desktops import Gnome, Kwin, enter
from real_programs import eventually, find_program
from test_foreground import nothing, shows

from gamedetectd.errors import BusError
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.dbus.session_bus import SessionBus
from gamedetectd.platforms.windows import gnome, gnome_extension, kwin
from gamedetectd.platforms.windows.listing import foreground, windows
from gamedetectd.sensors.foreground import ForegroundSensor

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def kde(spawn, monkeypatch):
    find_program("kwin_wayland")
    session = Kwin(spawn).start()
    enter(session, monkeypatch)
    yield session
    session.stop()


@pytest.fixture
def gnome_without(spawn, monkeypatch):
    find_program("gnome-shell")
    session = Gnome(spawn)
    enter(session, monkeypatch)
    yield session
    session.stop()


@pytest.fixture
def gnome_with(gnome_without, monkeypatch):
    assert gnome_extension.install().switched_on
    gnome_without.start()
    enter(gnome_without, monkeypatch)
    eventually(lambda: gnome.why_not() is None, 30, lambda: gnome_without.log.read_text()[-3000:])
    gnome_without.leave_overview()
    return gnome_without


def loaded(name):
    bus = SessionBus.open()
    try:
        return bus.call(kwin.KWIN, "/Scripting", kwin.SCRIPTING, "isScriptLoaded", "s", name)[0]
    finally:
        bus.close()


def from_window_to_window(session, watched):
    """Two programs come and go; fullscreen by the key everyone has for it."""
    first = session.client("gnome-mines")
    seen = watched.until(shows(title="Mines", pid=first.pid), 20).window
    assert (seen.class_name, seen.fullscreen) == ("gnome-mines", False)
    second = session.client("mousepad")
    watched.until(shows(pid=second.pid), 20)
    eventually(lambda: {window.pid for window in windows()} == {first.pid, second.pid}, 5)
    assert foreground().pid == second.pid
    said = len(watched.said)
    second.terminate()
    watched.until(shows(title="Mines", pid=first.pid), since=said)
    first.terminate()
    watched.until(nothing, since=said + 1)


def test_kde_tells_of_two_programs(kde, watch):
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    from_window_to_window(kde, watched)
    assert (sensor.source(), sensor.degraded_reason(), sensor.blind_reason(None)) == ("KWin script", None, None)
    before = watched.settled()
    assert watched.settled()[1] == before[1], "it wakes for nothing"


def test_kde_is_left_as_it_was_and_a_killed_daemons_script_is_replaced(kde, watch, tmp_path):
    daemon = RealDaemon(tmp_path / "home").start()
    eventually(lambda: loaded(kwin.WATCHER), 10, "the script being loaded")
    daemon.kill()
    assert loaded(kwin.WATCHER), "nobody was there to take it out"
    watched = watch(ForegroundSensor(system_clock()))
    editor = kde.client("mousepad")
    watched.until(shows(pid=editor.pid), 20)
    watched.end()
    eventually(lambda: not loaded(kwin.WATCHER), 5, "the script being taken out")
    left = sorted(place.name for place in kde.runtime.glob("gamedetectd-*.js"))
    assert len(left) <= 1, "a killed daemon's alone"


def test_kwin_started_again_is_noticed(kde, watch):
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    editor = kde.client("mousepad")
    watched.until(shows(pid=editor.pid), 20)
    said = len(watched.said)
    kde.kill()
    watched.until(nothing, since=said)
    eventually(lambda: "looked for" in (sensor.degraded_reason() or ""))
    kde.start()
    editor = kde.client("mousepad")
    watched.until(shows(pid=editor.pid), 30)
    assert sensor.degraded_reason() is None


FULLSCREEN = """import gi
gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk
window = Gtk.Window(title="a game")
window.show_all()
window.fullscreen()
GLib.timeout_add(4000, window.unfullscreen)
Gtk.main()
"""


def fullscreen_comes_and_goes(session, watched):
    session.client("/usr/bin/python3", "-c", FULLSCREEN)
    watched.until(shows(title="a game", fullscreen=True), 20)
    said = len(watched.said)
    watched.until(shows(title="a game", fullscreen=False), 20, since=said)


def test_gnome_tells_of_fullscreen(gnome_with, watch):
    fullscreen_comes_and_goes(gnome_with, watch(ForegroundSensor(system_clock())))


def test_kwin_tells_of_fullscreen(kde, watch):
    fullscreen_comes_and_goes(kde, watch(ForegroundSensor(system_clock())))


def test_kwin_tells_of_x11_programs_and_xwayland_whose_they_are(spawn, monkeypatch, watch):
    session = Kwin(spawn).start_with_xwayland()
    enter(session, monkeypatch)
    try:
        watched = watch(ForegroundSensor(system_clock()))
        terminal = session.client("xterm", "-T", "through Xwayland")
        watched.until(shows(title="through Xwayland", pid=terminal.pid), 20)
        watched.end()
    finally:
        session.stop()


def test_nobody_but_kwin_is_believed(kde, watch):
    watched = watch(ForegroundSensor(system_clock()))
    editor = kde.client("mousepad")
    watched.until(shows(pid=editor.pid), 20)
    bus = SessionBus.open()
    try:
        names = bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ListNames")[0]
        said = len(watched.said)
        for name in names:
            if name.startswith(":") and name != bus.name:
                with pytest.raises(BusError):
                    bus.call(name, kwin.PLACE, kwin.INTERFACE, "Foreground", "s", '{"id": "1", "title": "a lie"}')
        assert len(watched.said) == said
    finally:
        bus.close()


def test_gnome_tells_of_two_programs_through_our_extension(gnome_with, watch):
    sensor = ForegroundSensor(system_clock())
    watched = watch(sensor)
    from_window_to_window(gnome_with, watched)
    assert (sensor.source(), sensor.degraded_reason(), sensor.blind_reason(None)) == ("GNOME extension", None, None)
    before = watched.settled()
    assert watched.settled()[1] == before[1], "it wakes for nothing"


def test_the_daemon_names_a_game_on_gnome_and_counts_its_time_in_front(gnome_with, tmp_path):
    with RealDaemon(tmp_path / "home") as daemon:
        gnome_with.client("gnome-mines")

        def played():
            return next((one for one in daemon.json("status")["sessions"] if "Mines" in one["game"]["title"]), None)

        eventually(lambda: (played() or {}).get("foreground_seconds", 0) >= 1, 30, "seconds in the foreground")


def test_without_the_extension_gnome_says_what_to_do_and_doctor_gives_the_command(gnome_without, tmp_path, monkeypatch):
    gnome_without.start()
    enter(gnome_without, monkeypatch)
    with RealDaemon(tmp_path / "home") as daemon:

        def told():
            conditions = daemon.json("status")["health"]["conditions"]
            return next((one for one in conditions if one["code"] == "windows-unseen"), None)

        eventually(told, 30, "health saying so")
        assert gnome_extension.INSTALL in str(daemon.json("doctor"))
        assert gnome_extension.INSTALL in daemon.run("desktop", "status").stdout
        assert daemon.run("desktop", "install-extension").returncode == 0
        assert gnome_extension.installed()
        assert "log out" in daemon.run("desktop", "status").stdout
        assert daemon.run("desktop", "remove-extension").returncode == 0
        assert not gnome_extension.folder().exists()

"""Run on a Mac only, by name: ``pytest tests/desktop/macos_smoke.py``. Real answers of macOS to what our code asks.

A machine that builds in the background has a login with windows, and nobody who allows anything: titles are not told.
"""

import os
import select
import signal
import subprocess
import sys
import time

import psutil
import pytest
from real_programs import eventually

from gamedetectd.domain import ForegroundChanged
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.idle import input_source
from gamedetectd.platforms.mac import core_graphics, kern_proc, screen_recording
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.processes.exits import exit_watch
from gamedetectd.platforms.windows import mac, mac_rows
from gamedetectd.sensors.foreground import ForegroundSensor

pytestmark = pytest.mark.skipif(sys.platform != "darwin", reason="this is macOS' own")

WATCHER = """
import sys, threading
from gamedetectd.platforms.mac.main_loop import main_loop
from gamedetectd.platforms.mac import notices
from gamedetectd.platforms.mac.notices import Centre

over = threading.Event()
wanted = ((Centre.WORKSPACE, notices.ACTIVATED), (Centre.EVERYBODY, "gamedetectd.test"))
with notices.listening(main_loop(), wanted, lambda told: print(told.name, told.pid, flush=True)):
    main_loop().soon(lambda: print("turns", notices.in_front(), flush=True))
    threading.Thread(target=lambda: (sys.stdin.read(), over.set(), main_loop().end()), daemon=True).start()
    main_loop().run(over.wait)
print("over", flush=True)
"""


@pytest.fixture
def sleeper():
    process = subprocess.Popen(["/bin/sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_the_windows_of_the_login_are_listed():
    rows = core_graphics.window_rows()
    windows = mac_rows.seen(rows)
    assert windows, "no windows: is anybody logged in at the screen?"
    assert len(windows) == len(rows), "some rows lack what Apple says that all have"
    assert all(psutil.pid_exists(one.pid) for one in windows if one.pid)
    assert any(one.owner in {"Dock", "Window Server", "Finder"} for one in windows)
    print(mac.listed(), mac.listed_foreground())


def test_the_displays_have_places():
    displays = mac_rows.places(core_graphics.displays())
    assert displays
    assert all(at.width > 0 and at.height > 0 for _, at in displays)
    assert (displays[0][1].x, displays[0][1].y) == (0, 0), "the main one is the first"


def test_input_and_leave_are_told_without_asking_anybody():
    assert input_source(30.0).look().idle >= 0
    assert screen_recording.given() in {True, False}


def test_processes_are_told_apart_by_the_kernels_word(sleeper):
    table = process_table(boot_id(), system_clock())
    key = table.read(sleeper.pid).key
    assert kern_proc.began(kern_proc.record(sleeper.pid)) == key.start_ticks
    assert key.start_ticks / 1e6 == pytest.approx(psutil.Process(sleeper.pid).create_time(), abs=0.01)
    assert table.alive(key)
    assert table.read(os.getpid()).argv
    sleeper.kill()
    sleeper.wait()
    assert not table.alive(key)


def test_an_exit_is_told_at_once(sleeper):
    table = process_table(boot_id(), system_clock())
    key = table.read(sleeper.pid).key
    exits = exit_watch(table.alive)
    assert exits.add(key)
    sleeper.kill()
    ready, _, _ = select.select(exits.readers(), [], [], 5.0)
    assert exits.take(ready) == [key]
    exits.close()


def test_the_run_loop_hears_who_comes_to_the_front_and_ends_when_asked():
    opened = 0
    watcher = subprocess.Popen(
        [sys.executable, "-c", WATCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert watcher.stdout.readline().startswith("turns ")
        subprocess.run(["/usr/bin/open", "-a", "Calculator"], check=True)
        told = watcher.stdout.readline()
        assert told.startswith("NSWorkspaceDidActivateApplicationNotification "), told
        opened = int(told.split()[1])
        assert opened > 0
        subprocess.run(["/usr/bin/open", "-a", "Finder"], check=True)
        assert watcher.stdout.readline().startswith("NSWorkspaceDidActivate")
        watcher.stdin.close()
        assert watcher.wait(5.0) == 0
    finally:
        watcher.kill()
        watcher.wait()
        if opened:
            os.kill(opened, signal.SIGTERM)


def test_the_sensor_finds_the_front_without_a_run_loop(watch):
    watched = watch(ForegroundSensor(system_clock()))
    watched.until(lambda said: any(isinstance(one, ForegroundChanged) for one in said))


def test_the_daemon_without_an_icon_ends_on_a_signal(tmp_path):
    home = {**os.environ, "GAMEDETECTD_HOME": str(tmp_path)}
    daemon = subprocess.Popen([sys.executable, "-m", "gamedetectd", "run", "--headless"], env=home)
    status = [sys.executable, "-m", "gamedetectd", "status", "--verbose"]
    try:
        eventually(lambda: subprocess.run(status, env=home, check=False).returncode == 0, what="the daemon", seconds=30)
        asked = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(5.0) == 0
        assert time.monotonic() - asked < 3.5
    finally:
        daemon.kill()
        daemon.wait()

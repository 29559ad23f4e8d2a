"""Fixtures every kind of test may use: programs, X servers and sensors that are gone when the test is."""

import os
import tempfile
import time
from functools import partial
from pathlib import Path

import fake_hyprland
import measuring
import pytest
from hypothesis import HealthCheck, settings
from real_bus import Bus, FakeGameMode
from real_programs import Spawner, Watched, XServer, eventually, find_program
from real_sway import Sway

from gamedetectd.platforms.windows.listing import windows

# The machine may be busy with other suites: how long one example takes says nothing about the code.
settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machine")


KINDS = ("unit", "contract", "replay", "security", "desktop", "performance")
"""The folders of tests; each test is marked by the name of its own, for ``pytest -m "security and not slow"``."""


def pytest_collection_modifyitems(items):
    for item in items:
        for part in item.path.parts[-2::-1]:
            if part in KINDS:
                item.add_marker(part)
                break


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """What hostile names left in the captured output can be sent from one process to another."""
    report = yield
    report.sections = [(head, text.encode("utf-8", "backslashreplace").decode()) for head, text in report.sections]
    return report


@pytest.fixture
def measured(request):
    """``measured(what, budget, figure)``: note one figure, as texts with their units. The test itself judges it."""
    return partial(measuring.note, request)


@pytest.fixture
def spawn():
    """``spawn(program, *arguments, env=…)`` starts a real program; it and its group end with the test."""
    spawner = Spawner()
    yield spawner
    spawner.end_all()


@pytest.fixture(scope="session")
def x_servers():
    """``x_servers(*arguments, screen=…)`` starts an Xvfb on a free display; all end with the run."""
    started = []

    def start(*arguments, **options):
        server = XServer(*arguments, **options)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def x_server(x_servers, monkeypatch):
    """A fresh X server without a window manager, and DISPLAY set to it."""
    server = x_servers("-ac")
    monkeypatch.setenv("DISPLAY", server.name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield server
    server.stop()


@pytest.fixture
def openbox(x_server, spawn, tmp_path):
    """The window manager runs on ``x_server``; ``openbox.process`` is it, ``openbox()`` starts another."""
    config, ready = tmp_path / "openbox.xml", tmp_path / "openbox-is-ready"
    # no root menu and no keys: stray clicks and keys must not start anything
    config.write_text(
        '<openbox_config xmlns="http://openbox.org/3.4/rc"><focus><focusNew>yes</focusNew></focus>'
        "<keyboard/><mouse><context name='Client'><mousebind button='Left' action='Press'>"
        "<action name='Focus'/><action name='Raise'/></mousebind></context></mouse></openbox_config>"
    )

    def start():
        # openbox announces itself before it takes new windows: its start-up command is the moment it is ready
        ready.unlink(missing_ok=True)
        start.process = spawn("openbox", "--sm-disable", "--config-file", config, "--startup", f"touch {ready}")
        eventually(ready.exists, what="openbox managing the screen")
        return start.process

    start()
    return start


@pytest.fixture
def desk(x_server):
    """A client of ``x_server`` in this very process that opens windows and asks the manager for things."""
    from real_windows import Desk  # python-xlib is there on Linux only

    desk = Desk(x_server.name)
    yield desk
    desk.close()


@pytest.fixture
def window(x_server, spawn):
    """A terminal stands on ``x_server``; returns its process."""
    terminal = spawn("xterm", "-T", "a terminal")
    eventually(lambda: any(seen.pid == terminal.pid for seen in windows()), what="the terminal's window")
    return terminal


@pytest.fixture
def watch():
    """``watch(sensor)`` runs a sensor until the test ends, and fails it if the sensor crashed or hung."""
    watched = []

    def start(sensor):
        reason = sensor.unsupported_reason()
        assert reason is None, reason
        watched.append(Watched(sensor))
        return watched[-1]

    yield start
    for one in watched:
        one.worker.stop()
    for one in watched:
        one.end()


@pytest.fixture
def program():
    """``program(name)`` is the path of an installed program; the test is skipped where it is missing."""
    return find_program


@pytest.fixture
def steam_playing(tmp_path, monkeypatch):
    """A Steam under XDG_DATA_HOME whose log says that this very process is a game's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "Steam" / "logs"
    folder.mkdir(parents=True)
    line = f"[{time.strftime('%Y-%m-%d %H:%M:%S')}] AppID 620 adding PID {os.getpid()} as a tracked process\n"
    (folder / "gameprocess_log.txt").write_text(line)


@pytest.fixture
def bus(tmp_path, monkeypatch):
    """A session bus of its own, which everything in this process takes for the person's."""
    bus = Bus(tmp_path).start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    yield bus
    bus.stop()


@pytest.fixture
def hyprland_session(monkeypatch):
    """This session is Hyprland's, as far as its sockets go."""
    with tempfile.TemporaryDirectory(prefix="gd-") as folder:  # a socket's path must be short
        for name in ("SWAYSOCK", "I3SOCK", "DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("HYPRLAND_INSTANCE_SIGNATURE", fake_hyprland.SIGNATURE)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
        compositor = fake_hyprland.FakeHyprland(Path(folder))
        yield compositor
        compositor.stop()


@pytest.fixture
def sway_session(spawn, monkeypatch):
    """This session is a real sway's."""
    sway = Sway(spawn).start()
    for name, value in sway.env.items():
        monkeypatch.setenv(name, value)
    yield sway
    sway.stop()


@pytest.fixture
def gamemode_playing(bus):
    """A session bus on which GameMode has one game."""
    service = FakeGameMode(bus, [os.getpid()])
    yield service
    service.stop()

"""What is made of what compositors say: which mechanism a session gets, hostile answers, and GNOME's extension."""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

if sys.platform == "win32":
    pytest.skip("compositors are Linux'", allow_module_level=True)

from gamedetectd.app.doctor import capabilities
from gamedetectd.domain import Bounds
from gamedetectd.errors import CompositorGoneError, DisplayGoneError, ExtensionError
from gamedetectd.platforms import idle
from gamedetectd.platforms.capture.monitors import monitors
from gamedetectd.platforms.clock import system_clock
from gamedetectd.platforms.idle.wayland import WaylandInput
from gamedetectd.platforms.windows import gnome, gnome_extension, kwin, mechanisms, sway
from gamedetectd.platforms.windows.listing import WindowLister
from gamedetectd.platforms.windows.told import handle_of, read, rectangle, signed, whole, window_of
from gamedetectd.sensors.foreground import ForegroundSensor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="compositors are Linux'")

VARIABLES = ("SWAYSOCK", "I3SOCK", "HYPRLAND_INSTANCE_SIGNATURE", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "DISPLAY",
             "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")  # fmt: skip


@pytest.fixture
def session(monkeypatch):
    """``session(NAME=value, …)`` is the whole environment of a session."""

    def become(**told):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in told.items():
            monkeypatch.setenv(name, str(value))

    become()
    return become


@pytest.fixture
def short():
    with tempfile.TemporaryDirectory(prefix="gd-") as folder:  # a socket's path must be short
        yield Path(folder)


@pytest.fixture
def serve(short):
    """``serve(name, *answers)``: whoever connects is sent an answer for each thing it says, then hung up on."""
    listeners, threads = [], []

    def answering(listener, answers):
        try:
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    for answer in answers:
                        connection.recv(65536)
                        connection.sendall(answer)
        except OSError:
            pass  # the test is over

    def start(name, *answers):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(short / name))
        listener.listen()
        listeners.append(listener)
        threads.append(threading.Thread(target=answering, args=(listener, answers), daemon=True))
        threads[-1].start()
        return short / name

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(6)


SESSIONS = [
    pytest.param({}, ["X11"], id="nothing at all"),
    pytest.param({"DISPLAY": ":0", "I3SOCK": "/run/i3"}, ["X11"], id="i3 on X11"),
    pytest.param({"DISPLAY": ":0", "XDG_CURRENT_DESKTOP": "KDE"}, ["X11"], id="KDE on X11"),
    pytest.param(
        {"DISPLAY": ":0", "XDG_CURRENT_DESKTOP": "GNOME", "XDG_SESSION_TYPE": "x11"}, ["X11"], id="GNOME on X11"
    ),
    pytest.param({"WAYLAND_DISPLAY": "w", "SWAYSOCK": "/s", "I3SOCK": "/s"}, ["sway IPC", "X11"], id="sway"),
    pytest.param({"WAYLAND_DISPLAY": "w", "I3SOCK": "/s"}, ["sway IPC", "X11"], id="one that speaks as sway does"),
    pytest.param({"WAYLAND_DISPLAY": "w", "HYPRLAND_INSTANCE_SIGNATURE": "x"}, ["Hyprland IPC", "X11"], id="Hyprland"),
    pytest.param({"WAYLAND_DISPLAY": "w", "XDG_CURRENT_DESKTOP": "KDE"}, ["KWin script", "X11"], id="KDE"),
    pytest.param({"WAYLAND_DISPLAY": "w", "XDG_CURRENT_DESKTOP": "GNOME"}, ["GNOME extension", "X11"], id="GNOME"),
    pytest.param(
        {"WAYLAND_DISPLAY": "w", "XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, ["GNOME extension", "X11"], id="Ubuntu"
    ),
    pytest.param({"WAYLAND_DISPLAY": "w", "XDG_CURRENT_DESKTOP": "labwc:wlroots"}, ["X11"], id="labwc"),
]


@pytest.mark.parametrize(("told", "tried"), SESSIONS)
def test_which_mechanisms_are_tried_in_which_session(session, told, tried):
    session(**told)
    assert [one.name for one in mechanisms.fitting()] == tried
    for one in mechanisms.fitting():
        reason = one.unsupported_reason()
        assert reason is None or (reason[0].isupper() and reason.endswith(".") and "\n" not in reason)


def test_a_session_whose_windows_cannot_be_seen_says_so_with_what_to_do(session, bus, monkeypatch, tmp_path):
    session(WAYLAND_DISPLAY="w", XDG_CURRENT_DESKTOP="GNOME", DBUS_SESSION_BUS_ADDRESS=bus.address)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    sensor = ForegroundSensor(system_clock())
    said = sensor.unsupported_reason()
    assert gnome_extension.INSTALL in said
    assert sensor.blind_reason(said) == said
    trouble = next(one for one in capabilities.display_troubles() if one.code == "windows-untold")
    assert trouble.remedy == gnome_extension.INSTALL
    (gnome_extension.folder()).mkdir(parents=True)
    (gnome_extension.folder() / "metadata.json").touch()
    assert gnome.why_not() == gnome.NOT_AT_WORK
    trouble = next(one for one in capabilities.display_troubles() if one.code == "windows-untold")
    assert trouble.remedy == gnome_extension.ENABLE
    lister = WindowLister()
    assert (lister.windows(), lister.foreground()) == ((), None)


def test_kwin_that_is_not_there_is_looked_for(session, bus):
    session(WAYLAND_DISPLAY="w", XDG_CURRENT_DESKTOP="KDE")
    assert "session bus" in kwin.why_not()
    session(WAYLAND_DISPLAY="w", XDG_CURRENT_DESKTOP="KDE", DBUS_SESSION_BUS_ADDRESS=bus.address)
    assert kwin.why_not() is None
    with pytest.raises(CompositorGoneError, match="not on the session bus"):
        kwin.KwinLink()
    with pytest.raises(CompositorGoneError, match="not on the session bus"):
        gnome.GnomeLink()


@pytest.mark.parametrize(
    ("said", "pid", "title", "bounds"),
    [
        ({}, 0, "", None),
        (
            {"pid": 7, "title": "a\x1b[31m", "x": -5, "y": 2.6, "width": 3, "height": 4},
            7,
            "a [31m",
            Bounds(-5, 3, 3, 4),
        ),
        ({"pid": -7, "title": None, "width": 0, "height": 4}, 0, "", None),
        ({"pid": True, "title": ["x"], "width": "3", "height": 4}, 0, "['x']", None),
        ({"pid": 1e300, "x": 1e300, "width": 1e12, "height": float("nan")}, 0, "", None),
    ],
)
def test_what_is_told_of_a_window_is_made_safe(said, pid, title, bounds):
    sighting, xid = window_of(said)
    assert (sighting.window.pid, sighting.window.title, sighting.window.bounds, xid) == (pid, title, bounds, 0)


def test_numbers_places_and_names_of_any_kind():
    assert [whole(one) for one in (5, 5.9, -1, None, "5", 1 << 70)] == [5, 5, 0, 0, 0, 0]
    assert [signed(one) for one in (-5, 5.6, False, None, 1 << 40)] == [-5, 6, 0, 0, 0]
    assert rectangle("nothing") is None
    assert handle_of("{0000-ff}") == 255
    assert handle_of("no such window") == handle_of("no such window")
    assert (handle_of(12), handle_of("")) == (12, 0)
    assert [read(one) for one in ("[1]", b"\xff", "{", None, "[" * 100_000)] == [[1], None, None, None, None]


def framed(kind, payload):
    return struct.pack("=6sII", b"i3-ipc", len(payload), kind) + payload


GOOD = framed(2, b'{"success": true}')
WINDOW = {"id": 3, "type": "con", "pid": 5, "name": "one", "focused": True}
OUTPUT = {"type": "output", "name": "A", "rect": {"x": 0, "y": 0, "width": 9, "height": 9},
          "nodes": [{"type": "workspace", "nodes": [WINDOW]}]}  # fmt: skip
TREE = {"type": "root", "nodes": [OUTPUT]}


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        pytest.param([b"HTTP/1.1 400 Bad Request\r\n"], "nonsense", id="another protocol"),
        pytest.param([struct.pack("=6sII", b"i3-ipc", 0xFFFFFFF0, 2)], "nonsense", id="too long"),
        pytest.param([framed(2, b"{")], "nonsense", id="no JSON"),
        pytest.param([framed(2, b"[" * 100_000)], "nonsense", id="too deep"),
        pytest.param([framed(2, b'{"success": false}')], "does not tell", id="refused"),
        pytest.param([framed(2, b"7")], "does not tell", id="a number"),
        pytest.param([GOOD], "cannot be asked", id="hangs up"),
    ],
)
def test_a_sway_that_talks_nonsense_is_given_up_in_one_way(session, serve, answers, why):
    session(SWAYSOCK=serve("s", *answers))
    with pytest.raises(CompositorGoneError, match=why):
        sway.SwayLink()


@pytest.mark.parametrize(
    "tree", [TREE, {}, [], None, 5, {"nodes": [5, None, {"nodes": "x"}]}, {"nodes": [{"pid": "x"}, {"nodes": 5}]}]
)
def test_a_tree_of_any_shape_is_read(session, serve, tree):
    session(SWAYSOCK=serve("s", GOOD, GOOD, framed(4, json.dumps(tree).encode())))
    link = sway.SwayLink()
    try:
        seen = link.look()
    finally:
        link.close()
    assert (
        (seen.window.title, seen.window.monitor, seen.window.pid) == ("one", "A", 5) if tree is TREE else seen is None
    )


def test_a_sway_that_is_not_there(session, short):
    session(SWAYSOCK=short / "gone")
    (short / "sway-ipc.1.2.sock").touch()  # no socket
    with pytest.raises(CompositorGoneError, match="cannot be asked"):
        sway.SwayLink()
    (short / "sway-ipc.1.2.sock").unlink()
    session()
    with pytest.raises(CompositorGoneError, match="does not run"):
        sway.SwayLink()


def word(*numbers):
    return struct.pack(f"={len(numbers)}I", *numbers)


def message(thing, opcode, body=b""):
    return word(thing, (8 + len(body)) << 16 | opcode) + body


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param(message(3, 0, word(0)), "does not tell", id="no extension"),
        pytest.param(word(2, 3 << 16), "nonsense", id="a size that cannot be"),
        pytest.param(message(2, 0, b"abcd"), "cannot be asked", id="too short"),
        pytest.param(message(1, 0), "cannot be asked", id="an error"),
        pytest.param(b"", "cannot be asked", id="hangs up"),
    ],
)
def test_a_compositor_that_does_not_tell_of_input(session, serve, answer, why):
    session(XDG_RUNTIME_DIR=serve("w", answer).parent, WAYLAND_DISPLAY="w")
    with pytest.raises(DisplayGoneError, match=why):
        WaylandInput(1.0)
    assert idle.unsupported_reason().endswith(".")


def offer(number, name, version):
    text = name.encode() + b"\0"
    return message(2, 0, word(number, len(text)) + text.ljust(-(-len(text) // 4) * 4, b"\0") + word(version))


OFFERED = offer(7, "wl_output", 3) + offer(8, "zxdg_output_manager_v1", 3) + offer(9, "wl_output", 3)
ASKED = OFFERED + message(3, 0)
"""Our objects then: 4 the manager, 5 and 7 the monitors, 6 and 8 their places, 9 the end."""


def told_of(monitor, place, x, *, scale=1):
    modes = message(monitor, 1, word(0, 640, 480, 60)) + message(monitor, 1, word(1, 1280 * scale, 720 * scale, 60))
    return modes + message(place, 0, struct.pack("=ii", x, 0)) + message(place, 1, word(1280, 720)) + message(place, 2)


MONITORS = {
    "two": ([ASKED, told_of(5, 6, 0) + told_of(7, 8, -1280, scale=2) + message(9, 0)], 2),
    "one of which it says nothing": ([ASKED, told_of(5, 6, 0) + message(7, 2) + message(9, 0)], 0),
    "half a message": ([ASKED, message(5, 1, word(1, 2)) + message(6, 0, word(1)) + message(9, 0)], 0),
    "no places": ([offer(7, "wl_output", 3) + message(3, 0), message(4, 1, word(1, 5, 5, 0)) + message(5, 0)], 0),
    "no monitors": ([message(3, 0), message(4, 0)], 0),
    "an error": ([ASKED, message(1, 0)], 0),
}


@pytest.mark.parametrize("case", MONITORS)
def test_compositors_tell_where_the_monitors_are(session, serve, case):
    answers, count = MONITORS[case]
    session(XDG_RUNTIME_DIR=serve("w", *answers).parent, WAYLAND_DISPLAY="w")
    found = monitors()
    assert len(found) == count
    if found:
        assert [one.place for one in found] == [Bounds(0, 0, 1280, 720), Bounds(-1280, 0, 1280, 720)]
        assert [one.pixels for one in found] == [(1280, 720), (2560, 1440)]


def test_gnome_without_its_idle_monitor_is_an_ordinary_reason(session, bus):
    session(WAYLAND_DISPLAY="w", XDG_CURRENT_DESKTOP="GNOME", DBUS_SESSION_BUS_ADDRESS=bus.address)
    assert idle.source_name() == "Mutter's idle monitor"
    assert "IdleMonitor" in idle.unsupported_reason()
    session(WAYLAND_DISPLAY="w", XDG_CURRENT_DESKTOP="GNOME")
    assert "session bus" in idle.unsupported_reason()


# --- the extension for GNOME ------------------------------------------------------------------------------------------


@pytest.fixture
def programs(tmp_path, monkeypatch, session):
    """A machine with GNOME 46 and its settings, as far as two programs go; ``programs.enabled()`` are the settings."""
    folder = tmp_path / "programs"
    folder.mkdir()
    kept = tmp_path / "enabled"
    kept.write_text("@as []")
    made = {
        "gnome-shell": 'echo "GNOME Shell 46.2"',
        "gsettings": f'if [ "$1" = set ]; then printf %s "$4" > "{kept}"; else cat "{kept}"; fi',
    }
    for name, script in made.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return SimpleNamespace(folder=folder, kept=kept, enabled=kept.read_text)


def test_the_extension_is_installed_for_the_gnome_that_is_here_and_taken_away(programs):
    programs.kept.write_text("['other@example.org']")
    done = gnome_extension.install()
    assert (done.shell, done.switched_on) == ("46", True)
    assert programs.enabled() == f"['other@example.org', '{gnome_extension.UUID}']"
    assert "46" in json.loads((Path(done.folder) / "metadata.json").read_text())["shell-version"]
    assert "export default class" in (Path(done.folder) / "extension.js").read_text()
    assert gnome_extension.install().switched_on, "twice is as good as once"
    assert gnome_extension.remove()
    assert (programs.enabled(), gnome_extension.installed()) == ("['other@example.org']", False)
    assert not gnome_extension.remove()


def test_settings_that_cannot_be_changed_are_said(programs):
    (programs.folder / "gsettings").write_text("#!/bin/sh\nexit 1\n")
    assert not gnome_extension.install().switched_on


def test_without_gnome_nothing_is_installed(programs):
    (programs.folder / "gnome-shell").write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(ExtensionError, match="no GNOME Shell"):
        gnome_extension.install()
    assert not gnome_extension.folder().exists()


def test_a_place_that_cannot_be_written_is_an_ordinary_error(programs, tmp_path):
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(ExtensionError, match="cannot be written"):
        gnome_extension.install()


STUBS = {
    "gi://Gio": "export default {};\n",
    "gi://GLib": "export default {};\n",
    "gi://Meta": "export default {};\n",
    "resource:///org/gnome/shell/extensions/extension.js": "export class Extension {}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("modules", [False, True])
def test_both_forms_of_the_extension_are_programs(tmp_path, modules):
    gjs = shutil.which("gjs") or pytest.skip("gjs is not installed: apt-get install -y gjs")
    text = gnome_extension.files(modules=modules)["extension.js"]
    if modules:
        for number, (place, stub) in enumerate(STUBS.items()):
            (tmp_path / f"stub{number}.js").write_text(stub)
            text = text.replace(place, f"./stub{number}.js")
    else:
        text = text.replace("imports.gi", "({})") + "\ninit();\n"
    (tmp_path / "extension.js").write_text(text)
    mode = ["-m"] if modules else []
    done = subprocess.run([gjs, *mode, str(tmp_path / "extension.js")], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")

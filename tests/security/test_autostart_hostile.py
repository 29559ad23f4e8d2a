"""Whatever lies where programs that start at login are kept, looking is safe and nothing of others is changed."""

import os
import sys

import pytest
from autostart_samples import APPROVED, RUN, LinuxHome, MacHome, WindowsHome
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.platforms.autostart import desktop_entry, unit_file, windows_command
from gamedetectd.platforms.autostart.files import SIZE_LIMIT
from gamedetectd.platforms.autostart.program import started_by

if sys.platform == "win32":
    pytest.skip("homes of POSIX", allow_module_level=True)

NAMES = {"xdg": ("entries", ".desktop"), "systemd": ("units", ".service"), "launchd": ("agents", ".plist")}
HOMES = {"xdg": LinuxHome, "systemd": LinuxHome, "launchd": MacHome}


@pytest.fixture(params=sorted(NAMES))
def place(request, tmp_path):
    """A mechanism, and two files in its folder: one of our name and one of another."""
    home = HOMES[request.param](tmp_path)
    attribute, ending = NAMES[request.param]
    folder = getattr(home, attribute)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ours = "io.github.gamedetectd" if request.param == "launchd" else "gamedetectd"
    return getattr(home, request.param), folder / (ours + ending), folder / ("other" + ending)


def look_and_turn_on_and_off(mechanism):
    mechanism.status()
    mechanism.turn_on(mechanism._program.command())
    assert [entry.this_program for entry in mechanism.status().entries if entry.works] == [True]
    mechanism.turn_off(everything=True)
    assert [entry for entry in mechanism.status().entries if entry.works] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1000,
        os.urandom(4096),
        b"[Desktop Entry]\nExec=gamedetectd run\n" * 2000,
        b"[Desktop Entry]\nExec=" + b"sh -c '" * 500 + b"gamedetectd run",
        b"[Service]\nExecStart=" + b"\\\n" * 5000 + b"gamedetectd run\n",
        b"[Service]\nExecStart=" + b"\\" * 20001,
        b"[Desktop Entry]\nExec=" + b'"' * 20001,
        b"[Desktop Entry]\n" + b"Hidden" * 40000,
        b"gamedetectd" + b"x" * (SIZE_LIMIT + 1),
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><plist><dict><key>&a;</key></dict></plist>",
        b"<plist>" + b"<array>" * 20000,
        "[Desktop Entry]\nExec=gamedetectd run\nName=\u202e\x1b[2J\n".encode(),
    ],
)
@pytest.mark.timeout(20)
def test_files_that_are_not_what_they_should_be(place, content):
    mechanism, ours, other = place
    ours.write_bytes(content)
    other.write_bytes(content)
    look_and_turn_on_and_off(mechanism)


@pytest.mark.timeout(20)
def test_pipes_folders_loops_and_devices_in_the_place_of_files(place):
    mechanism, ours, other = place
    os.mkfifo(other)
    ours.symlink_to(ours)
    other.with_stem("folder").mkdir()
    other.with_stem("zero").symlink_to("/dev/zero")
    look_and_turn_on_and_off(mechanism)
    assert other.is_fifo()
    assert not os.path.lexists(ours)


def test_what_a_link_leads_to_stays_as_it_is(place, tmp_path):
    mechanism, ours, _other = place
    precious = tmp_path / "precious"
    precious.write_text("precious")
    precious.chmod(0o644)
    ours.symlink_to(precious)
    look_and_turn_on_and_off(mechanism)
    assert precious.read_text() == "precious"
    assert precious.stat().st_mode & 0o777 == 0o644


def test_nothing_is_left_half_written(place, monkeypatch):
    mechanism, ours, _other = place
    mechanism.turn_on(mechanism._program.command())
    before = ours.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        mechanism.turn_on(("/elsewhere/gamedetectd", "run"))
    assert ours.read_bytes() == before
    assert [file.name for file in ours.parent.iterdir() if file.is_file()] == [ours.name]


def full(_descriptor):
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_of_somebody_else_is_refused(place):
    mechanism, ours, _other = place
    os.chown(ours.parent, 65534, 65534)
    with pytest.raises(Exception, match="belongs to nobody"):
        mechanism.turn_on(mechanism._program.command())
    assert not ours.exists()


def test_files_are_for_the_person_alone(place):
    mechanism, ours, _other = place
    mechanism.turn_on(mechanism._program.command())
    assert ours.stat().st_mode & 0o777 == 0o600


@given(st.text(), st.binary(max_size=64))
def test_texts_of_every_kind(text, data):
    for argv in (
        desktop_entry.split_exec(text),
        unit_file.split_exec(text),
        windows_command.split(text),
        *unit_file.commands("ExecStart=" + text),
    ):
        started_by(argv)
    desktop_entry.keys(text)
    assert desktop_entry.is_true(desktop_entry.keys(desktop_entry.hidden(text))["Hidden"])
    unit_file.commands(data.decode("utf-8", "replace"))


@pytest.mark.parametrize("value", ["", '"', "\\" * 5000, '"' * 5000, "gamedetectd.exe " * 3000, 7, b"\xff", "\0"])
def test_values_of_every_kind_in_the_registry(tmp_path, value):
    home = WindowsHome(tmp_path, {RUN: {"gamedetectd": value, "": value}, APPROVED: {"gamedetectd": value}})
    home.run_key.status()
    home.run_key.turn_on(home.program.command())
    home.run_key.turn_off(everything=True)
    assert "gamedetectd" not in home.registry.values(RUN)

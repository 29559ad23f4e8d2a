"""Every way of starting at login keeps what ``Mechanism`` promises."""

import sys

import pytest
from autostart_samples import LinuxHome, MacHome, WindowsHome

from gamedetectd.platforms.autostart import MECHANISMS, mechanisms
from gamedetectd.platforms.autostart.mechanism import OWN_DOING

if sys.platform == "win32":
    pytest.skip("the homes these tests make are those of Linux and macOS", allow_module_level=True)

HOMES = {
    "xdg": (LinuxHome, "xdg"),
    "systemd": (LinuxHome, "systemd"),
    "run-key": (WindowsHome, "run_key"),
    "launchd": (MacHome, "launchd"),
}


@pytest.fixture(params=[row.name for row in MECHANISMS])
def mechanism(request, tmp_path):
    home, attribute = HOMES[request.param]
    made = getattr(home(tmp_path), attribute)
    assert made.name == request.param
    return made


def command(mechanism):
    return mechanism._program.command()


def test_it_can_be_used_and_finds_nothing_at_first(mechanism):
    assert mechanism.unsupported_reason() is None
    assert mechanism.status().entries == ()


def test_on_is_one_entry_that_starts_this_program_however_often_it_is_said(mechanism):
    for _ in range(2):
        mechanism.turn_on(command(mechanism))
        (entry,) = mechanism.status().entries
        assert entry.works
        assert entry.this_program
        assert entry.mechanism == mechanism.name
        assert all(word in entry.command for word in (mechanism._program.argv[0], "run", "--delay"))
    assert mechanism.status().problems == ()


@pytest.mark.parametrize("everything", [False, True])
def test_off_leaves_nothing_of_what_on_made(mechanism, everything):
    mechanism.turn_off(everything=everything)
    mechanism.turn_on(command(mechanism))
    mechanism.turn_off(everything=everything)
    mechanism.turn_off(everything=everything)
    assert mechanism.status().entries == ()


def test_another_program_is_told_apart_and_taken_over(mechanism, tmp_path):
    other = "C:\\old\\gamedetectd.exe" if mechanism.name == "run-key" else str(tmp_path / "old" / "gamedetectd")
    mechanism.turn_on((other, "run"))
    (entry,) = mechanism.status().entries
    assert not entry.this_program
    assert not entry.works
    assert other in (entry.missing, entry.missing.replace("\\\\", "\\"))
    mechanism.turn_on(command(mechanism))
    (entry,) = mechanism.status().entries
    assert entry.this_program
    assert entry.off_by is None or entry.off_by in OWN_DOING


def test_the_table_has_something_for_every_system_and_making_it_changes_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    program = LinuxHome(tmp_path).program
    for system in ("linux", "win32", "darwin"):
        made = mechanisms(program, system)
        assert [each.name for each in made] == [row.name for row in MECHANISMS if row.system == system]
        for each in made:
            each.status()
    assert mechanisms(program, "plan9") == ()
    assert {file.name for file in tmp_path.iterdir()} == {"home", "bin"}

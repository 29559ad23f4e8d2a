"""Starting at login on Windows: the registry's lists, who switched off what, policies, shortcuts."""

import shutil

import pytest
from autostart_samples import (
    APPROVED,
    APPROVED_FOR_ALL,
    POLICIES,
    RUN,
    RUN_FOR_ALL,
    WINDOWS_PROGRAM,
    WindowsHome,
)

from gamedetectd.errors import AutostartError
from gamedetectd.platforms.autostart.mechanism import OffBy
from gamedetectd.platforms.autostart.program import Program
from gamedetectd.platforms.autostart.run_key import OFF, RunKey
from gamedetectd.platforms.autostart.startup_folder import StartupFolder

COMMAND = f'"{WINDOWS_PROGRAM}" run --supervised --delay 5'
WOW = r"HKLM\Software\WOW6432Node\Microsoft\Windows\CurrentVersion\Run"
FOLDER_APPROVED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\StartupFolder"


def found(home):
    return {entry.place.rpartition("\\")[2]: entry for entry in home.run_key.status().entries}


def on(home):
    home.run_key.turn_on(home.program.command())


def test_on_writes_one_value_with_the_program_in_quotes(tmp_path):
    home = WindowsHome(tmp_path)
    on(home)
    assert home.registry.values(RUN) == {"gamedetectd": COMMAND}


@pytest.mark.parametrize(
    ("approved", "off_by"),
    [
        (b"\x02" + bytes(11), None),
        (b"\x06" + bytes(11), None),
        (b"\x03\0\0\0" + b"\x11" * 8, OffBy.SETTINGS),
        (b"\x07\0\0\0" + b"\x11" * 8, OffBy.SETTINGS),
        (b"", None),
        ("nonsense", None),
        (3, None),
    ],
)
def test_what_task_manager_switched_off_is_off_until_on_is_said(tmp_path, approved, off_by):
    home = WindowsHome(tmp_path, {RUN: {"gamedetectd": COMMAND}, APPROVED: {"GameDetectd": approved}})
    assert found(home)["gamedetectd"].off_by is off_by
    on(home)
    assert found(home)["gamedetectd"].works


@pytest.mark.parametrize("hive", ["HKCU", "HKLM"])
@pytest.mark.parametrize(
    ("policies", "names"),
    [
        ({"DisableCurrentUserRun": 1}, {}),
        ({"DisallowRun": 1}, {"1": "other.exe", "2": "GAMEDETECTDW.EXE"}),
        ({"RestrictRun": 1}, {"1": "notepad.exe"}),
    ],
)
def test_a_group_policy_is_told_and_nothing_is_written_against_it(tmp_path, hive, policies, names):
    key = rf"{hive}\{POLICIES}"
    listed = {rf"{key}\{name}": names for name in policies if names}
    home = WindowsHome(tmp_path, {RUN: {"gamedetectd": COMMAND}, key: policies, **listed})
    assert found(home)["gamedetectd"].off_by is OffBy.POLICY
    home = WindowsHome(tmp_path / "fresh", {key: policies, **listed})
    with pytest.raises(AutostartError, match="group policy"):
        on(home)
    assert home.registry.values(RUN) == {}


@pytest.mark.parametrize(
    "keys",
    [
        {rf"HKCU\{POLICIES}": {"DisableCurrentUserRun": 0}},
        {rf"HKCU\{POLICIES}": {"DisableLocalMachineRun": 1}},
        {rf"HKCU\{POLICIES}": {"DisallowRun": 0}, rf"HKCU\{POLICIES}\DisallowRun": {"1": "gamedetectdw.exe"}},
        {rf"HKCU\{POLICIES}": {"RestrictRun": 1}, rf"HKCU\{POLICIES}\RestrictRun": {"1": "GameDetectdW.exe"}},
    ],
)
def test_policies_that_do_not_mean_us(tmp_path, keys):
    home = WindowsHome(tmp_path, {RUN: {"gamedetectd": COMMAND}, **keys})
    assert found(home)["gamedetectd"].works


def test_leftovers_under_other_names_are_found_and_on_and_off_take_them_away(tmp_path):
    home = WindowsHome(
        tmp_path,
        {
            RUN: {"GameDetect": r"C:\Old Version\gamedetectd.exe run", "Steam": r'"C:\steam.exe" -silent', "Number": 7},
            APPROVED: {"GameDetect": OFF, "Steam": OFF},
        },
    )
    old = found(home)["GameDetect"]
    assert (old.this_program, old.missing) == (False, r"C:\Old Version\gamedetectd.exe")
    on(home)
    assert set(home.registry.values(RUN)) == {"gamedetectd", "Steam", "Number"}
    assert home.registry.values(APPROVED) == {"Steam": OFF}
    home.run_key.turn_off()
    assert set(home.registry.values(RUN)) == {"Steam", "Number"}


def test_another_installation_that_is_there_is_told_apart(tmp_path):
    home = WindowsHome(tmp_path, {RUN: {"gamedetectd": r"C:\py\pythonw.exe -m gamedetectd run"}})
    home.there.add(r"C:\py\pythonw.exe")
    entry = found(home)["gamedetectd"]
    assert entry.works
    assert not entry.this_program


@pytest.mark.parametrize("key", [RUN_FOR_ALL, WOW])
def test_what_starts_for_all_accounts_only_an_administrator_switches_off(tmp_path, key):
    home = WindowsHome(tmp_path, {key: {"gamedetectd": COMMAND}})
    (entry,) = home.run_key.status().entries
    assert entry.works
    assert entry.place == key + r"\gamedetectd"
    with pytest.raises(AutostartError, match="administrator"):
        home.run_key.turn_off()
    home.registry.administrator = True
    home.run_key.turn_off()
    (entry,) = home.run_key.status().entries
    assert entry.off_by is OffBy.SETTINGS
    assert home.registry.values(APPROVED_FOR_ALL + ("32" if key == WOW else "")) == {"gamedetectd": OFF}
    home.run_key.turn_off()


def test_a_policy_against_lists_for_all_accounts(tmp_path):
    home = WindowsHome(tmp_path, {RUN_FOR_ALL: {"x": COMMAND}, rf"HKLM\{POLICIES}": {"DisableLocalMachineRun": 1}})
    assert found(home)["x"].off_by is OffBy.POLICY


def test_a_command_too_long_for_windows_is_refused(tmp_path):
    home = WindowsHome(tmp_path)
    with pytest.raises(AutostartError, match="shorter path"):
        home.run_key.turn_on(("C:\\" + "long\\" * 50 + "gamedetectdw.exe", "run"))
    assert home.registry.values(RUN) == {}


def test_shortcuts_are_found_switched_off_and_removed_by_all(tmp_path):
    home = WindowsHome(tmp_path)
    (home.startup / "Games.lnk").write_bytes(b"L\0\0\0" + WINDOWS_PROGRAM.encode("utf-16-le"))
    (home.startup / "gamedetectd.bat").write_text("start C:\\other.exe")
    (home.startup / "Steam.lnk").write_bytes(b"L\0\0\0steam.exe")
    (home.startup / "desktop.ini").write_text("gamedetectd")
    entries = {entry.command: entry for entry in home.run_key.status().entries}
    assert {name: entry.this_program for name, entry in entries.items()} == {
        "Games.lnk": True,
        "gamedetectd.bat": False,
    }
    assert all(entry.works for entry in entries.values())
    on(home)
    assert home.registry.values(FOLDER_APPROVED) == {"Games.lnk": OFF, "gamedetectd.bat": OFF}
    assert [entry.command for entry in home.run_key.status().entries if entry.works] == [COMMAND]
    home.run_key.turn_off()
    home.run_key.turn_off(everything=True)
    assert sorted(file.name for file in home.startup.iterdir()) == ["Steam.lnk", "desktop.ini"]
    assert home.registry.values(FOLDER_APPROVED) == {}
    assert home.run_key.status().entries == ()


def test_without_a_folder_of_shortcuts_or_a_registry(tmp_path):
    program = Program((WINDOWS_PROGRAM,), (), "win32")
    shutil.rmtree(tmp_path)
    assert StartupFolder(program, {}).found() == []
    assert StartupFolder(program, {"APPDATA": str(tmp_path)}).found() == []
    nowhere = RunKey(program, None, StartupFolder(program, {}))
    assert "registry" in nowhere.unsupported_reason()
    assert nowhere.status().entries == ()
    with pytest.raises(AutostartError):
        nowhere.turn_on(program.command())


def test_programs_on_the_path_count_as_there(tmp_path):
    home = WindowsHome(tmp_path, {RUN: {"a": "gamedetectd", "b": str(tmp_path / "gamedetectd.exe")}})
    key = RunKey(home.program, home.registry, StartupFolder(home.program, {}))
    assert [entry.missing for entry in key.status().entries] == ["gamedetectd", str(tmp_path / "gamedetectd.exe")]
    (tmp_path / "gamedetectd.exe").touch()
    assert [entry.missing for entry in key.status().entries] == ["gamedetectd", ""]

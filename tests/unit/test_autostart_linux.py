"""Starting at login on Linux: entries and units of ours and of others, and who switched them off."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from autostart_samples import LinuxHome, Tools, installed

from gamedetectd.errors import AutostartError, PermissionsError
from gamedetectd.platforms.autostart import desktop_entry
from gamedetectd.platforms.autostart.mechanism import OffBy

if sys.platform == "win32":
    pytest.skip("homes and links of POSIX", allow_module_level=True)


@pytest.fixture
def home(tmp_path):
    return LinuxHome(tmp_path)


def on(home, mechanism="xdg"):
    getattr(home, mechanism).turn_on(home.program.command())


def found(home, mechanism="xdg"):
    return {Path(entry.place).name: entry for entry in getattr(home, mechanism).status().entries}


def codes(home, mechanism="xdg"):
    return [problem.code for problem in getattr(home, mechanism).status().problems]


def test_the_entry_is_one_that_desktops_take(home):
    on(home)
    file = home.entries / "gamedetectd.desktop"
    keys = desktop_entry.keys(file.read_text())
    assert keys["TryExec"] == home.program.argv[0]
    assert keys["Exec"] == f"{home.program.argv[0]} run --delay 5"
    assert (keys["Terminal"], keys["NoDisplay"], keys["StartupNotify"]) == ("false", "true", "false")
    assert keys["X-GNOME-Autostart-enabled"] == "true"
    assert "X-GNOME-Autostart-Delay" in keys
    if shutil.which("desktop-file-validate"):
        checked = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True)
        assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize(
    ("line", "desktop", "off_by"),
    [
        ("Hidden=true", "", OffBy.HIDDEN),
        ("Hidden=True", "", OffBy.HIDDEN),
        ("Hidden=false", "", None),
        ("X-GNOME-Autostart-enabled=false", "", OffBy.SETTINGS),
        ("X-MATE-Autostart-enabled=false", "", OffBy.SETTINGS),
        ("OnlyShowIn=GNOME;", "KDE", OffBy.OTHER_DESKTOP),
        ("OnlyShowIn=GNOME;", "ubuntu:GNOME", None),
        ("OnlyShowIn=GNOME;", "", None),
        ("NotShowIn=KDE;XFCE;", "XFCE", OffBy.OTHER_DESKTOP),
        ("NotShowIn=KDE;", "GNOME", None),
        (f"Hidden=true\n{desktop_entry.SWITCHED_OFF_BY_US}=true", "", OffBy.US),
    ],
)
def test_who_switched_an_entry_off(tmp_path, line, desktop, off_by):
    home = LinuxHome(tmp_path, XDG_CURRENT_DESKTOP=desktop)
    home.entry("gamedetectd.desktop", home.program.argv[0] + " run", line)
    entry = found(home)["gamedetectd.desktop"]
    assert entry.off_by is off_by
    assert entry.works is (off_by is None)
    assert entry.this_program


def test_systemd_runs_entries_as_units_and_those_can_be_masked(home):
    on(home)
    home.units.mkdir(parents=True)
    mask = home.units / "app-gamedetectd@autostart.service"
    mask.symlink_to("/dev/null")
    assert found(home)["gamedetectd.desktop"].off_by is OffBy.MASKED
    on(home)
    assert not os.path.lexists(mask)
    assert found(home)["gamedetectd.desktop"].works


@pytest.mark.parametrize(
    ("command", "lines", "missing"),
    [
        ("/gone/gamedetectd run", (), "/gone/gamedetectd"),
        ("{program} run", ("TryExec=/gone/it",), "/gone/it"),
        ("env X=y /gone/gamedetectd run", (), "/gone/gamedetectd"),
        ('"never closed', (), "Exec"),
        ("{program} run", ("Type=Link",), "Exec"),
        ("{program} run", ("TryExec=sh",), ""),
    ],
)
def test_what_an_entry_lacks(home, command, lines, missing):
    text = "\n".join(["[Desktop Entry]", *lines, f"Exec={command.format(program=home.program.argv[0])}", ""])
    home.write(home.entries, "gamedetectd.desktop", text)
    entry = found(home)["gamedetectd.desktop"]
    assert entry.missing == missing
    assert entry.works is (not missing)


def test_a_link_that_leads_nowhere_is_an_entry_that_lacks_all(home):
    home.entries.mkdir(parents=True)
    (home.entries / "gamedetectd.desktop").symlink_to("/gone/dotfiles/gamedetectd.desktop")
    assert found(home)["gamedetectd.desktop"].missing == "Exec"
    on(home)
    assert not (home.entries / "gamedetectd.desktop").is_symlink()
    assert found(home)["gamedetectd.desktop"].works


def test_entries_of_other_names_are_found_switched_off_by_on_and_removed_only_by_all(home):
    other = installed(home.home / "other")
    home.entry("my-games.desktop", f"sh -c 'sleep 5; {other} run'", "X-Mine=kept")
    home.entry("firefox.desktop", "firefox")
    home.entry("notes.desktop", "gedit gamedetectd.txt")
    assert list(found(home)) == ["my-games.desktop"]
    assert found(home)["my-games.desktop"].works
    assert not found(home)["my-games.desktop"].this_program
    on(home)
    assert found(home)["gamedetectd.desktop"].works
    assert found(home)["my-games.desktop"].off_by is OffBy.US
    assert "X-Mine=kept" in (home.entries / "my-games.desktop").read_text()
    home.xdg.turn_off()
    assert found(home)["my-games.desktop"].off_by is OffBy.US
    home.xdg.turn_off(everything=True)
    assert found(home) == {}
    assert sorted(file.name for file in home.entries.iterdir()) == ["firefox.desktop", "notes.desktop"]


def test_an_entry_for_all_accounts_is_masked_for_this_one(home):
    command = home.program.argv[0] + " run"
    home.entry("gamedetectd.desktop", command, folder=home.entries_for_all)
    home.entry("gamedetectd-tray.desktop", command, folder=home.entries_for_all)
    assert all(entry.works and entry.this_program for entry in found(home).values())
    for everything in (False, True):
        home.xdg.turn_off(everything=everything)
        assert {name: entry.off_by for name, entry in found(home).items()} == {
            "gamedetectd.desktop": OffBy.US,
            "gamedetectd-tray.desktop": OffBy.US,
        }
        assert all(entry.place.startswith(str(home.entries)) for entry in found(home).values())
    on(home)
    assert found(home)["gamedetectd.desktop"].works
    assert found(home)["gamedetectd-tray.desktop"].off_by is OffBy.US


def test_an_entry_of_ones_own_over_one_for_all_is_hidden_by_all_rather_than_removed(home):
    for folder in (home.entries, home.entries_for_all):
        home.entry("x.desktop", "gamedetectd run", folder=folder)
    home.xdg.turn_off(everything=True)
    assert found(home)["x.desktop"].off_by is OffBy.US


@pytest.mark.parametrize(("desktop", "said"), [("sway", ["no-session-manager"]), ("GNOME", []), ("", [])])
def test_window_managers_that_start_no_entries_are_told_of(tmp_path, desktop, said):
    home = LinuxHome(tmp_path, XDG_CURRENT_DESKTOP=desktop)
    assert codes(home) == []
    on(home)
    assert codes(home) == said


@pytest.mark.parametrize("variable", ["FLATPAK_ID", "SNAP"])
def test_in_a_sandbox_it_cannot_be_done(tmp_path, variable):
    assert "sandbox" in LinuxHome(tmp_path, **{variable: "x"}).xdg.unsupported_reason()


def test_an_account_without_a_home(home, monkeypatch):
    monkeypatch.setattr("gamedetectd.platforms.autostart.xdg.Path.home", no_home)
    home.environment = {"HOME": "relative"}
    for mechanism in home.mechanisms:
        assert "home directory" in mechanism.unsupported_reason()
        assert mechanism.status().entries == ()
        with pytest.raises(AutostartError, match="home directory"):
            mechanism.turn_on(home.program.command())
        mechanism.turn_off() if mechanism.name == "systemd" else None


def no_home():
    raise RuntimeError("no home")


def test_the_bases_of_the_person_are_obeyed(tmp_path):
    home = LinuxHome(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "cfg"), XDG_CONFIG_DIRS="relative")
    (tmp_path / "cfg").mkdir(mode=0o700)
    on(home)
    assert (tmp_path / "cfg" / "autostart" / "gamedetectd.desktop").is_file()
    assert home.files() == []


@pytest.mark.parametrize("mechanism", ["xdg", "systemd"])
def test_nothing_is_written_where_others_could_change_it(home, mechanism):
    folder = home.entries if mechanism == "xdg" else home.units
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    with pytest.raises(PermissionsError):
        on(home, mechanism)
    assert list(folder.iterdir()) == []


def test_a_file_another_links_to_is_left_alone(home, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("[Desktop Entry]\nExec=gamedetectd run\n")
    home.entries.mkdir(parents=True)
    for name in ("gamedetectd.desktop", "second.desktop"):
        (home.entries / name).symlink_to(precious)
    on(home)
    assert precious.read_text() == "[Desktop Entry]\nExec=gamedetectd run\n"
    home.xdg.turn_off(everything=True)
    assert precious.exists()
    assert home.files() == []


def test_what_is_no_file_is_passed_over(home):
    home.entries.mkdir(parents=True)
    os.mkfifo(home.entries / "pipe.desktop")
    (home.entries / "folder.desktop").mkdir()
    (home.entries / "bytes.desktop").write_bytes(b"\xff\xfe[Desktop Entry]\nExec=\xff\n")
    assert found(home) == {}


def is_enabled(home):
    """What the real systemctl says, from the files alone."""
    if shutil.which("systemctl") is None:
        pytest.skip("systemctl is not installed")
    done = subprocess.run(
        ["systemctl", "--user", "is-enabled", "gamedetectd.service"],
        env={"PATH": os.environ["PATH"], "HOME": str(home.home), "SYSTEMD_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=10,
    )
    return done.stdout.strip() or done.stderr.strip()


def test_systemctl_sees_the_unit_as_we_do(home):
    on(home, "systemd")
    assert is_enabled(home) == "enabled"
    assert home.systemctl.asked[-1] == ("systemctl", "--user", "daemon-reload")
    assert home.files() == [
        ".config/systemd/user/gamedetectd.service",
        ".config/systemd/user/graphical-session.target.wants/gamedetectd.service",
    ]
    (home.units / "graphical-session.target.wants" / "gamedetectd.service").unlink()
    assert is_enabled(home) == "disabled"
    assert found(home, "systemd")["gamedetectd.service"].off_by is OffBy.NOT_ENABLED
    on(home, "systemd")
    (home.units / "gamedetectd.service").unlink()
    (home.units / "gamedetectd.service").symlink_to("/dev/null")
    assert is_enabled(home) == "masked"
    assert found(home, "systemd")["gamedetectd.service"].off_by is OffBy.MASKED
    on(home, "systemd")
    assert found(home, "systemd")["gamedetectd.service"].works
    home.systemd.turn_off()
    assert home.files() == []


def test_a_link_to_a_unit_that_is_gone_is_found(home):
    on(home, "systemd")
    (home.units / "gamedetectd.service").unlink()
    (entry,) = home.systemd.status().entries
    assert entry.missing.endswith("graphical-session.target.wants/gamedetectd.service")
    home.systemd.turn_off()
    assert home.files() == []


def test_a_unit_enabled_for_all_accounts_is_masked_for_this_one(home):
    home.unit("gamedetectd.service", "/usr/bin/env gamedetectd run", folder=home.units_for_all)
    assert found(home, "systemd")["gamedetectd.service"].off_by is None
    home.systemd.turn_off(everything=True)
    assert found(home, "systemd")["gamedetectd.service"].off_by is OffBy.MASKED
    assert is_enabled(home) == "masked"
    on(home, "systemd")
    assert found(home, "systemd")["gamedetectd.service"].this_program


def test_an_own_unit_over_one_enabled_for_all_becomes_a_mask(home):
    home.unit("gamedetectd.service", "gamedetectd run", folder=home.units_for_all)
    on(home, "systemd")
    home.systemd.turn_off()
    assert found(home, "systemd")["gamedetectd.service"].off_by is OffBy.MASKED


def test_a_packages_unit_that_nobody_enabled_is_nothing_to_worry_about(home):
    home.unit("gamedetectd.service", home.program.argv[0] + " run", folder=home.units_for_all, enabled=False)
    assert found(home, "systemd")["gamedetectd.service"].off_by is OffBy.NOT_ENABLED
    home.systemd.turn_off(everything=True)
    assert home.files() == []


def test_units_of_other_names_are_disabled_by_on_and_removed_only_by_all(home):
    home.unit("my-games.service", "/bin/sh -c 'exec /gone/gamedetectd run'")
    home.unit("pipewire.service", "/usr/bin/pipewire")
    assert found(home, "systemd")["my-games.service"].missing == "/gone/gamedetectd"
    on(home, "systemd")
    assert found(home, "systemd")["my-games.service"].off_by is OffBy.NOT_ENABLED
    home.systemd.turn_off(everything=True)
    assert home.files() == [
        ".config/systemd/user/default.target.wants/pipewire.service",
        ".config/systemd/user/pipewire.service",
    ]


@pytest.mark.parametrize(
    ("display", "answer", "said"),
    [
        (":0", (3, "inactive\n"), ["no-session-target"]),
        (":0", (0, "active\n"), []),
        (":0", None, []),
        ("", (3, "inactive\n"), []),
    ],
)
def test_a_desktop_that_systemd_knows_nothing_of_is_told_of(tmp_path, display, answer, said):
    home = LinuxHome(tmp_path, DISPLAY=display)
    home.systemctl = Tools({"is-active graphical-session.target": answer})
    on(home, "systemd")
    assert codes(home, "systemd") == said


@pytest.mark.parametrize("answer", [None, (1, "Failed to connect to bus")])
def test_without_a_systemd_that_answers_it_cannot_be_used(home, answer):
    home.systemctl = Tools({"--property=Version": answer})
    assert "systemctl --user" in home.systemd.unsupported_reason()

"""Where our files lie: on every account, and below one directory where the person wants that."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from gamedetectd.errors import PermissionsError, SettingsError
from gamedetectd.paths import SOCKET_PATH_LIMIT, Paths
from gamedetectd.platforms import permissions


def test_everything_lies_below_gamedetectd_home(tmp_path):
    paths = Paths.resolve({"GAMEDETECTD_HOME": str(tmp_path)})
    files = (
        paths.settings_file,
        paths.rules_file,
        paths.history_file,
        paths.journal_file,
        paths.event_log_file,
        paths.lock_file,
    )
    assert all(file.is_relative_to(tmp_path) for file in (*paths.directories, *files))
    assert len({*files}) == len(files)


@pytest.mark.parametrize(("home", "expected"), [("~/games", Path.home() / "games"), ("here", Path.cwd() / "here")])
def test_gamedetectd_home_is_made_absolute(home, expected):
    assert Paths.resolve({"GAMEDETECTD_HOME": home}).config == expected / "config"


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG directories are Linux's")
def test_without_it_the_directories_are_the_systems(tmp_path, monkeypatch):
    variables = {
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_CACHE_HOME": "cache",
        "XDG_RUNTIME_DIR": "runtime",
    }
    for variable, name in variables.items():
        (tmp_path / name).mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(tmp_path / name))
    paths = Paths.resolve({"GAMEDETECTD_HOME": ""})
    assert paths.settings_file == tmp_path / "config/gamedetectd/settings.toml"
    assert paths.history_file == tmp_path / "data/gamedetectd/history.db"
    assert paths.journal_file == tmp_path / "state/gamedetectd/journal.jsonl"
    assert paths.event_log_file.is_relative_to(tmp_path / "state/gamedetectd")
    assert paths.cache == tmp_path / "cache/gamedetectd"
    assert paths.lock_file == tmp_path / "runtime/gamedetectd/gamedetectd.lock"


def test_a_login_without_a_runtime_directory_warns_nobody(monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert Paths.resolve({}).runtime.is_absolute()


@pytest.mark.skipif(sys.platform == "win32", reason="HOME is not what Windows goes by")
def test_an_account_without_a_home_is_told_what_to_set(monkeypatch):
    def unknown(_uid):
        raise KeyError

    monkeypatch.setenv("HOME", "nowhere")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)  # an account that is in no list, as in some containers
    with pytest.raises(SettingsError) as caught:
        Paths.resolve({})
    assert "GAMEDETECTD_HOME" in caught.value.remedy


def test_a_runtime_directory_held_by_somebody_else_is_refused(monkeypatch):
    def taken(_self):
        raise PermissionError("/tmp/runtime-1000 is owned by mallory")

    monkeypatch.setattr("platformdirs.PlatformDirs.user_runtime_path", property(taken))  # needs a second account
    with pytest.raises(PermissionsError) as caught:
        Paths.resolve({})
    assert "mallory" in caught.value.cause
    assert "XDG_RUNTIME_DIR" in caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has named pipes instead")
@pytest.mark.parametrize("length", [10, 60, 90, 300, 3000])
def test_the_socket_can_be_bound_whatever_the_homes_length(length, tmp_path):
    home = tmp_path
    while len(os.fsencode(home)) < length:
        home = home / "a-directory-with-an-ä"
    paths = Paths.below(home)
    assert len(os.fsencode(paths.socket_file)) <= SOCKET_PATH_LIMIT
    permissions.create(paths)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(paths.socket_file))
    paths.socket_file.unlink()
    assert paths.socket_file.parent.stat().st_mode & 0o777 == 0o700


def test_two_long_homes_have_two_sockets_and_each_always_the_same(tmp_path, monkeypatch):
    first, second = (Paths.below(tmp_path / (name * 150)) for name in "ab")
    assert first.socket_file != second.socket_file
    before = first.socket_file
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert first.socket_file == before


def test_windows_has_its_short_directory_in_the_profile(monkeypatch, tmp_path):
    paths = Paths.below(tmp_path / ("a" * 150))
    monkeypatch.setenv("TEMP", "profile")
    monkeypatch.setattr(sys, "platform", "win32")  # only this one decision; the rest is tried under Wine
    short = paths.socket_file.parent
    monkeypatch.undo()
    assert short == Path("profile/gamedetectd")

"""Files beside a program: its own directories are listed, shared and private ones never, hostile ones harm nobody."""

import os
import sys
import time
from pathlib import Path

import pytest
from facts_samples import chain, make_pipe

from gamedetectd.domain import Facts
from gamedetectd.facts.files import (
    DIRECTORIES_LIMIT,
    NAMES_LIMIT,
    FilesSource,
    directories_of,
    is_shared,
    list_names,
)

HOME = "/home/me"


@pytest.mark.parametrize(
    ("path", "directories"),
    [
        ("/opt/g/g.x86_64", ["/opt/g", "/opt/g/g_Data", "/opt/g/game", "/opt/g/renpy", "/opt/g/www"]),
        ("/d/Proj/Game/Binaries/Win64/Game-Win64-Shipping.exe",
         ["/d/Proj/Game/Binaries/Win64", "/d/Proj/Game/Binaries", "/d/Proj/Game", "/d/Proj",
          "/d/Proj/Game/Content/Paks"]),
        ("/d/Visual/lib/py3-linux-x86_64/Visual",
         ["/d/Visual/lib/py3-linux-x86_64", "/d/Visual/lib", "/d/Visual", "/d/Visual/renpy", "/d/Visual/game"]),
        ("/d/nw/g/package.json", ["/d/nw/g", "/d/nw/g/www", "/d/nw/g/www/js", "/d/nw/g/js"]),
    ],
)  # fmt: skip
def test_marks_are_looked_for_in(path, directories):
    assert set(map(here, directories)) <= set(directories_of(here(path)))


def here(path):
    """Where a path of this list would lie on this system."""
    return str(Path("C:" + path)) if sys.platform == "win32" else path


def test_no_more_than_three_levels_up():
    assert "/a" not in set(directories_of("/a/bin/bin/bin/bin/x"))
    assert list(directories_of("game")) == []
    assert list(directories_of("C:\\Games\\x.exe")) == [] or sys.platform == "win32"


@pytest.mark.parametrize(
    "directory",
    [
        "/", "/usr/bin", "/usr/games", "/bin", "/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/libexec/gvfs", "/tmp",
        "/opt", "/home", "/home/me", "/home/you", "/root", "/home/me/Downloads", "/home/me/.local/bin",
        "/home/me/Games", "/home/me/Documents", "/mnt", "/media/disk", "/run/media/me/disk", "/run/user/1000",
        "/proc/1/root",        "/home/me/.steam/steam/steamapps/common", "/x/drive_c", "/x/drive_c/Program Files",
        "/x/drive_c/windows/system32", "/x/drive_c/users/me", "C:/", "C:\\", "C:\\Windows\\System32",
        "C:\\Program Files", "C:\\Program Files (x86)\\",
        "C:\\Users\\You", "/Applications", "/Users/you", "/Volumes/Disk",
    ],
)  # fmt: skip
def test_shared_and_private_directories_are_left_alone(directory):
    assert is_shared(directory, HOME)


@pytest.mark.parametrize(
    "directory",
    [
        "/opt/game", "/home/me/Games/doom", "/home/me/Downloads/doom", "/usr/share/games/doom", "/usr/lib/openarena",
        "/home/me/.steam/steam/steamapps/common/Portal 2", "/x/drive_c/Program Files/Doom", "/mnt/disk/Doom",
        "C:\\Program Files\\Doom", "D:\\Doom", "/Applications/Doom.app/Contents/MacOS", "/home/meg/x/y",
    ],
)  # fmt: skip
def test_a_programs_own_directory_is_listed(directory):
    assert not is_shared(directory, HOME)


def test_an_account_without_a_home_shares_nothing_more():
    assert not is_shared("/opt/game", "")
    assert not is_shared("/opt/game", "/")


@pytest.fixture
def game(tmp_path):
    """A Unity game below a home directory, with a source that looks for it."""
    home = tmp_path / "home"
    where = home / "Games" / "Doom"
    (where / "Doom_Data").mkdir(parents=True)
    (where / "UnityPlayer.so").touch()
    (where / "Doom.x86_64").touch()
    (where / "Doom_Data" / "globalgamemanagers").touch()
    return where


def source(home, *paths):
    return FilesSource(lambda _facts: [str(path) for path in paths], str(home))


def test_a_unity_game_shows_its_marks(game):
    files = source(game.parents[1], game / "Doom.x86_64").gather(chain(("x",))).files
    assert files == {
        str(game): ("Doom.x86_64", "Doom_Data", "UnityPlayer.so"),
        str(game / "Doom_Data"): ("globalgamemanagers",),
    }


def test_a_program_in_the_home_directory_itself_tells_nothing(game):
    home = game.parents[1]
    facts = chain(("x",))
    assert source(home, home / "x").gather(facts) is facts
    assert source(home, home / "Games" / "x").gather(facts) is facts
    assert source(home, "").gather(facts) is facts
    assert source(home).gather(facts) is facts


def test_a_link_to_the_home_directory_is_not_followed(game):
    home = game.parents[1]
    (home / "diary.txt").touch()
    (game / "game").symlink_to(home, target_is_directory=True)
    alias = home.parent / "alias"
    alias.symlink_to(home, target_is_directory=True)
    files = source(home, game / "Doom.x86_64").gather(Facts()).files
    assert not any("diary.txt" in names for names in files.values())
    assert source(alias, home / "x").gather(Facts()).files == {}
    assert source(home, alias / "x").gather(Facts()).files == {}


def test_a_home_directory_outside_the_usual_places_is_private_too(tmp_path):
    (tmp_path / "diary.txt").touch()
    (tmp_path / "x").touch()
    assert source(tmp_path, tmp_path / "x").gather(Facts()).files == {}


def test_at_most_sixteen_directories(tmp_path):
    paths = []
    for number in range(DIRECTORIES_LIMIT + 5):
        path = tmp_path / f"d{number}" / "x"
        path.parent.mkdir()
        path.touch()
        paths.append(path)
    assert len(source("/home/me", *paths).gather(Facts()).files) == DIRECTORIES_LIMIT


def test_a_hundred_thousand_names_are_not_all_read(tmp_path):
    for number in range(100_000):
        os.close(os.open(tmp_path / f"{number:06}", os.O_CREAT))
    started = time.monotonic()
    names = list_names(str(tmp_path))
    assert len(names) == NAMES_LIMIT
    assert time.monotonic() - started < 1
    assert names == tuple(sorted(names))


def test_odd_names_and_kinds_of_files(tmp_path):
    make_pipe(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "new\nline").touch()
    os.close(os.open(os.fsencode(tmp_path) + b"/\xff\xfe", os.O_CREAT))
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert set(list_names(str(tmp_path))) == {"pipe", "loop", "new\nline", "��", "sparse"}


def test_what_cannot_be_listed_is_nothing(tmp_path):
    make_pipe(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert list_names(str(tmp_path / "gone")) == ()
    assert list_names(str(tmp_path / "pipe")) == ()
    with pytest.raises(OSError, match="symbolic links"):
        list_names(str(tmp_path / "round"))


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_an_unreadable_directory_is_nothing(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(0o000)
    assert list_names(str(closed)) == ()

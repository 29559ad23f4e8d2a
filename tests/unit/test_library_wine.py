"""Windows' stores inside Wine prefixes, as whoever looks at their library on Linux or a Mac sees them."""

import os
from pathlib import Path

import pytest
from registry_samples import field, product

from gamedetectd.domain import System
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.wine_prefixes import WineReader

HEADER = "WINE REGISTRY Version 2\n;; All keys relative to REGISTRY\\\\Machine\n\n#arch=win64\n\n"


def escaped(path):
    return path.replace("\\", "\\\\")


def prefix(place, keys=None, *products):
    """A Wine prefix with these keys of HKLM, and with these products of Battle.net."""
    (place / "drive_c" / "users" / "me").mkdir(parents=True)
    (place / "dosdevices").mkdir()
    (place / "dosdevices" / "c:").symlink_to("../drive_c")
    (place / "dosdevices" / "z:").symlink_to("/")
    lines = [HEADER]
    for key, values in (keys or {}).items():
        lines.append(f"[{escaped(key)}] 1795672499\n#time=1dd7d6aabe67068\n")
        lines += [f'"{name}"="{escaped(value)}"\n' for name, value in values.items()]
    (place / "system.reg").write_text("".join(lines))
    if products:
        database = place / "drive_c/ProgramData/Battle.net/Agent/product.db"
        database.parent.mkdir(parents=True)
        database.write_bytes(b"".join(products) + field(5, b""))
    return place


def reader(home, system=System.LINUX, **environment):
    return WineReader(Surroundings(system, home, environment, None, (home / "nowhere",)))


def games(home, **environment):
    shelf = reader(home, **environment).load()
    assert shelf.problems == ()
    return [(game.store, game.id, game.title, game.install_dir) for game in shelf.games]


UBISOFT = r"Software\Wow6432Node\Ubisoft\Launcher\Installs\635"
GOG = r"Software\Wow6432Node\GOG.com\Games\1207658924"


def test_every_stores_games_in_a_prefix_are_found_where_this_system_sees_them(tmp_path):
    home = tmp_path / "me"
    place = prefix(
        home / "Games" / "battlenet",
        {
            UBISOFT: {"InstallDir": "C:/Program Files (x86)/Ubisoft/Ubisoft Game Launcher/games/Siege/"},
            GOG: {"gameID": "1207658924", "gameName": "Unreal Gold", "path": r"C:\GOG Games\Unreal Gold"},
            r"Software\Wow6432Node\Rockstar Games\L.A. Noire": {"InstallFolder": rf"Z:{tmp_path}\disk\noire"},
        },
        product("hs_beta", "hsb", r"C:\program files (X86)\Hearthstone"),
        product("s2", "s2", r"C:\Program Files (x86)\Gone"),
    )
    drive = place / "drive_c"
    wanted = [
        drive / "Program Files (x86)/Hearthstone",
        drive / "Program Files (x86)/Ubisoft/Ubisoft Game Launcher/games/Siege",
        tmp_path / "disk/noire",
        drive / "GOG Games/Unreal Gold",
    ]
    for directory in wanted:
        directory.mkdir(parents=True)
    assert games(home) == [
        ("battlenet", "hs_beta", "Hearthstone", str(wanted[0])),
        ("ubisoft", "635", "Siege", str(wanted[1])),
        ("rockstar", "l-a-noire", "L.A. Noire", str(wanted[2])),
        ("gog", "1207658924", "Unreal Gold", str(wanted[3])),
    ]
    assert reader(home).roots() == (str(place),)


@pytest.mark.parametrize(
    "path", ["Z:\\", "Z:\\{home}", "C:\\", "C:\\Program Files", "X:\\Games\\Anno", "Anno", "C:\\..\\.."]
)
def test_a_directory_that_many_share_is_no_games_in_wine_either(path, tmp_path):
    home = tmp_path / "me"
    prefix(home / ".wine", {UBISOFT: {"InstallDir": path.format(home=str(home).lstrip("/"))}})
    assert games(home) == []


@pytest.mark.parametrize(
    ("place", "environment"),
    [
        (".wine", {}),
        ("Games/anno", {}),
        ("Games/Heroic/Prefixes/default/Anno", {}),
        (".local/share/bottles/bottles/Anno", {}),
        (".var/app/com.usebottles.bottles/data/bottles/bottles/Anno", {}),
        (".local/share/Steam/steamapps/compatdata/123/pfx", {}),
        (".PlayOnLinux/wineprefix/Anno", {}),
        ("somewhere/else", {"WINEPREFIX": "{home}/somewhere/else"}),
        ("data/lutris/prefixes/anno", {"XDG_DATA_HOME": "{home}/data"}),
    ],
)
def test_prefixes_are_found_where_people_and_launchers_keep_them(place, environment, tmp_path):
    made = prefix(tmp_path / place, {UBISOFT: {"InstallDir": "C:/Anno 1800"}})
    (made / "drive_c/Anno 1800").mkdir()
    environment = {name: value.format(home=tmp_path) for name, value in environment.items()}
    assert [title for _, _, title, _ in games(tmp_path, **environment)] == ["Anno 1800"]


def test_a_prefix_that_is_reached_twice_is_read_once(tmp_path):
    made = prefix(tmp_path / ".wine", {UBISOFT: {"InstallDir": "C:/Anno 1800"}})
    (made / "drive_c/Anno 1800").mkdir()
    (tmp_path / "Games").mkdir()
    (tmp_path / "Games/again").symlink_to(made)
    assert len(games(tmp_path)) == 1


def test_only_a_prefix_that_changed_is_read_again(tmp_path):
    for name in ("a", "b"):
        made = prefix(tmp_path / "Games" / name, {UBISOFT: {"InstallDir": f"C:/Anno {name}"}})
        (made / f"drive_c/Anno {name}").mkdir()
    made = reader(tmp_path)
    before = made.fingerprint()
    first = made.load()
    assert made.fingerprint() == before
    text = (tmp_path / "Games/a/system.reg").read_text().replace("635", "4553")
    (tmp_path / "Games/a/system.reg").write_text(text)
    assert made.fingerprint() != before
    read = []
    made._read, kept = lambda prefix: read.append(prefix.name) or kept(prefix), made._read
    second = made.load()
    assert read == ["a"]
    assert [game.id for game in second.games] == ["4553", "635"]
    assert first.games[1] == second.games[1]


@pytest.mark.parametrize("kind", ["garbage", "directory", "pipe", "unreadable"])
def test_a_broken_registry_is_a_problem_with_its_place(kind, tmp_path):
    made = prefix(tmp_path / ".wine", {UBISOFT: {"InstallDir": "C:/Anno 1800"}})
    file = made / "system.reg"
    file.unlink()
    if kind == "garbage":
        file.write_bytes(b"Ubisoft\\\\Launcher\\\\Installs")
    elif kind == "directory":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/proc/self/mem")
    shelf = reader(tmp_path).load()
    assert shelf.games == ()
    assert [Path(problem.place).name for problem in shelf.problems] in (["system.reg"], ["mem"], [])
    assert shelf.nothing.endswith(".")


@pytest.mark.parametrize("system", list(System))
def test_no_prefix_is_said_in_a_sentence(system, tmp_path):
    made = reader(tmp_path, system)
    assert (made.load().games, list(made.roots()), made.fingerprint()) == ((), [], ())
    assert made.load().nothing.endswith(".")


def test_a_prefix_without_a_store_is_passed_over(tmp_path):
    prefix(tmp_path / ".wine", {r"Software\Microsoft\Windows": {"ProgramFilesDir": "C:\\Program Files"}})
    shelf = reader(tmp_path).load()
    assert shelf.games == shelf.problems == ()
    assert shelf.nothing == "No store has installed a game in any of the Wine prefixes."

"""Hostile files in stores' places: every reader ends soon, raises nothing, and tells each of them with a remedy."""

import gzip
import json
import os
import time

import pytest
from store_homes import linux, macos, registry, windows, write

from gamedetectd.domain import Shelf
from gamedetectd.library import databases
from gamedetectd.library.stores import STORES

HEROIC = ".config/heroic"
LUTRIS = ".local/share/lutris"
BOTTLES = ".local/share/bottles"

PLACES = [
    ("epic", windows, "ProgramData/Epic/EpicGamesLauncher/Data/Manifests/A.item"),
    ("epic", windows, "ProgramData/Epic/UnrealEngineLauncher/LauncherInstalled.dat"),
    ("epic", macos, "Users/Ann/Library/Application Support/Epic/EpicGamesLauncher/Data/Manifests/A.item"),
    ("gog", linux, "GOG Games/A/goggame-1.info"),
    ("gog", linux, "GOG Games/A/gameinfo"),
    ("gog", macos, "Applications/A.app/Contents/Resources/goggame-1.info"),
    ("gog", macos, "Users/Shared/GOG.com/Galaxy/Storage/galaxy-2.0.db"),
    ("heroic", linux, f"{HEROIC}/gog_store/installed.json"),
    ("heroic", linux, f"{HEROIC}/store_cache/gog_library.json"),
    ("heroic", linux, f"{HEROIC}/legendaryConfig/legendary/installed.json"),
    ("heroic", linux, f"{HEROIC}/nile_config/nile/installed.json"),
    ("heroic", linux, f"{HEROIC}/sideload_apps/library.json"),
    ("legendary", linux, ".config/legendary/installed.json"),
    ("lutris", linux, f"{LUTRIS}/pga.db"),
    ("lutris", linux, f"{LUTRIS}/games/a-1683516078.yml"),
    ("bottles", linux, f"{BOTTLES}/library.yml"),
    ("bottles", linux, f"{BOTTLES}/bottles/A/bottle.yml"),
    ("itch", linux, ".config/itch/db/butler.db"),
    ("itch", linux, ".config/itch/apps/a/.itch/receipt.json.gz"),
    ("amazon", windows, "Users/Ann/AppData/Local/Amazon Games/Data/Games/Sql/GameInstallInfo.sqlite"),
    ("amazon", linux, ".config/nile/installed.json"),
]
CONTENTS = {
    "empty": b"",
    "zeros": bytes(5000),
    "binary": bytes(range(256)) * 40,
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "half a document": b'{"installed": [{"appName": "1", "title": "a',
    "a deep nest of lists": b"[" * 200_000,
    "a deep nest of mappings": b'{"a":' * 200_000,
    "deep blocks": b"- " * 200_000,
    "a number beyond all bounds": b"9" * 10_000,
    "YAML that refers to itself": b"games: &a [*a, *a]\n",
    "YAML that makes Python things": b"name: !!python/object/apply:os.system ['touch /tmp/owned']\n",
    "half of a gzip": gzip.compress(os.urandom(5000))[:2500],
    "a gzip that grows beyond all bounds": gzip.compress(bytes(60_000_000)),
    "the head of a database": b"SQLite format 3\x00" + b"\x10\x00\x01\x01\x00\x40\x20\x20" + os.urandom(5000),
}
WELL_FORMED = [
    None, True, 7, "text", [], {}, [None], [[]], [{}], {"games": None}, {"installed": 7},
    {"InstallationList": {"a": 1}},
    {"installed": [{"appName": ["x"], "install_path": {"a": 1}, "title": 5}]},
    {"library": [{"app_name": 3, "title": ["x"], "install": "x"}], "games": [[], 1, {"app_name": "x", "install": []}]},
    {"a": {"title": None, "install_path": 3, "executable": ["x"]}, "": {"title": "t"}},
    [{"id": {"a": 1}, "path": 7}, {"id": "x", "path": "\ud800\x00/../.."}],
    {"AppName": "A", "MainGameAppName": "A", "DisplayName": "\ud800\x00" * 400, "InstallLocation": "C:" + "\\x" * 999},
    {"gameId": 1, "name": "x", "playTasks": {"a": {"isPrimary": "yes", "path": "../../../../etc/passwd"}}},
    {"game": {"exe": ["x"], "prefix": {}, "working_dir": 3}, "name": "x" * 9000},
    {"Name": 1, "External_Programs": {"a": {"name": None}, "b": 3, "c": {"name": "x", "path": "C:\x00"}}},
]  # fmt: skip


def load(store, make, tmp_path):
    started = time.monotonic()
    reader = STORES[store](make(tmp_path))
    reader.fingerprint()
    reader.roots()
    shelf = reader.load()
    assert time.monotonic() - started < 20
    assert isinstance(shelf, Shelf)
    assert bool(shelf.games) != bool(shelf.nothing)
    for problem in shelf.problems:
        assert problem.place.startswith(str(tmp_path))
        assert problem.cause.endswith(".")
        assert problem.remedy.endswith(".")
    for game in shelf.games:
        assert game.id
        assert game.title
        json.dumps([game.title, game.install_dir, *game.executables]).encode()
        " ".join([game.title, game.install_dir, *game.executables]).encode()
    return shelf


@pytest.fixture(params=PLACES, ids=lambda place: f"{place[0]} {place[2].rpartition('/')[2]}")
def place(request, monkeypatch):
    monkeypatch.setattr(databases, "LOCK_WAIT", 0.05)
    return request.param


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_what_is_no_file_of_the_stores_is_told_and_harms_nothing(tmp_path, place, content):
    store, make, file = place
    write(tmp_path / file, content)
    shelf = load(store, make, tmp_path)
    if not shelf.games and not file.endswith(("yml", "gameinfo")):  # plain text may pass for these
        assert [problem.place for problem in shelf.problems] == [str(tmp_path / file)]


def test_fields_of_the_wrong_types_make_no_game_of_nothing(tmp_path, place):
    store, make, file = place
    for value in WELL_FORMED:
        content = json.dumps(value).encode()
        write(tmp_path / file, gzip.compress(content) if file.endswith(".gz") else content)
        load(store, make, tmp_path)


@pytest.mark.parametrize("kind", ["directory", "pipe", "device", "loop", "huge"])
def test_what_is_not_a_plain_file_is_refused_without_waiting(tmp_path, place, kind):
    store, make, file = place
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    if kind == "directory":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    else:
        with path.open("wb") as huge:
            huge.truncate(3_000_000_000)
    shelf = load(store, make, tmp_path)
    assert [problem.place for problem in shelf.problems] == [str(path)]
    assert shelf.games == ()


def test_a_file_that_nobody_lets_us_read_is_told_with_the_remedy(tmp_path, monkeypatch):
    write(tmp_path / LUTRIS / "games/a.yml", "name: A\ngame: {exe: /g/a/x}\n")

    def forbidden(path, *_flags):  # who runs the tests may be root, who may read everything
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", forbidden)
        (problem,) = load("lutris", linux, tmp_path).problems
    assert (problem.cause, problem.remedy) == ("You may not read it.", "Give your account the right to read it.")


def test_a_registry_of_junk_makes_no_games(tmp_path):
    key = r"HKLM\SOFTWARE\WOW6432Node\GOG.com\Games"
    junk = {
        rf"{key}\1": {"gameID": 5, "gameName": b"\x00\xff", "path": 7},
        rf"{key}\2": {"gameName": "x" * 9000, "path": "relative"},
        rf"{key}\3": {"path": "\x00"},
        rf"{key}\4": {"path": "C:\\"},
    }
    shelf = load("gog", lambda home: windows(home, registry(junk)), tmp_path)
    assert all(game.install_dir == "" for game in shelf.games)


def test_directories_with_more_names_than_any_store_writes_end(tmp_path, monkeypatch):
    from gamedetectd.library import files

    monkeypatch.setattr(files, "NAMES_LIMIT", 50)
    for number in range(80):
        write(tmp_path / LUTRIS / f"games/{number:03}.yml", f"name: Game {number}\ngame: {{exe: /g/{number}/x}}\n")
    assert len(load("lutris", linux, tmp_path).games) == 50

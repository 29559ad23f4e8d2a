"""Ten thousand games of a store: what reading them costs, beside what Python's own JSON reader takes for the files."""

import json
import sqlite3
import sys
import time
from contextlib import closing

import pytest
from store_homes import linux, windows, write

from gamedetectd.library.epic import EpicReader
from gamedetectd.library.heroic import HeroicReader
from gamedetectd.library.lutris import LutrisReader

GAMES = 10_000
RATIO = 20 if sys.gettrace() is None else 200  # measuring coverage slows down our part only
"""How many times as long as ``json.loads`` of the same files a reader may take: a row for each game, not two passes."""


def epic(home):
    directory = home / "ProgramData/Epic/EpicGamesLauncher/Data/Manifests"
    directory.mkdir(parents=True)
    for number in range(GAMES):
        content = {
            "FormatVersion": 0, "bIsIncompleteInstall": False, "LaunchCommand": "", "bIsApplication": True,
            "LaunchExecutable": f"Game{number}/Binaries/Win64/Game.exe", "DisplayName": f"Some Game {number}",
            "InstallLocation": f"C:\\Program Files\\Epic Games\\SomeGame{number}", "ProcessNames": [],
            "AppCategories": ["public", "games", "applications"], "AppName": f"app{number}",
            "MainGameAppName": f"app{number}", "CatalogItemId": "0" * 32, "ChunkDbs": [], "InstallSize": 123456789,
        }  # fmt: skip
        (directory / f"{number:032X}.item").write_text(json.dumps(content, indent=1))
    return EpicReader(windows(home)), sorted(directory.iterdir())


def heroic(home):
    root = home / ".config/heroic"
    entries = [
        {"appName": str(number), "install_path": f"/data/Games/Heroic/Game {number}", "executable": "", "is_dlc": False}
        for number in range(GAMES)
    ]
    owned = [
        {"app_name": str(number), "title": f"Game: {number}", "extra": {"about": {"description": "x" * 300}}}
        for number in range(GAMES)
    ]
    installed = write(root / "gog_store/installed.json", {"installed": entries})
    return HeroicReader(linux(home)), [installed, write(root / "store_cache/gog_library.json", {"games": owned})]


def lutris(home):
    root = home / ".local/share/lutris"
    (root / "games").mkdir(parents=True)
    files = []
    with closing(sqlite3.connect(root / "pga.db")) as connection, connection:
        connection.execute("CREATE TABLE games (name, slug, runner, platform, directory, configpath, installed)")
        for number in range(GAMES):
            place = f"/data/Games/game-{number}"
            row = (f"Game {number}", f"game-{number}", "wine", "Windows", place, f"game-{number}-1683516078")
            connection.execute("INSERT INTO games VALUES (?, ?, ?, ?, ?, ?, 1)", row)
            game = f"  exe: {place}/drive_c/Game/game.exe\n  prefix: {place}\n"
            script = f"script:\n  game:\n    exe: $GAMEDIR/x.exe\n  installer:\n  - task:\n      prefix: {place}\n"
            path = root / "games" / f"{row[5]}.yml"
            path.write_text(f"game:\n{game}game_slug: {row[1]}\nname: {row[0]}\n{script}" + "system: {}\nwine: {}\n")
            files.append(path)
    return LutrisReader(linux(home)), files


@pytest.mark.parametrize("make", [epic, heroic, lutris])
def test_ten_thousand_games_take_little_more_than_their_files(tmp_path, make):
    reader, files = make(tmp_path)
    started = time.process_time()
    for path in files:
        data = path.read_bytes()
        json.loads(data if path.suffix != ".yml" else json.dumps(data.decode()))
    plain = time.process_time() - started
    before = reader.fingerprint()
    started = time.process_time()
    shelf = reader.load()
    took = time.process_time() - started
    assert len(shelf.games) == GAMES
    assert shelf.problems == ()
    assert reader.fingerprint() == before
    print(f"{reader.name}: {took:.2f} s, json.loads {plain:.2f} s")
    assert took < RATIO * plain

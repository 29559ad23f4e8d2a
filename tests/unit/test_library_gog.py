"""GOG's games: by the registry, by the files in their directories, by Galaxy's database and in macOS bundles."""

import pytest
from store_homes import complaints, database, linux, macos, programs, registry, told, windows, write

from gamedetectd.library.gog import GogReader
from gamedetectd.library.gog_info import parse_start

KEY = r"HKLM\SOFTWARE\WOW6432Node\GOG.com\Games"


def info(ident, title, *tasks, root=None):
    return {"gameId": ident, "rootGameId": root or ident, "name": title, "playTasks": list(tasks)}


def task(path, *, primary=False, **more):
    return {"type": "FileTask", "path": path, "isPrimary": primary, "category": "game", **more}


def test_the_registry_tells_games_and_leaves_out_add_ons(tmp_path):
    place = r"C:\GOG Games\The Witcher 3 Wild Hunt GOTY"
    keys = {
        rf"{KEY}\1495134320": {
            "gameID": "1495134320", "gameName": "The Witcher 3: Wild Hunt", "PATH": place, "dependsOn": "",
            "exe": place + r"\bin\x64\witcher3.exe",
        },
        rf"{KEY}\1427206442": {"gameID": "1427206442", "gameName": "DLC", "path": place, "dependsOn": "1495134320"},
        rf"{KEY}\1207658924": {"gameName": "Unreal Gold", "path": r"D:\Unreal Gold"},
        rf"{KEY}\77": {"gameName": "Gone"},
    }  # fmt: skip
    shelf = GogReader(windows(tmp_path, registry(keys))).load()
    assert told(shelf) == [
        ("gog", "1495134320", "The Witcher 3: Wild Hunt", place),
        ("gog", "1207658924", "Unreal Gold", r"D:\Unreal Gold"),
    ]
    assert programs(shelf)["The Witcher 3: Wild Hunt"] == [place + r"\bin\x64\witcher3.exe"]


def test_the_games_own_file_adds_the_programs_that_start_it(tmp_path):
    place = tmp_path / "GOG Games" / "Tyranny"
    write(
        place / "goggame-1266051739.info",
        info(
            "1266051739",
            "Tyranny",
            task("Manual.pdf", category="document"),
            task("Tools\\Settings.exe", category="tool"),
            task("Extra\\Other.exe"),
            task("Tyranny.exe", primary=True),
            {"type": "URLTask", "link": "https://www.gog.com/support", "isPrimary": False},
        ),
    )
    keys = {rf"{KEY}\1266051739": {"gameID": "1266051739", "gameName": "Tyranny", "path": str(place)}}
    shelf = GogReader(windows(tmp_path, registry(keys))).load()
    assert programs(shelf) == {"Tyranny": [str(place / "Tyranny.exe"), str(place / "Extra/Other.exe")]}


def test_without_a_registry_the_usual_directories_tell(tmp_path):
    place = tmp_path / "GOG Games" / "Beneath A Steel Sky"
    write(
        place / "goggame-1207658695.info",
        info("1207658695", "Beneath a Steel Sky", task("ScummVM\\s.exe", primary=True)),
    )
    write(place / "goggame-1207658699.info", info("1207658699", "An Add-on", root="1207658695"))
    write(tmp_path / "Program Files (x86)/GOG Galaxy/Games/Gwent/goggame-1.info", info("1781401492", "GWENT"))
    shelf = GogReader(windows(tmp_path)).load()
    assert told(shelf) == [
        ("gog", "1207658695", "Beneath a Steel Sky", str(place)),
        ("gog", "1781401492", "GWENT", str(tmp_path / "Program Files (x86)/GOG Galaxy/Games/Gwent")),
    ]


START = """#!/bin/bash
# GOG.com (www.gog.com)
CURRENT_DIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" && pwd )"
cd "${CURRENT_DIR}"

# Initialization
source support/gog_com.shlib

# Game info
GAME_NAME="$(get_gameinfo 1)"

# Actions
run_game() {
  echo "Running ${GAME_NAME}"
  cd "${CURRENT_DIR}/game"
  chmod +x *
  ./"StardewValley"
}
"""


def test_linux_games_are_known_by_gameinfo_and_their_start_script(tmp_path):
    place = tmp_path / "GOG Games" / "Stardew Valley"
    write(place / "gameinfo", "Stardew Valley\n1.5.6.39385\nn/a\nen-US\n1453375253\n1453375253\n")
    write(place / "start.sh", START)
    old = tmp_path / "GOG Games" / "Old One"
    write(old / "gameinfo", "Old One: Again\n2.0.0.1\n")
    shelf = GogReader(linux(tmp_path)).load()
    assert told(shelf) == [
        ("gog", "old_one_again", "Old One: Again", str(old)),
        ("gog", "1453375253", "Stardew Valley", str(place)),
    ]
    assert programs(shelf)["Stardew Valley"] == [str(place / "start.sh"), str(place / "game/StardewValley")]
    assert programs(shelf)["Old One: Again"] == [str(old / "start.sh")]


def test_an_add_on_that_put_its_gameinfo_over_the_games_does_not_name_it(tmp_path):
    place = tmp_path / "GOG Games" / "Stellaris"
    write(place / "gameinfo", "Stellaris: Plantoids\n3.8\n1\nen-US\n1508702879\n1508702878\n")
    assert told(GogReader(linux(tmp_path)).load()) == [("gog", "1508702878", "Stellaris", str(place))]
    write(place / "game/goggame-1508702878.info", info("1508702878", "Stellaris®", task("stellaris", primary=True)))
    write(place / "game/goggame-1508702879.info", info("1508702879", "Stellaris: Plantoids", root="1508702878"))
    shelf = GogReader(linux(tmp_path)).load()
    assert told(shelf) == [("gog", "1508702878", "Stellaris", str(place))]
    assert programs(shelf)["Stellaris"] == [str(place / "start.sh"), str(place / "game/stellaris")]


@pytest.mark.parametrize(
    ("script", "program"),
    [
        ("cd game\n./Game.x86_64 \"$@\"", "game/Game.x86_64"),
        ("cd 'my game'\nexec ./run.sh", "my game/run.sh"),
        ("  ./\"A Game\" --flag", "A Game"),
        ("./A\\ Game", "A Game"),
        ("cd /opt\n./x", "x"),
        ("cd \"$HOME\"\n./x", "x"),
        ("./\"$NAME\"", ""),
        ("echo nothing", ""),
        ("cd game\ncd ..\n./x", "../x"),
    ],
)  # fmt: skip
def test_the_program_of_a_start_script(script, program):
    assert parse_start(script.encode()) == program


def test_macs_have_games_in_bundles_and_galaxy_knows_those_elsewhere(tmp_path):
    bundle = tmp_path / "Applications" / "FTL.app"
    write(bundle / "Contents/Resources/goggame-1207659102.info", info("1207659102", "FTL: Advanced Edition"))
    (tmp_path / "Applications/Safari.app/Contents/Resources").mkdir(parents=True)
    outside = tmp_path / "Volumes/Disk/Inside.app"
    write(outside / "Contents/Resources/goggame-2.info", info("2222222222", "Inside"))
    database(
        tmp_path / "Users/Shared/GOG.com/Galaxy/Storage/galaxy-2.0.db",
        {
            "InstalledBaseProducts": [
                {"productId": 2222222222, "installationPath": str(outside)},
                {"productId": 3333333333, "installationPath": "/Volumes/Gone/Third"},
                {"productId": 4, "installationPath": ""},
            ],
            "LimitedDetails": [{"productId": 3333333333, "title": "The Third"}],
        },
    )
    shelf = GogReader(macos(tmp_path)).load()
    assert told(shelf) == [
        ("gog", "2222222222", "Inside", str(outside)),
        ("gog", "3333333333", "The Third", "/Volumes/Gone/Third"),
        ("gog", "1207659102", "FTL: Advanced Edition", str(bundle)),
    ]
    assert shelf.problems == ()


def test_a_broken_file_is_told_once_and_the_registry_still_counts(tmp_path):
    place = tmp_path / "GOG Games" / "Tyranny"
    write(place / "goggame-1266051739.info", b"\x00" * 50)
    write(tmp_path / "GOG Games" / "Nameless" / "goggame-1.info", {"name": "x"})
    keys = {rf"{KEY}\1266051739": {"gameID": "1266051739", "gameName": "Tyranny", "path": str(place)}}
    shelf = GogReader(windows(tmp_path, registry(keys))).load()
    assert told(shelf) == [("gog", "1266051739", "Tyranny", str(place))]
    assert complaints(shelf) == [
        ("goggame-1266051739.info", "It holds nothing but zeros."),
        ("goggame-1.info", "It does not say which game it is."),
    ]


def test_a_new_game_changes_the_fingerprint_and_nothing_is_said_in_a_sentence(tmp_path):
    reader = GogReader(linux(tmp_path))
    assert reader.load().nothing == "GOG is not installed here."
    before = reader.fingerprint()
    write(tmp_path / "GOG Games" / "A" / "readme", "")
    assert reader.fingerprint() != before
    assert reader.load().nothing == "GOG has installed nothing."
    before = reader.fingerprint()
    write(tmp_path / "GOG Games" / "A" / "gameinfo", "A\n1.0\n")
    assert reader.fingerprint() != before
    assert told(reader.load()) == [("gog", "a", "A", str(tmp_path / "GOG Games" / "A"))]


def test_a_new_registry_key_changes_the_fingerprint(tmp_path):
    keys = {rf"{KEY}\1": {"gameID": "1", "gameName": "One", "path": r"C:\One"}}
    tree = registry(keys)
    reader = GogReader(windows(tmp_path, tree))
    before = reader.fingerprint()
    tree.add(rf"{KEY}\2").update({"gameID": "2", "gameName": "Two", "path": r"C:\Two"})
    assert reader.fingerprint() != before
    assert [title for _, _, title, _ in told(reader.load())] == ["One", "Two"]

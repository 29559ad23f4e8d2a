"""Heroic's games: from real files of each of its stores, and from trees with what those lack."""

import os

import pytest
from store_homes import complaints, lay_out, linux, macos, programs, told, windows, write

from gamedetectd.library.heroic import HeroicReader

DATA = "heroic-legendary-lutris"


def heroic(tmp_path, **environment):
    return HeroicReader(linux(tmp_path, **environment)).load()


@pytest.mark.parametrize(
    ("source", "games"),
    [
        ("heroic-gog-with-store-cache", [("gog", "app-1", "game-1", "/games/game-1")]),
        ("heroic-gog-without-store-cache", [("gog", "app-1", "game-1", "/games/game-1")]),
        ("heroic-nile", [("amazon", "app-1", "game-1", "/games/game-1")]),
        ("heroic-sideload", [("heroic", "app-1", "game-1", "/games/game-1")]),
        ("heroic-legendary", []),  # it owns a game that is not installed
    ],
)
@pytest.mark.parametrize("root", [".config/heroic", ".var/app/com.heroicgameslauncher.hgl/config/heroic"])
def test_real_directories_are_read_as_a_person_would(tmp_path, source, games, root):
    lay_out(f"{DATA}/{source}", tmp_path / root)
    shelf = heroic(tmp_path)
    assert told(shelf) == games
    assert shelf.problems == ()
    assert shelf.nothing == ("" if games else "Heroic has installed nothing.")


def test_all_of_them_together_are_games_of_four_stores(tmp_path):
    for source in ("heroic-gog-with-store-cache", "heroic-nile", "heroic-sideload", "heroic-legendary"):
        lay_out(f"{DATA}/{source}", tmp_path / ".config/heroic")
    lay_out(f"{DATA}/legendary", tmp_path / ".config/heroic/legendaryConfig/legendary")
    shelf = heroic(tmp_path)
    assert told(shelf) == [
        ("epic", "app-1", "game-1", "/games/game-1"),
        ("gog", "app-1", "game-1", "/games/game-1"),
        ("amazon", "app-1", "game-1", "/games/game-1"),
        ("heroic", "app-1", "game-1", "/games/game-1"),
    ]
    assert [game.also for game in shelf.games] == [("heroic:app-1",)] * 3 + [()]
    epic, *_, added = shelf.games
    assert epic.executables == ("/games/game-1/game-1.exe",)
    assert added.executables == ("/games/game-1/game.exe",)


@pytest.mark.parametrize(
    ("make", "root"),
    [
        (linux, ".config/heroic"),
        (windows, "Users/Ann/AppData/Roaming/heroic"),
        (macos, "Users/Ann/Library/Application Support/heroic"),
    ],
)
def test_it_is_found_on_every_system(tmp_path, make, root):
    entry = {"appName": "1", "install_path": "/games/One", "is_dlc": False}
    write(tmp_path / root / "gog_store/installed.json", {"installed": [entry]})
    reader = HeroicReader(make(tmp_path))
    assert told(reader.load()) == [("gog", "1", "One", "/games/One")]
    assert str(tmp_path / root) in reader.roots()
    assert str(tmp_path / root / "gog_store") in reader.roots()


@pytest.mark.parametrize("top", ["", ".var/app/com.heroicgameslauncher.hgl"])
def test_its_files_may_be_spread_over_the_directories_for_data_and_cache(tmp_path, top):
    config, data, cache = ("config", "data", "cache") if top else (".config", ".local/share", ".cache")
    old = {"installed": [{"appName": "0", "install_path": "/games/Long Gone"}]}
    os.utime(write(tmp_path / top / config / "heroic/gog_store/installed.json", old), (1, 1))
    new = {"installed": [{"appName": "1", "install_path": "/games/One"}]}
    write(tmp_path / top / data / "heroic/gog_store/installed.json", new)
    titles = {"games": [{"app_name": "1", "title": "The One"}]}
    write(tmp_path / top / cache / "heroic/store_cache/gog_library.json", titles)
    assert told(heroic(tmp_path)) == [("gog", "1", "The One", "/games/One")]


def gog(tmp_path, *entries, titles=()):
    root = tmp_path / ".config/heroic"
    write(root / "gog_store/installed.json", {"installed": list(entries)})
    write(
        root / "store_cache/gog_library.json", {"games": [{"app_name": app, "title": title} for app, title in titles]}
    )


def test_gogs_own_files_tell_programs_and_missing_titles(tmp_path):
    place = tmp_path / "Games/Heroic/Tyranny"
    tasks = [{"isPrimary": True, "type": "FileTask", "path": "bin\\Tyranny.exe"}]
    write(place / "goggame-1266051739.info", {"gameId": "1266051739", "name": "Tyranny", "playTasks": tasks})
    gog(tmp_path, {"appName": "1266051739", "install_path": str(place), "platform": "windows"})
    shelf = heroic(tmp_path)
    assert told(shelf) == [("gog", "1266051739", "Tyranny", str(place))]
    assert programs(shelf) == {"Tyranny": [f"{place}/bin/Tyranny.exe"]}


def test_a_native_game_of_gogs_starts_with_its_script(tmp_path):
    place = tmp_path / "Games/Heroic/Stardew Valley"
    write(place / "gameinfo", "Stardew Valley\n1.5\nn/a\nen-US\n1453375253\n")
    write(place / "start.sh", "cd game\n./StardewValley\n")
    gog(tmp_path, {"appName": "1453375253", "install_path": str(place), "platform": "linux"})
    assert programs(heroic(tmp_path)) == {"Stardew Valley": [f"{place}/start.sh", f"{place}/game/StardewValley"]}


def test_titles_come_from_the_library_and_add_ons_are_no_games(tmp_path):
    gog(
        tmp_path,
        {"appName": "1", "install_path": "/g/The Game/", "executable": "bin/game.exe"},
        {"appName": "2", "install_path": "/g/The Game", "is_dlc": True},
        {"appName": "3", "install_path": "/g/Untitled One"},
        {"appName": "4", "install_path": ""},
        titles=[("1", "The Game: Deluxe"), ("2", "An Add-on"), ("9", "Owned Only")],
    )
    shelf = heroic(tmp_path)
    assert told(shelf) == [
        ("gog", "1", "The Game: Deluxe", "/g/The Game"),
        ("gog", "3", "Untitled One", "/g/Untitled One"),
    ]
    assert programs(shelf)["The Game: Deluxe"] == ["/g/The Game/bin/game.exe"]


def test_niles_list_counts_more_than_the_librarys_memory(tmp_path):
    place = tmp_path / "Games/Amazon/Overcooked"
    write(
        place / "fuel.json", '{"SchemaVersion": "2", // by hand\n "Main": {"Command": "Overcooked.exe", "Args": [],},}'
    )
    root = tmp_path / ".config/heroic"
    write(root / "nile_config/nile/installed.json", [{"id": "amzn1.adg.product.1", "path": str(place)}, 7, {}])
    remembered = {"app_name": "amzn1.adg.product.2", "title": "Gone", "install": {"install_path": "/gone"}}
    titled = {"app_name": "amzn1.adg.product.1", "title": "Overcooked!"}
    write(root / "store_cache/nile_library.json", {"library": [remembered, titled]})
    shelf = heroic(tmp_path)
    assert told(shelf) == [("amazon", "amzn1.adg.product.1", "Overcooked!", str(place))]
    assert programs(shelf) == {"Overcooked!": [f"{place}/Overcooked.exe"]}
    assert shelf.games[0].also == ("heroic:amzn1.adg.product.1",)


def test_without_a_list_only_what_the_library_calls_installed_counts(tmp_path):
    entries = [
        {
            "app_name": "A",
            "title": "Is",
            "is_installed": True,
            "install": {"install_path": "/g/A", "executable": "a.exe"},
        },
        {"app_name": "B", "title": "Was", "is_installed": False, "install": {"install_path": "/g/B"}},
        {"app_name": "C", "title": "Add-on", "install": {"install_path": "/g/C", "is_dlc": True}},
        {"app_name": "D", "title": "Owned", "install": {}},
    ]
    write(tmp_path / ".config/heroic/store_cache/legendary_library.json", {"library": entries})
    shelf = heroic(tmp_path)
    assert told(shelf) == [("epic", "A", "Is", "/g/A")]
    assert programs(shelf) == {"Is": ["/g/A/a.exe"]}


def sideload(tmp_path, **entry):
    game = {"runner": "sideload", "app_name": "app", "title": "My Game", **entry}
    write(tmp_path / ".config/heroic/sideload_apps/library.json", {"games": [game]})
    return heroic(tmp_path)


def test_an_added_windows_program_is_translated_by_its_prefix(tmp_path):
    prefix = tmp_path / "prefixes" / "mine"
    (prefix / "pfx" / "drive_c").mkdir(parents=True)
    settings = {"app": {"winePrefix": str(prefix)}}
    write(tmp_path / ".config/heroic/GamesConfig/app.json", settings)
    shelf = sideload(tmp_path, install={"executable": r"C:\Games\Mine\bin\Win64\mine.exe", "platform": "Windows"})
    drive = prefix / "pfx/drive_c"
    assert told(shelf) == [("heroic", "app", "My Game", f"{drive}/Games/Mine")]
    assert programs(shelf) == {"My Game": [f"{drive}/Games/Mine/bin/Win64/mine.exe"]}


def test_an_added_page_is_a_game_without_a_place(tmp_path):
    shelf = sideload(tmp_path, install={"executable": "", "platform": "Browser"}, browserUrl="https://example.com")
    assert told(shelf) == [("heroic", "app", "My Game", "")]
    assert programs(shelf) == {"My Game": []}


def test_an_added_launcher_is_no_game_and_a_directory_of_many_is_nobodys(tmp_path):
    assert told(sideload(tmp_path, title="Battle.net", install={"executable": "/g/b/b.exe"})) == []
    emulator = sideload(tmp_path, install={"executable": "/home/ann/apps/pcsx2/pcsx2.AppImage"}).games[0]
    assert (emulator.title, emulator.install_dir, emulator.executables) == ("My Game", "", ())
    shelf = sideload(tmp_path, folder_name=str(tmp_path), install={"executable": f"{tmp_path}/mine.exe"})
    assert told(shelf) == [("heroic", "app", "My Game", "")]
    assert programs(shelf) == {"My Game": [f"{tmp_path}/mine.exe"]}


@pytest.mark.parametrize(
    ("file", "content", "cause"),
    [
        ("gog_store/installed.json", [], "It is not a list of games."),
        ("gog_store/installed.json", {"installed": {}}, "It is not a list of games."),
        ("gog_store/library.json", "nonsense", "It is not JSON"),
        ("store_cache/gog_library.json", b"\xff\xfe\x00", "It is not text in UTF-8."),
        ("legendaryConfig/legendary/installed.json", b"", "It is empty."),
        ("legendaryConfig/legendary/installed.json", "null", "It is not a list of installed games."),
        ("nile_config/nile/installed.json", {}, "It is not a list of installed games."),
        ("sideload_apps/library.json", "[" * 9000, "It is nested too deeply."),
    ],
)
def test_what_cannot_be_read_is_told_with_cause_and_remedy(tmp_path, file, content, cause):
    write(tmp_path / ".config/heroic" / file, content)
    shelf = heroic(tmp_path)
    assert [name for name, _ in complaints(shelf)] == [file.rpartition("/")[2]]
    assert complaints(shelf)[0][1].startswith(cause)
    assert shelf.problems[0].remedy.endswith(".")
    assert shelf.nothing == "What Heroic has installed cannot be read."


def test_a_store_that_was_cleared_is_no_problem(tmp_path):
    write(tmp_path / ".config/heroic/gog_store/installed.json", {})
    write(tmp_path / ".config/heroic/sideload_apps/library.json", {})
    assert heroic(tmp_path).nothing == "Heroic has installed nothing."


def test_a_game_installed_meanwhile_changes_the_fingerprint(tmp_path):
    gog(tmp_path, {"appName": "1", "install_path": "/g/One"})
    reader = HeroicReader(linux(tmp_path))
    before = reader.fingerprint()
    gog(tmp_path, {"appName": "1", "install_path": "/g/One"}, {"appName": "2", "install_path": "/g/Two"})
    assert reader.fingerprint() != before
    assert len(reader.load().games) == 2

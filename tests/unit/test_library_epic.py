"""Epic's games, as Epic's launcher and as Legendary left them on the disk."""

import pytest
from store_homes import complaints, fixture, lay_out, linux, macos, programs, registry, told, windows, write

from gamedetectd.library.epic import EpicReader
from gamedetectd.library.legendary import LegendaryReader

MANIFESTS = "ProgramData/Epic/EpicGamesLauncher/Data/Manifests"
LIST = "ProgramData/Epic/UnrealEngineLauncher/LauncherInstalled.dat"


def item(app, title, place, program="Game.exe", **more):
    return {
        "FormatVersion": 0,
        "AppName": app,
        "MainGameAppName": app,
        "DisplayName": title,
        "InstallLocation": place,
        "LaunchExecutable": program,
        "AppCategories": ["public", "games", "applications"],
        **more,
    }


def test_games_are_listed_with_title_directory_and_program(tmp_path):
    place = r"C:\Program Files\Epic Games\rocketleague"
    write(
        tmp_path / MANIFESTS / "A1.item",
        item("Sugar", "Rocket League®", place, "Binaries/Win64/RocketLeague.exe"),
    )
    write(tmp_path / MANIFESTS / "B2.item", item("Fortnite", "Fortnite", r"D:\Epic\Fortnite", "FortniteGame/F.exe"))
    write(tmp_path / MANIFESTS / "Pending" / "C3.item", item("Other", "Half Loaded", r"D:\Other"))
    shelf = EpicReader(windows(tmp_path)).load()
    assert told(shelf) == [
        ("epic", "Sugar", "Rocket League", place),
        ("epic", "Fortnite", "Fortnite", r"D:\Epic\Fortnite"),
    ]
    assert programs(shelf)["Rocket League"] == [place + r"\Binaries\Win64\RocketLeague.exe"]
    assert shelf.problems == ()
    assert shelf.nothing == ""


@pytest.mark.parametrize(
    "extra",
    [
        item("AddOn", "An Add-on", r"C:\Games\Main", MainGameAppName="Main"),
        item("UE_5.4", "Unreal Engine", r"C:\Program Files\Epic Games\UE_5.4", AppCategories=["engines", "public"]),
        item("QuixelBridge", "Quixel Bridge", r"C:\UE\Plugins", AppCategories=["plugins", "plugins/engine"]),
        item("Art", "Art Book", r"C:\Games\Art", AppCategories=["digitalextras"]),
    ],
    ids=lambda extra: extra["DisplayName"],
)
def test_what_is_no_game_is_not_listed(tmp_path, extra):
    write(tmp_path / MANIFESTS / "A1.item", item("Main", "The Game", r"C:\Games\Main"))
    write(tmp_path / MANIFESTS / "B2.item", extra)
    assert [title for _, _, title, _ in told(EpicReader(windows(tmp_path)).load())] == ["The Game"]


def test_the_launchers_list_knows_games_whose_manifest_is_gone_by_their_directory(tmp_path):
    write(tmp_path / MANIFESTS / "A1.item", item("Main", "The Game", r"C:\Games\Main"))
    entries = [
        {"AppName": "Main", "InstallLocation": r"C:\Games\Main"},
        {"AppName": "MainAddOn", "InstallLocation": "C:/Games/Main/"},
        {"AppName": "Wren", "InstallLocation": r"C:\Program Files\Epic Games\AlanWake2"},
        {"AppName": "UE_5.3", "InstallLocation": r"C:\Program Files\Epic Games\UE_5.3"},
        {"AppName": "Nowhere", "InstallLocation": ""},
        "junk",
    ]
    write(tmp_path / LIST, {"InstallationList": entries})
    assert told(EpicReader(windows(tmp_path)).load()) == [
        ("epic", "Wren", "AlanWake2", r"C:\Program Files\Epic Games\AlanWake2"),
        ("epic", "Main", "The Game", r"C:\Games\Main"),
    ]


def test_of_two_manifests_the_one_whose_directory_the_launcher_lists_counts(tmp_path):
    write(tmp_path / MANIFESTS / "A1.item", item("Main", "The Game", r"D:\New\Main"))
    write(tmp_path / MANIFESTS / "B2.item", item("Main", "The Game", r"C:\Old\Main"))
    write(tmp_path / LIST, {"InstallationList": [{"AppName": "Main", "InstallLocation": "D:/New/Main"}]})
    assert told(EpicReader(windows(tmp_path)).load()) == [("epic", "Main", "The Game", r"D:\New\Main")]


def test_broken_manifests_are_told_and_the_others_still_count(tmp_path):
    write(tmp_path / MANIFESTS / "A1.item", item("Main", "The Game", r"C:\Games\Main"))
    for name, content in {"empty": b"", "null": b"null", "zeros": bytes(400), "half": b'{"AppName": "X", '}.items():
        write(tmp_path / MANIFESTS / f"{name}.item", content)
    shelf = EpicReader(windows(tmp_path)).load()
    assert [title for _, _, title, _ in told(shelf)] == ["The Game"]
    assert [name for name, _ in complaints(shelf)] == ["empty.item", "half.item", "null.item", "zeros.item"]
    causes = dict(complaints(shelf))
    assert causes["empty.item"] == "It is empty."
    assert causes["zeros.item"] == "It holds nothing but zeros."
    assert causes["null.item"] == "It says nothing about a game."
    assert causes["half.item"].startswith("It is not JSON: ")


def test_the_registry_says_where_the_launcher_keeps_its_data(tmp_path):
    data = tmp_path / "elsewhere" / "Data"
    keys = {r"HKLM\SOFTWARE\WOW6432Node\Epic Games\EpicGamesLauncher": {"AppDataPath": str(data)}}
    write(data / "Manifests" / "A1.item", item("Main", "The Game", r"C:\Games\Main"))
    assert len(EpicReader(windows(tmp_path, registry(keys))).load().games) == 1


def test_macs_keep_it_in_their_own_place(tmp_path):
    data = tmp_path / "Users/Ann/Library/Application Support/Epic/EpicGamesLauncher/Data"
    write(data / "Manifests/A1.item", item("Kiwi", "A Game", "/Users/Shared/Epic Games/AGame", "AGame.app"))
    shelf = EpicReader(macos(tmp_path)).load()
    assert told(shelf) == [("epic", "Kiwi", "A Game", "/Users/Shared/Epic Games/AGame")]
    assert programs(shelf) == {"A Game": ["/Users/Shared/Epic Games/AGame/AGame.app"]}


def test_a_manifest_rewritten_in_place_changes_the_fingerprint_and_only_it_is_read_again(tmp_path, monkeypatch):
    from gamedetectd.library import epic

    write(tmp_path / MANIFESTS / "A1.item", item("Main", "The Game", r"C:\Games\Main"))
    write(tmp_path / MANIFESTS / "B2.item", item("Two", "Two", r"C:\Games\Two"))
    reader = EpicReader(windows(tmp_path))
    before = reader.fingerprint()
    reader.load()
    assert reader.fingerprint() == before
    write(tmp_path / MANIFESTS / "B2.item", item("Two", "Two: Renamed", r"C:\Games\Two"))
    assert reader.fingerprint() != before
    read = []
    real = epic.read_bytes
    monkeypatch.setattr(epic, "read_bytes", lambda path, limit: read.append(path.name) or real(path, limit))
    assert [title for _, _, title, _ in told(reader.load())] == ["The Game", "Two: Renamed"]
    assert read == ["B2.item"]
    (tmp_path / MANIFESTS / "A1.item").unlink()
    assert [title for _, _, title, _ in told(reader.load())] == ["Two: Renamed"]


def test_where_it_is_not_installed_or_cannot_be_it_says_so(tmp_path):
    assert EpicReader(windows(tmp_path)).load().nothing == "Epic's launcher is not installed here."
    assert EpicReader(linux(tmp_path)).load().nothing.startswith("Epic's launcher does not run on Linux")
    (tmp_path / MANIFESTS).mkdir(parents=True)
    reader = EpicReader(windows(tmp_path))
    assert reader.roots() == [str(tmp_path / MANIFESTS)]
    assert reader.load().nothing == "Epic's launcher has installed nothing."


# --- Legendary --------------------------------------------------------------------------------------------------------


def test_legendarys_own_file_is_read_as_it_is(tmp_path):
    lay_out("heroic-legendary-lutris/legendary", tmp_path / ".config/legendary")
    shelf = LegendaryReader(linux(tmp_path)).load()
    assert told(shelf) == [("epic", "app-1", "game-1", "/games/game-1")]
    assert programs(shelf) == {"game-1": ["/games/game-1/game-1.exe"]}


@pytest.mark.parametrize(
    ("where", "surroundings"),
    [
        (".config/legendary", linux),
        ("elsewhere", lambda home: linux(home, LEGENDARY_CONFIG_PATH=str(home / "elsewhere"))),
        ("xdg/legendary", lambda home: linux(home, XDG_CONFIG_HOME=str(home / "xdg"))),
        (".var/app/io.github.dummerle.rare/config/legendary", linux),
        (".var/app/com.heroicgameslauncher.hgl/config/legendary", linux),
        ("Users/Ann/.config/legendary", windows),
        ("Users/Ann/.config/legendary", macos),
    ],
)
def test_legendary_is_found_wherever_it_keeps_its_settings(tmp_path, where, surroundings):
    write(tmp_path / where / "installed.json", fixture("heroic-legendary-lutris/legendary/installed.json").read_bytes())
    reader = LegendaryReader(surroundings(tmp_path))
    assert len(reader.load().games) == 1
    assert reader.roots() == [str(tmp_path / where)]


def test_legendarys_add_ons_and_junk_are_no_games(tmp_path):
    entry = {"title": "A Game", "install_path": "/g/A Game", "executable": "bin/a.exe", "is_dlc": False}
    content = {"A": entry, "B": {**entry, "is_dlc": True}, "C": None, "D": [], "E": {"title": 7, "install_path": None}}
    write(tmp_path / ".config/legendary/installed.json", content)
    assert told(LegendaryReader(linux(tmp_path)).load()) == [
        ("epic", "A", "A Game", "/g/A Game"),
        ("epic", "E", "7", ""),
    ]


def test_legendary_without_games_says_why(tmp_path):
    assert LegendaryReader(linux(tmp_path)).load().nothing == "Legendary is not installed here."
    write(tmp_path / ".config/legendary/installed.json", {})
    assert LegendaryReader(linux(tmp_path)).load().nothing == "Legendary has installed nothing."
    write(tmp_path / ".config/legendary/installed.json", [])
    shelf = LegendaryReader(linux(tmp_path)).load()
    assert complaints(shelf) == [("installed.json", "It is not a list of installed games.")]
    assert shelf.nothing == "What Legendary has installed cannot be read."

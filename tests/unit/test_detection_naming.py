"""What a game is called and by which id it is known, when stores, files beside it and the person have a say."""

from __future__ import annotations

import pytest

from gamedetectd.detection import judge as judging
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.domain import (
    ALL_KINDS,
    DesktopEntry,
    FactKind,
    Facts,
    InstalledGame,
    KnownGame,
    Launch,
    Needs,
    ProcessInfo,
    ProcessKey,
    Rule,
    RuleKind,
    System,
    Window,
)

UNITY = ("UnityPlayer.dll", "MonoBleedingEdge", "MOTHRUNE_Data", "game_Data")
EXE = "D:\\Games\\Odd Folder\\Game.exe"


def facts(exe=EXE, *argv, title="Game", files=UNITY, env=None, **known):
    info = ProcessInfo(ProcessKey("b", 2, 2), exe=exe, argv=(exe, *argv), environment=env or {})
    window = Window(pid=2, title=title) if title is not None else None
    system = System.WINDOWS if exe[1:2] == ":" else System.LINUX
    folder = exe.replace("/", "\\").rpartition("\\")[0] if system is System.WINDOWS else exe.rpartition("/")[0]
    return Facts(system=system, processes=(info,), window=window, files={folder: tuple(files)}, **known)


def named(**known):
    return verdict_on(facts(**known)).game


METADATA = {
    # what files beside the program tell, the title and where it was read
    "GOG": ({"gog": "Gothic 3", "unity": "g3"}, "Gothic 3", "GOG's file beside it"),
    "EA": ({"ea": "The Sims™ 4"}, "The Sims 4", "EA's file beside it"),
    "Microsoft": ({"microsoft": "Forza Horizon 5"}, "Forza Horizon 5", "Microsoft's file beside it"),
    "itch": ({"itch": "Celeste Classic"}, "Celeste Classic", "the itch app's file beside it"),
    "RPG Maker": ({"rpg_maker": "Salt Choir", "package_json": "rmmz-game"}, "Salt Choir", "RPG Maker's file beside it"),
    "Ren'Py": ({"renpy": "Our Life"}, "Our Life", "Ren'Py's file beside it"),
    "Godot": ({"godot": "Brotato"}, "Brotato", "Godot's file beside it"),
    "Unity": ({"unity": "Cairn Walker", "company": "Two Goats"}, "Cairn Walker", "Unity's file beside it"),
    "LÖVE": ({"love": "Mari0"}, "Mari0", "LÖVE's file beside it"),
    "GameMaker": ({"gamemaker": "Undertale"}, "Undertale", "GameMaker's file beside it"),
    "GameMaker's own name": ({"gamemaker": "Made in GameMaker Studio 2"}, "Odd Folder", "the name of its directory"),
    "package.json": ({"package_json": "moth-lullaby"}, "Odd Folder", "the name of its directory"),
    "the company alone": ({"unity": "Two Goats", "company": "Two Goats"}, "Odd Folder", "the name of its directory"),
    "ids alone": ({"steam_id": "620"}, "Odd Folder", "the name of its directory"),
}


@pytest.mark.parametrize("name", METADATA)
def test_files_beside_the_program_name_it(name):
    told, title, source = METADATA[name]
    game = named(metadata=told)
    assert (game.title, game.title_source) == (title, source)


def test_a_packages_name_is_better_than_none():
    assert named(exe="D:\\1\\Game.exe", metadata={"package_json": "moth-lullaby"}).title == "Moth Lullaby"


def test_ids_beside_the_program_are_its_ids():
    game = named(metadata={"unity": "Portal", "epic_id": "abc", "gog_id": "7", "steam_id": "620", "itch_id": "9"})
    assert (game.id, game.also) == ("steam:620", ("name:portal", "gog:7", "epic:abc", "itch:9"))
    assert named(metadata={"epic_id": "abc"}).id == "epic:abc"


def test_a_project_is_no_title_while_anything_else_tells_one():
    exe = "D:\\Deep Blue\\PenPro\\Binaries\\Win64\\PenPro-Win64-Shipping.exe"
    told = {exe: {"ProductName": "PenPro", "FileDescription": "BootstrapPackagedGame"}}
    game = named(exe=exe, title="PenPro  ", version_info=told, metadata={"godot": "PenPro"})
    assert game.title == "Deep Blue"
    alone = "D:\\Temp\\PenPro\\Binaries\\Win64\\PenPro-Win64-Shipping.exe"
    assert named(exe=alone, title="PenPro  ", version_info={}).title == "Pen Pro"


def test_build_directories_name_nothing():
    assert named(exe="D:\\Tiny Reactor\\v1.2\\Dist\\game.exe", title=None).title == "Tiny Reactor"
    nothing = named(exe="D:\\a\\b\\c\\d\\1\\2\\3\\4\\game.exe", title=None, rules=(Rule(RuleKind.GAME, "game.exe"),))
    assert (nothing.title, nothing.title_source) == ("Game", "its executable's name alone")
    assert named(exe="D:\\XY\\game.exe", title="Windows").title == "XY", "short, and still all there is"


PLACES = {
    # where it lies, the window's title, what it is called
    "D:\\Games\\RPG\\Moon Base\\game.exe": (None, "Moon Base"),
    "D:\\Games\\RPG\\game.exe": (None, "RPG"),
    "D:\\Games\\Sorted\\Moon Base\\MoonBase.exe": ("Moon Base", "Moon Base"),
    "D:\\Games\\itch\\moon-base\\game.exe": (None, "Moon Base"),
    "D:\\Games\\FTL\\game.exe": ("FTL: Faster Than Light", "FTL: Faster Than Light"),
    "/tmp/.mount_abcXYZ/AppRun.wrapped": (None, "App Run wrapped"),
}


@pytest.mark.parametrize("exe", PLACES)
def test_places_name_it_where_they_are_its_own(exe):
    title, called = PLACES[exe]
    game = named(exe=exe, title=title, rules=(Rule(RuleKind.GAME, exe),))
    assert game.title == called


def test_a_makers_name_in_front_is_not_the_title_where_another_source_leaves_it_out():
    told = {EXE: {"ProductName": "Acme Moon Base", "CompanyName": "Acme Corporation"}}
    assert named(title="Moon Base", version_info=told).title == "Moon Base"
    assert named(title="Acme", version_info=told).title == "Acme Moon Base"


WINDOWS = {
    "Paper Moon by Lantern Collective": "Paper Moon",
    "Paper Moon by Two Goats": "Paper Moon",
    "Dead by Daylight": "Dead by Daylight",
    "Moths: The Long Night": "Moths: The Long Night",
    "Old School RuneScape - Zezima": "Old School RuneScape",
}


@pytest.mark.parametrize("title", WINDOWS)
def test_a_windows_title_alone(title):
    told = {EXE: {"CompanyName": "Two Goats"}}
    game = named(exe="D:\\1\\Game.exe", title=title, version_info=told if "Goats" in title else {})
    assert game.title == WINDOWS[title]


def test_a_chapter_is_dropped_where_the_executable_has_the_rest():
    game = named(exe="D:\\1\\MOTHRUNE.exe", title="MOTHRUNE Chapter 2")
    assert game.title == "MOTHRUNE"


class TestThePersonsWord:
    ROW = InstalledGame("steam", "620", "Portal 2", "D:\\Games\\Odd Folder", also=("gog:7",))

    def test_it_names_the_stores_game(self):
        game = named(rules=(Rule(RuleKind.GAME, EXE, title="Cake"),), library=(self.ROW,))
        assert (game.id, game.title, game.also) == ("steam:620", "Cake", ("user:cake", "gog:7"))

    def test_with_an_argument_it_names_one_of_several_games(self):
        rule = Rule(RuleKind.GAME, EXE, argument="cake.pak", title="Cake")
        game = verdict_on(
            facts(EXE, "mods/cake.pak", rules=(rule,), library=(self.ROW,), metadata={"gog_id": "7"})
        ).game
        assert (game.id, game.title, game.also) == ("user:cake", "Cake", ())

    def test_without_a_title_the_game_is_named_as_usual(self):
        game = named(rules=(Rule(RuleKind.GAME, EXE),), library=(self.ROW,))
        assert (game.id, game.title, game.title_source) == ("steam:620", "Portal 2", "the library")
        verdict = verdict_on(facts(title="Moon Base", rules=(Rule(RuleKind.GAME, EXE),)))
        assert (verdict.game.id, verdict.game.title) == ("user:game", "Moon Base")
        assert f"You said that {EXE} is a game." in [reason.reason for reason in verdict.evidence]

    def test_the_library_is_asked_so_that_the_id_is_the_stores(self):
        rule = Rule(RuleKind.GAME, EXE, title="Cake")
        asked = judge(facts(rules=(rule,), gathered=frozenset()))
        assert isinstance(asked, Needs)
        assert asked.kinds[0] is FactKind.LIBRARY
        assert not isinstance(judge(facts(rules=(rule,), library=(self.ROW,), gathered=ALL_KINDS)), Needs)
        known = facts(rules=(rule,), library=(self.ROW,), gathered=frozenset([FactKind.LIBRARY]))
        assert not isinstance(judge(known), Needs), "with the store's id and the person's title nothing is missing"

    def test_what_is_no_game_needs_nothing_more(self):
        assert not isinstance(judge(facts(rules=(Rule(RuleKind.IGNORE, EXE),), gathered=frozenset())), Needs)


class TestIds:
    def test_what_the_catalogue_knows_of_a_menus_game_is_its_id(self):
        known = KnownGame("steam:1", "Moon Base", (Launch("moonbase", exclusive=True),), also=("gog:2",))
        entry = DesktopEntry("Moon Base", ("Game",), "moonbase")
        game = verdict_on(facts("/usr/games/moonbase", desktop_entry=entry, catalogue=(known,), files=())).game
        assert (game.id, game.title, game.also) == ("steam:1", "Moon Base", ("name:moon-base", "gog:2"))

    def test_another_title_gives_no_id(self):
        known = KnownGame("steam:1", "Another Game", (Launch("moonbase", exclusive=True),))
        entry = DesktopEntry("Moon Base", ("Game",), "moonbase")
        game = verdict_on(facts("/usr/games/moonbase", desktop_entry=entry, catalogue=(known,), files=())).game
        assert game.id == "name:moon-base"

    def test_a_launchers_name_for_it_is_not_the_id_where_a_store_has_one(self):
        game = named(env={"HEROIC_APP_NAME": "Quail"}, title="Moon Base", metadata={"epic_id": "Quail"})
        assert (game.id, game.also) == ("epic:Quail", ("heroic:Quail",))

    def test_two_numbers_of_one_store_are_two_products(self):
        row = InstalledGame("steam", "620", "Portal 2", "D:\\Games\\Odd Folder")
        game = named(library=(row,), metadata={"steam_id": "400"})
        assert (game.id, game.also) == ("steam:620", ())

    def test_an_emulators_ids_are_not_those_of_what_it_runs(self):
        info = ProcessInfo(
            ProcessKey("b", 2, 2), exe="/opt/snes9x/snes9x", argv=("snes9x", "/r/Super Metroid (USA).sfc")
        )
        game = verdict_on(Facts(processes=(info,), metadata={"steam_id": "5"})).game
        assert (game.id, game.also) == ("name:super-metroid", ())


def test_oni_twice():
    """One executable's name, two games: the directory says which."""
    rows = (
        InstalledGame("steam", "1", "Oni", "D:\\Games\\Oni"),
        InstalledGame("gog", "2", "ONI: Road to be the Mightiest Oni", "D:\\Games\\ONI Road"),
    )
    for row in rows:
        game = named(exe=f"{row.install_dir}\\Oni.exe", title="Oni", library=rows)
        assert (game.id, game.title) == (f"{row.store}:{row.id}", row.title)


def test_add_and_ignore():
    """No program is beyond the person's word, wherever it was moved."""
    tool = "D:\\Tools\\frobnicate.exe"
    assert not verdict_on(facts(tool, title="Frobnicate", files=())).is_game
    add, ignore = Rule(RuleKind.GAME, tool, title="Frob"), Rule(RuleKind.IGNORE, tool)
    for path in (tool, "E:\\Moved\\frobnicate.exe"):
        assert verdict_on(facts(path, title="Frobnicate", files=(), rules=(add,))).game.title == "Frob"
        assert not verdict_on(facts(path, title="Frobnicate", rules=(add, ignore))).is_game


@pytest.mark.parametrize("launcher", ["steam", "heroic", "lutris", "EpicGamesLauncher.exe", "GalaxyClient.exe"])
def test_the_launcher_is_not_named_in_place_of_the_game(launcher):
    path = f"C:\\{launcher}" if launcher.endswith(".exe") else f"/usr/bin/{launcher}"
    started = ProcessInfo(ProcessKey("b", 1, 1), exe=path, argv=(path,))
    game = ProcessInfo(ProcessKey("b", 2, 2), parent_pid=1, exe="/g/Moon Base/moonbase", argv=("moonbase",))
    files = {"/g/Moon Base": ("moonbase_Data", "UnityPlayer.so")}
    both = Facts(processes=(started, game), window=Window(pid=2, title="Moon Base"), files=files)
    assert verdict_on(both).game.title == "Moon Base"
    assert not verdict_on(Facts(processes=(started,), window=Window(pid=1, title="Moon Base"))).is_game


def test_metadata_is_not_read_of_what_is_no_game():
    asked = judge(facts("/usr/bin/frobnicate", title="x", files=(), gathered=frozenset()))
    assert not isinstance(asked, Needs) or FactKind.METADATA not in asked.kinds
    assert FactKind.METADATA in judging._IDENTIFYING

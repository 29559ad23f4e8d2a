"""The index on disk as whoever asks it sees it: exact names, ambiguity kept, damage said and survived."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from catalogue_samples import known

from gamedetectd.catalogue.build import build
from gamedetectd.catalogue.index import About, Index
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.parts import parts
from gamedetectd.catalogue.room import Room
from gamedetectd.catalogue.rows import directory_names, folded, launch_path, one_line
from gamedetectd.catalogue.source import CatalogueSource
from gamedetectd.catalogue.versions import bring_in, scratch, versions
from gamedetectd.domain import Facts, Launch, ProcessInfo, ProcessKey, System, Window
from gamedetectd.errors import CatalogueError

ABOUT = About("ludusavi", "/somewhere/manifest.yaml", 1_700_000_000.0, 0, 0)
EVERY_FIELD = known(
    "Pokémon™ Élan",
    Launch("bin/élan.exe", "-x y", (System.WINDOWS, System.MACOS), launcher=True, exclusive=True),
    Launch("élan.x86_64", "", (System.LINUX,)),
    Launch("any"),
    directories=("pokémon élan", "elan"),
    also=("gog:7", "epic:x"),
)
PLAIN = known("Fine Day", "fine.exe", directories=("fine day",))


def made(directory, games, about=ABOUT, name="ludusavi"):
    """An index in force in ``directory``."""
    directory.mkdir(exist_ok=True)
    file = scratch(directory)
    build(file, games, about)
    return bring_in(file, directory, name)


def titles(rows):
    return [row.title for row in rows]


BOTH = pytest.mark.parametrize("kind", ["on disk", "in memory"])


@pytest.fixture
def catalogue(tmp_path):
    """``catalogue(kind, games)``: the same rows on disk or in memory."""
    opened = []

    def make(kind, games):
        if kind == "in memory":
            return Memory(lambda: [replace(game, source="ludusavi") for game in games])
        opened.append(Index(made(tmp_path / "c", games)))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@BOTH
def test_a_row_comes_back_as_it_was(catalogue, kind):
    found = catalogue(kind, [EVERY_FIELD, PLAIN]).look_up(["élan.exe"], [])
    assert found == (replace(EVERY_FIELD, source="ludusavi"),)


@BOTH
def test_names_are_exact(catalogue, kind):
    asked = catalogue(kind, [EVERY_FIELD, PLAIN])
    assert asked.look_up(["fine.ex", "fine.exe2", "ine.exe", ""], ["fine", "day"]) == ()
    assert asked.look_up([], []) == ()
    assert titles(asked.look_up(["fine.exe", "any"], ["elan"])) == ["Pokémon™ Élan", "Fine Day"]


@BOTH
def test_those_in_the_directory_come_first_and_nothing_by_the_hundred(catalogue, kind):
    games = [known(f"Fine {number}", "game.exe", directories=(f"fine {number}",)) for number in range(187)]
    found = catalogue(kind, games).look_up(["game.exe"], ["system", "fine 150", "games"])
    assert found[0].title == "Fine 150"
    assert {row.sharing for row in found} == {187}
    assert len(found) <= 50


def test_those_that_arguments_tell_apart_are_kept_before_plain_ones(catalogue):
    plain = [known(f"Plain {number}", "hl2.exe") for number in range(40)]
    told = [known(f"Told {number}", Launch("hl2.exe", f"-game g{number}")) for number in range(34)]
    found = catalogue("on disk", [*plain, *told]).look_up(["hl2.exe"], [])
    assert titles(found)[:34] == [game.title for game in told]
    assert len(found) == 34 + 16
    assert {row.sharing for row in found} == {74}


@BOTH
def test_a_directory_of_many_games_says_how_many(catalogue, kind):
    games = [known(f"Part {number}", f"part{number}.exe", directories=("anthology",)) for number in range(30)]
    found = catalogue(kind, games).look_up([], ["anthology"])
    assert len(found) == 16
    assert {row.sharing for row in found} == {30}


def test_titles_without_a_program_or_directory_are_left_out(tmp_path):
    file = tmp_path / "x"
    about = build(file, [known("Nothing"), None, PLAIN, known("There", directories=("there",))], ABOUT)
    assert (about.titles, about.programs, about.skipped) == (2, 1, 1)
    index = Index(file)
    index.check()
    assert index.about == about
    index.close()


def test_undecodable_names_find_nothing_and_break_nothing(catalogue):
    assert catalogue("on disk", [PLAIN]).look_up([folded("\udcff.exe")], [folded("caf\udce9")]) == ()


def test_an_index_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(CatalogueError, match="cannot be written"):
        build(tmp_path / "no" / "x", [PLAIN], ABOUT)


# --- damage -----------------------------------------------------------------------------------------------------------


def spoil(file):
    """Junk in every page but the first, as a bad disk leaves it."""
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def alter(file, *statements):
    database = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        database.execute(statement)
    database.close()


NO_INDEX = {
    "missing": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("no index " * 1000),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:2000]),
    "another's": lambda file: alter(file, "PRAGMA application_id = 7"),
    "newer": lambda file: alter(file, "PRAGMA user_version = 99"),
    "other tables": lambda file: alter(file, "DROP TABLE keys", "CREATE VIEW keys AS SELECT 1 AS key"),
    "a view more": lambda file: alter(file, "CREATE VIEW v AS SELECT 1"),
    "nothing about it": lambda file: alter(file, "DELETE FROM about"),
}


@pytest.mark.parametrize("what", NO_INDEX)
def test_what_is_no_index_is_refused_with_a_remedy(tmp_path, what):
    file = made(tmp_path / "c", [PLAIN])
    NO_INDEX[what](file)
    with pytest.raises(CatalogueError) as told:
        Index(file)
    assert str(file) in told.value.cause
    assert "gamedetectd catalogue" in told.value.remedy


HIDDEN = {
    "junk": spoil,
    "a row is missing": lambda file: alter(file, "DELETE FROM games"),
    "a row is none": lambda file: alter(file, "UPDATE games SET row = x'81a1'"),
    "a row is empty": lambda file: alter(file, "UPDATE games SET row = x''"),
    "a row is another thing": lambda file: alter(file, "UPDATE games SET row = x'93010203'"),
    "numbers are none": lambda file: alter(file, "UPDATE keys SET games = x'010203'"),
    "numbers are text": lambda file: alter(file, "UPDATE keys SET games = 'abcd'"),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_damage_inside_is_told_and_the_version_before_goes_on(tmp_path, what, caplog):
    place = tmp_path / "c"
    made(place, [replace(PLAIN, title="Earlier")])
    HIDDEN[what](made(place, [known(f"Other {number}", f"o{number}.exe") for number in range(500)] + [PLAIN]))
    room = Room(Memory(tuple), place)
    assert titles(room.look_up(["fine.exe"], [])) == ["Earlier"]
    assert "ludusavi.2.index" in room.problem().cause
    assert sum("set aside" in record.getMessage() for record in caplog.records) == 1
    room.close()


def test_the_only_version_damaged_leaves_what_is_built_in(tmp_path):
    place = tmp_path / "c"
    spoil(made(place, [PLAIN]))
    room = Room(Memory(lambda: [known("Built In", "fine.exe")]), place)
    assert titles(room.look_up(["fine.exe"], [])) == ["Built In"]
    assert room.problem() is not None
    made(place, [PLAIN])
    assert titles(room.look_up(["fine.exe"], [])) == ["Built In", "Fine Day"]
    assert room.problem() is None
    room.close()


def test_a_full_check_finds_what_look_ups_have_not_met(tmp_path):
    file = made(tmp_path / "c", [known(f"Other {number}", f"o{number}.exe") for number in range(500)])
    spoil(file)
    with pytest.raises(CatalogueError):
        Index(file).check()


# --- the room ---------------------------------------------------------------------------------------------------------


def test_catalogues_are_joined_in_order_of_trust(tmp_path):
    place = tmp_path / "c"
    made(place, [known("Discord's", "fine.exe")], replace_source("discord"), "discord")
    made(place, [known("Ludusavi's", "fine.exe")])
    room = Room(Memory(lambda: [known("Ours", "fine.exe")]), place)
    assert titles(room.look_up(["fine.exe"], [])) == ["Ours", "Ludusavi's", "Discord's"]
    assert [about.source for _, about in room.indexes()] == ["ludusavi", "discord"]
    room.close()


def replace_source(name):
    return About(name, "x", 1.0, 0, 0)


def test_a_new_version_is_noticed_and_the_one_before_is_kept(tmp_path):
    place = tmp_path / "c"
    room = Room(Memory(tuple), place)
    assert room.look_up(["fine.exe"], []) == ()
    for number in range(1, 5):
        made(place, [replace(PLAIN, title=f"Version {number}")])
        assert titles(room.look_up(["fine.exe"], [])) == [f"Version {number}"]
    assert [file.name for file in versions(place, "ludusavi")] == ["ludusavi.4.index", "ludusavi.3.index"]
    versions(place, "ludusavi")[0].unlink()
    assert titles(room.look_up(["fine.exe"], [])) == ["Version 3"]
    room.close()


def test_every_title_can_be_had_and_of_a_damaged_catalogue_what_can_be_read(tmp_path, caplog):
    many = [known(f"Game {number}", f"{number}.exe") for number in range(1200)]
    made(tmp_path / "catalogue", many)
    room = Room(Memory(lambda: (PLAIN,)), tmp_path / "catalogue")
    assert list(room.titles()) == ["Fine Day", *(game.title for game in many)]
    later = room.titles()
    assert next(later) == "Fine Day"
    room._notice()
    room._shelves[0].index.close()
    assert list(later) == []
    assert "damaged" in caplog.text
    room.close()


def test_a_room_without_a_directory_is_what_is_built_in():
    room = Room(Memory(lambda: [PLAIN]))
    assert titles(room.look_up(["fine.exe"], [])) == ["Fine Day"]
    assert (room.problem(), list(room.indexes())) == (None, [])


def test_leftovers_of_an_import_that_was_killed_go_away(tmp_path):
    import os

    old, young = tmp_path / ".new.1", tmp_path / ".new.2"
    for file in (old, young):
        file.write_text("x")
    os.utime(old, (1, 1))
    scratch(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_the_built_in_rows_are_read_when_they_are_first_asked_for():
    read = []
    memory = Memory(lambda: read.append(1) or [PLAIN])
    assert read == []
    memory.look_up(["x"], [])
    memory.look_up(["y"], [])
    assert read == [1]


# --- the facts --------------------------------------------------------------------------------------------------------


class Noting:
    """Remembers what it was asked."""

    def __init__(self, *rows):
        self.asked = []
        self.rows = rows

    def look_up(self, names, directories):
        self.asked.append((names, directories))
        return self.rows


def facts(title=None, **more):
    process = ProcessInfo(ProcessKey("b", 1, 1), exe="/x")
    return Facts(processes=(process,), window=Window(title=title) if title is not None else None, **more)


ASKED = {
    # the program's files, the window's title: the names, and the directories
    "windows": (
        ["D:\\SteamLibrary\\Gothic II\\System\\Game.exe"],
        None,
        ("game.exe",),
        ("system", "gothic ii", "steamlibrary"),
    ),
    "linux": (["/home/ann/Games/Fine Day/fine.x86_64"], None, ("fine.x86_64",), ("fine day", "games", "ann", "home")),
    "unreal": (
        ["D:\\Ph\\Binaries\\Win64\\Ph-Win64-Shipping.exe"],
        None,
        ("ph-win64-shipping.exe", "ph.exe"),
        ("win64", "binaries", "ph"),
    ),
    "java's class": (
        ["net.minecraft.client.main.Main", "/j/bin/java"],
        None,
        ("net.minecraft.client.main.main", "java"),
        ("bin", "j"),
    ),
    "a window's title": (
        ["/x"],
        "Sid Meier's Civilization®: Beyond",
        ("x",),
        ("sid meier's civilization®: beyond", "sid meier's civilization® beyond", "sid meier's civilization beyond"),
    ),
    "a composed name": (["/g/Poke\u0301mon/e\u0301lan"], None, ("élan",), ("pokémon", "g")),
    "a bundle of macOS": (
        ["/Applications/Fine Day.app/Contents/MacOS/fine"],
        None,
        ("fine day.app", "fine"),
        ("macos", "contents", "fine day.app", "fine day", "applications"),
    ),
    "nothing at all": ([], None, (), ()),
    "a title too long": (["/x"], "x" * 101, ("x",), ()),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_the_catalogue_is_asked(name):
    paths, title, names, directories = ASKED[name]
    asked = Noting()
    CatalogueSource(lambda _facts: paths, asked).gather(facts(title))
    assert asked.asked == ([(names, directories)] if names or directories else [])


def test_rows_come_after_those_that_are_there_already():
    other = known("Other", "x")
    told = CatalogueSource(lambda _facts: ["/x"], Noting(PLAIN, other)).gather(facts(catalogue=(other,)))
    assert told.catalogue == (other, PLAIN)


def test_the_parts_that_are_wired(tmp_path):
    wired = parts(tmp_path, lambda _facts: ["D:\\x\\witcher3.exe"])
    assert wired.directory == tmp_path / "catalogue"
    assert "The Witcher 3: Wild Hunt" in titles(wired.source.gather(facts()).catalogue)
    assert wired.room.problem() is None


# --- spelling ---------------------------------------------------------------------------------------------------------

LAUNCHES = {
    "<base>/bin/X.exe": "bin/x.exe",
    "<base>/x.exe": "x.exe",
    "C:\\Games\\Fine\\X.exe": "games/fine/x.exe",
    "<winAppData>/Fine/<storeUserId>/x.exe": "fine/x.exe",
    "../up/x.exe": "up/x.exe",
    "a/../x.exe": "",
    "<base>": "",
    "<base>/": "",
    "": "",
    "x" * 301: "",
    "<base>/Café.app": "café.app",
}


@pytest.mark.parametrize("path", LAUNCHES, ids=lambda path: path[:30])
def test_the_end_of_a_path(path):
    assert launch_path(path) == LAUNCHES[path]


def test_titles_are_one_line():
    assert one_line("Fine\nDay\x1b[31m\u202e\u200b!") == "Fine Day [31m !"
    assert one_line("x" * 301) == ""


def test_directories_innermost_first_without_drive_and_file():
    assert directory_names("D:\\a\\B\\c.exe", 12) == ("b", "a")
    assert directory_names("/a/b/c/d", 2) == ("c", "b")
    assert directory_names("alone", 5) == ()


def test_bundles_and_packages_are_asked_for_by_what_people_call_them():
    bundle = "/Applications/Fernwatch.app/Contents/MacOS/Fernwatch"
    assert directory_names(bundle, 12) == ("macos", "contents", "fernwatch.app", "fernwatch", "applications")
    package = "C:\\Program Files\\WindowsApps\\king.com.FernCrushSaga_1.2.3.0_x86__kgqvnymyfvs32\\stritz.exe"
    assert "fern crush saga" in directory_names(package, 12)

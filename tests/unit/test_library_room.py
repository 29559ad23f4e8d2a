"""The library: what is read when, what is found again, and how a new game becomes known while we run."""

import errno
import logging
import threading
import time
from dataclasses import replace

import pytest
from real_programs import eventually

from gamedetectd.domain import (
    Facts,
    InstalledGame,
    LibraryProblem,
    ProcessInfo,
    ProcessKey,
    Shelf,
    StoreSignal,
    Window,
)
from gamedetectd.library.index import Index
from gamedetectd.library.places import folded, squeezed
from gamedetectd.library.room import FRESH, Library
from gamedetectd.library.source import LibrarySource
from gamedetectd.worker import Worker

PORTAL = InstalledGame("steam", "620", "Portal 2", "/games/steamapps/common/Portal 2")
CAVE = InstalledGame(
    "lutris", "a-cave", "A Cave", "", ("/opt/cave/cave.sh", "/roms/cave.n64"), ("gog:77",), "Nintendo 64"
)


class Shop:
    """A store whose state is a folder: every file in it is an installed game."""

    def __init__(self, folder, name="shop"):
        self.name = name
        self.folder = folder
        self.loads = 0
        self.problems = ()

    def roots(self):
        return [str(self.folder)] if self.folder.is_dir() else []

    def fingerprint(self):
        return tuple(sorted(path.name for path in self.folder.iterdir())) if self.folder.is_dir() else None

    def load(self):
        self.loads += 1
        if not self.folder.is_dir():
            return Shelf(nothing="The shop is not here.")
        games = (InstalledGame(self.name, one, one.title(), str(self.folder / one)) for one in self.fingerprint())
        return Shelf(tuple(games), self.problems)


class Clock:
    """A clock moved by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "lantern").touch()
    return Shop(folder)


def titles(library):
    return [game.title for game in library.games()]


# --- finding ---


def test_a_program_is_found_by_its_directory_wherever_in_it_and_however_spelt():
    index = Index([PORTAL, CAVE])
    for path in (
        "/games/steamapps/common/Portal 2/bin/linux32/portal2",
        "/GAMES/steamapps/common/portal 2/portal2.exe",
        "\\games\\steamapps\\common\\Portal 2\\portal2.exe",
    ):
        assert index.look_up([path]) == (PORTAL,)
    assert index.look_up(["/games/steamapps/common/Portal 2 Mods/x"]) == ()
    assert index.look_up(["", "/"]) == ()


def test_a_game_is_found_by_what_starts_it_by_its_ids_and_by_its_title():
    index = Index([PORTAL, CAVE])
    assert index.look_up(["/opt/cave/cave.sh"]) == (CAVE,)
    assert index.look_up(["/opt/cave/other"]) == ()
    assert index.look_up([], ["77"]) == (CAVE,)
    assert index.look_up([], ["620", "a-cave"]) == (PORTAL, CAVE)
    assert index.look_up([], [], "portal  2!") == (PORTAL,)
    assert index.look_up([], [], "") == ()


def test_a_game_in_a_wine_prefix_is_found_by_what_windows_programs_call_its_place():
    cards = InstalledGame("bottles", "cards", "Fern Cards", "/home/me/bottles/One/drive_c/Program Files/Fern")
    index = Index([cards])
    assert index.look_up(["C:\\Program Files\\Fern\\fern.exe"]) == (cards,)
    assert index.look_up(["D:\\Program Files\\Fern\\fern.exe"]) == ()


def test_rows_that_share_a_title_by_the_thousand_are_not_all_told():
    crowd = [replace(PORTAL, id=str(number), install_dir="") for number in range(1000)]
    assert len(Index(crowd).look_up([], [], "Portal 2")) == 16


def test_spellings():
    assert folded("C:\\Games\\\\Doom\\") == "c:/games/doom"
    assert squeezed("  The_Cave: II ") == "thecaveii"


# --- reading ---


def test_nothing_is_read_again_while_nothing_changed(shop):
    library = Library([shop], monotonic=Clock())
    assert library.refresh() is True
    assert library.refresh() is False
    assert shop.loads == 1
    assert titles(library) == ["Lantern"]


def test_only_the_store_that_changed_is_read(shop, tmp_path):
    (tmp_path / "mall").mkdir()
    mall = Shop(tmp_path / "mall", "mall")
    changes = []
    library = Library([shop, mall], lambda: changes.append(titles(library)), Clock())
    library.refresh()
    (mall.folder / "cave").touch()
    assert library.refresh() is True
    assert (shop.loads, mall.loads) == (1, 2)
    assert changes == [["Lantern"], ["Lantern", "Cave"]]


def test_a_change_that_brings_no_other_game_is_told_to_nobody(shop):
    changes = []
    library = Library([shop], lambda: changes.append(1), Clock())
    library.refresh()
    assert library.refresh(everything=True) is False
    assert shop.loads == 2
    assert len(changes) == 1


def test_a_look_up_makes_sure_that_what_it_knows_is_fresh(shop):
    clock = Clock()
    library = Library([shop], monotonic=clock)
    path = str(shop.folder / "cave" / "cave.exe")
    assert library.look_up((path,)) == ()
    (shop.folder / "cave").touch()
    assert library.look_up((path,)) == ()
    clock.now += FRESH + 0.1
    assert [row.title for row in library.look_up((path,))] == ["Cave"]


def test_a_game_that_two_launchers_tell_of_is_one_game(shop, tmp_path):
    first = InstalledGame("gog", "77", "Lantern", "/games/lantern", ("/games/lantern/a",))
    second = replace(first, title="Lantern!", executables=("/games/lantern/b",), also=("heroic:77",), platform="NES")
    elsewhere = replace(first, install_dir="/other/lantern")
    shop.load = lambda: Shelf((first, second, elsewhere))
    library = Library([shop], monotonic=Clock())
    library.refresh()
    joined = replace(second, title="Lantern", executables=("/games/lantern/a", "/games/lantern/b"))
    assert library.games() == (joined, elsewhere)


def test_a_store_that_is_changed_again_and_again_is_left_alone_for_longer(shop):
    clock = Clock()
    load = shop.load

    def slow():
        clock.now += 0.5
        return load()

    shop.load = slow
    library = Library([shop], monotonic=clock)
    library.refresh()
    waits = []
    for number in range(6):
        (shop.folder / f"cave{number}").touch()
        before = clock.now
        while not library.refresh():
            clock.now += 0.1
        waits.append(round(clock.now - 0.5 - before))
    assert waits == [2, 4, 8, 10, 10, 10], "twice as long each time, up to twenty times the half second it takes"
    clock.now += 60
    (shop.folder / "calm").touch()
    assert library.refresh() is True, "at once when it was left in peace"


def test_problems_are_told_once_with_their_store(shop, caplog):
    shop.problems = (LibraryProblem("/x/y.acf", "It is empty.", "Nothing needs to be done."),)
    caplog.set_level(logging.WARNING, "gamedetectd.library")
    library = Library([shop], monotonic=Clock())
    library.refresh()
    library.refresh(everything=True)
    assert [record.getMessage() for record in caplog.records] == [
        "shop: /x/y.acf: It is empty. Nothing needs to be done."
    ]
    assert library.problems() == (("shop", shop.problems[0]),)


def test_a_store_on_a_disk_that_fails_is_a_problem_and_the_others_are_read(shop, tmp_path):
    class Broken(Shop):
        def load(self):
            raise OSError(errno.EIO, "Input/output error", "/mnt/old/games.db")

    library = Library([Broken(shop.folder, "broken"), shop], monotonic=Clock())
    library.refresh()
    assert [game.id for game in library.games()] == ["lantern"]
    assert library.problems() == (
        (
            "broken",
            LibraryProblem(
                "/mnt/old/games.db", "It cannot be looked at: Input/output error.", "Check the disk it lies on."
            ),
        ),
    )


def test_stores_are_named_while_they_are_read_and_say_why_there_is_nothing(tmp_path):
    library = Library([Shop(tmp_path / "none")], monotonic=Clock())
    told = []
    library.refresh(progress=told.append)
    assert told == ["shop"]
    assert library.shelves()["shop"].nothing == "The shop is not here."


def test_directories_are_those_behind_symbolic_links(shop, tmp_path):
    (tmp_path / "link").symlink_to(shop.folder)
    (shop.folder / "cave").symlink_to(tmp_path)
    linked = Shop(tmp_path / "link")
    library = Library([linked], monotonic=Clock())
    library.refresh()
    assert {game.install_dir for game in library.games()} == {str(shop.folder / "lantern"), str(tmp_path)}


# --- watching ---


@pytest.fixture
def watching(shop):
    library = Library([shop])
    worker = Worker("library", library.run)
    library.attach(worker.wake)
    worker.start()
    yield library
    worker.stop()
    assert worker.join(3.0)


def test_a_game_installed_while_we_run_is_known_within_five_seconds(watching, shop):
    eventually(lambda: titles(watching) == ["Lantern"])
    (shop.folder / "cave").touch()
    started = time.monotonic()
    eventually(lambda: "Cave" in titles(watching), seconds=5.0)
    assert time.monotonic() - started < 5.0


def test_a_worker_that_watches_ends_at_once_even_while_it_rests(shop):
    library = Library([shop])
    worker = Worker("library", library.run)
    worker.start()
    eventually(lambda: shop.loads)
    started = time.monotonic()
    worker.stop()
    assert worker.join(3.0)
    assert time.monotonic() - started < 2.5
    assert "library" not in {thread.name for thread in threading.enumerate()}


# --- as a source of facts ---


def process(argv, environment=None, cwd="/"):
    return ProcessInfo(ProcessKey("b", 5, 5), 1, argv[0], tuple(argv), cwd, "me", environment or {})


class Rows:
    """A library that remembers what it was asked."""

    def look_up(self, paths, ids, title):
        self.asked = (paths, list(ids), title)
        return (PORTAL,)


def test_the_source_asks_for_paths_content_ids_and_title():
    rows = Rows()
    source = LibrarySource(rows, lambda facts: ["/usr/bin/mupen64plus"])
    reaper = process(["reaper", "SteamLaunch", "AppId=620", "--"], {"SteamGameId": "1234"})
    emulator = process(["mupen64plus", "--fullscreen", "/roms/cave.n64", "C:\\roms\\x.z64", "-epicapp=Fern"])
    signal = StoreSignal(None, "steam", 5, "steam:440", True)
    facts = Facts(processes=(reaper, emulator), window=Window(pid=5, title="A Cave"), signals=(signal,))
    assert source.gather(facts).library == (PORTAL,)
    assert rows.asked == (
        ("/usr/bin/mupen64plus", "/roms/cave.n64", "C:\\roms\\x.z64"),
        ["1234", "620", "Fern", "440"],
        "A Cave",
    )


def test_what_is_no_longer_installed_is_no_longer_in_the_facts():
    library = Library([], monotonic=Clock())
    facts = Facts(processes=(process(["/x"]),), library=(PORTAL,))
    assert LibrarySource(library, lambda _facts: []).gather(facts).library == ()

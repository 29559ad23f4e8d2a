"""The games of the itch app: by its database, and by their receipts."""

import gzip
import json

import pytest
from store_homes import complaints, database, linux, macos, programs, told, windows, write

from gamedetectd.library import itch
from gamedetectd.library.itch import ItchReader

HOME = ".config/itch"


def cave(ident, game, **more):
    row = {
        "id": ident, "game_id": game, "install_location_id": "apps", "install_folder_name": f"game-{game}",
        "custom_install_folder": "", "verdict": None,
    }  # fmt: skip
    return {**row, **more}


def titled(ident, title, classification="game"):
    return {"id": ident, "title": title, "classification": classification}


def butler(tmp_path, caves, games, home=HOME):
    locations = [{"id": "apps", "path": str(tmp_path / "apps")}]
    tables = {"caves": caves, "games": games, "install_locations": locations}
    return database(tmp_path / home / "db/butler.db", tables)


def receipt(path, game):
    return write(path / ".itch/receipt.json.gz", gzip.compress(json.dumps({"game": game, "files": ["a"]}).encode()))


def test_caves_are_games_with_their_programs(tmp_path):
    verdict = {"basePath": "/old", "totalSize": 5, "candidates": [{"path": "Celeste.exe"}, {"path": "lib\\x.exe"}, 3]}
    caves = [
        cave("c1", 28345, verdict=json.dumps(verdict)),
        cave("c2", 2, custom_install_folder="/data/My Copy", verdict=json.dumps(verdict).encode()),
        cave("c3", 3),
        cave("c4", 4),
        cave("c5", 5, install_location_id="gone"),
        cave("c6", 6, verdict="{broken"),
    ]
    games = [
        titled(28345, "Celeste Classic"),
        titled(2, "Elsewhere"),
        titled(3, "Tileset", "assets"),
        titled(4, "Sprite Tool", "tool"),
        titled(5, "Lost Location"),
        titled(6, "No Verdict", ""),
    ]
    butler(tmp_path, caves, games)
    shelf = ItchReader(linux(tmp_path)).load()
    apps = tmp_path / "apps"
    assert told(shelf) == [
        ("itch", "28345", "Celeste Classic", str(apps / "game-28345")),
        ("itch", "2", "Elsewhere", "/data/My Copy"),
        ("itch", "5", "Lost Location", ""),
        ("itch", "6", "No Verdict", str(apps / "game-6")),
    ]
    assert programs(shelf)["Celeste Classic"] == [
        str(apps / "game-28345/Celeste.exe"),
        str(apps / "game-28345/lib/x.exe"),
    ]
    assert shelf.problems == ()


def test_columns_in_the_other_spelling_are_found(tmp_path):
    rows = [
        {"id": "c", "gameId": 7, "installFolderName": "seven", "customInstallFolder": "/games/seven", "verdict": ""}
    ]
    database(tmp_path / HOME / "db/butler.db", {"caves": rows, "games": [titled(7, "Seven")]})
    assert told(ItchReader(linux(tmp_path)).load()) == [("itch", "7", "Seven", "/games/seven")]


def test_a_title_the_database_lacks_stands_on_the_receipt(tmp_path):
    butler(tmp_path, [cave("c1", 9)], [titled(1, "Other")])
    receipt(tmp_path / "apps/game-9", {"id": 9, "title": "Nine Lives"})
    assert told(ItchReader(linux(tmp_path)).load()) == [("itch", "9", "Nine Lives", str(tmp_path / "apps/game-9"))]


def test_without_a_database_the_receipts_tell(tmp_path):
    apps = tmp_path / HOME / "apps"
    receipt(apps / "nine", {"id": 9, "title": "Nine Lives", "classification": "game"})
    receipt(apps / "tool", {"id": 8, "title": "A Tool", "classification": "tool"})
    (apps / "empty").mkdir()
    reader = ItchReader(linux(tmp_path))
    assert told(reader.load()) == [("itch", "9", "Nine Lives", str(apps / "nine"))]
    assert reader.roots() == [str(apps)]


@pytest.mark.parametrize(
    ("make", "home"),
    [
        (linux, HOME),
        (linux, ".var/app/io.itch.itch/config/itch"),
        (windows, "Users/Ann/AppData/Roaming/itch"),
        (macos, "Users/Ann/Library/Application Support/itch"),
    ],
)
def test_it_is_found_on_every_system(tmp_path, make, home):
    butler(tmp_path, [cave("c1", 9)], [titled(9, "Nine Lives")], home)
    assert told(ItchReader(make(tmp_path)).load()) == [("itch", "9", "Nine Lives", str(tmp_path / "apps/game-9"))]


GOOD = gzip.compress(
    json.dumps({"game": {"id": 1, "title": "x"}, "files": [f"file {n}" for n in range(9999)]}).encode()
)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (GOOD[:200], "Its end is missing."),
        (GOOD[: len(GOOD) // 2], "Its end is missing."),
        (b"PK\x03\x04 not gzip", "It cannot be unpacked: "),
        (b"", "Its end is missing."),
        (gzip.compress(b"null", mtime=0), "It does not say which game it is."),
        (gzip.compress(b"", mtime=0), "It is empty."),
        (gzip.compress(b"[" * 100_000, mtime=0), "It is nested too deeply."),
        (gzip.compress(bytes(20_000_000)), "It is larger than it may be."),
    ],
)
def test_a_receipt_that_cannot_be_read_is_a_problem(tmp_path, monkeypatch, content, cause):
    monkeypatch.setattr(itch, "UNPACKED_LIMIT", 1_000_000)
    write(tmp_path / HOME / "apps/nine/.itch/receipt.json.gz", content)
    shelf = ItchReader(linux(tmp_path)).load()
    assert shelf.games == ()
    assert complaints(shelf)[0][1].startswith(cause)
    assert shelf.problems[0].remedy == "Let the itch app verify the game." or cause.startswith("It is ")


def test_a_damaged_database_is_told_and_the_receipts_stand_in(tmp_path):
    write(tmp_path / HOME / "db/butler.db", b"SQLite format 3\x00" + b"\xff" * 5000)
    receipt(tmp_path / HOME / "apps/nine", {"id": 9, "title": "Nine Lives"})
    shelf = ItchReader(linux(tmp_path)).load()
    assert [title for _, _, title, _ in told(shelf)] == ["Nine Lives"]
    assert [name for name, _ in complaints(shelf)] == ["butler.db"]


def test_a_new_game_changes_the_fingerprint_and_nothing_is_said_in_a_sentence(tmp_path):
    reader = ItchReader(linux(tmp_path))
    assert reader.load().nothing == "The itch app is not installed here."
    path = butler(tmp_path, [cave("c1", 9)], [titled(9, "Nine", "book")])
    assert reader.load().nothing == "The itch app has installed nothing."
    before = reader.fingerprint()
    path.unlink()
    butler(tmp_path, [cave("c1", 9), cave("c2", 10)], [titled(9, "Nine", "book"), titled(10, "Ten")])
    assert reader.fingerprint() != before
    assert len(reader.load().games) == 1

"""Amazon's games: by its app's database, by Nile's list, and the file that tells their program."""

import pytest
from store_homes import complaints, database, linux, programs, told, windows, write

from gamedetectd.library.amazon import AmazonReader
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.fuel import parse_fuel

DATABASE = "Users/Ann/AppData/Local/Amazon Games/Data/Games/Sql/GameInstallInfo.sqlite"


def row(ident, title, place, installed=1):
    return {"Id": ident, "InstallDirectory": place, "ProductTitle": title, "Installed": installed}


def test_the_apps_table_tells_games_and_fuel_json_their_program(tmp_path):
    place = tmp_path / "Amazon Games" / "Library" / "Dead Cells"
    write(place / "fuel.json", '{"SchemaVersion": "2", "Main": {"Command": "deadcells.exe", "Args": ["-x"]}}')
    rows = [
        row("amzn1.adg.product.1", "Dead Cells", str(place)),
        row("amzn1.adg.product.2", "Not Any More", r"C:\Amazon Games\Library\Gone", 0),
        row("amzn1.adg.product.3", None, r"C:\Amazon Games\Library\Furi"),
        row("amzn1.adg.product.4", "Nowhere", ""),
    ]
    path = database(tmp_path / DATABASE, {"DbSet": rows})
    reader = AmazonReader(windows(tmp_path))
    shelf = reader.load()
    assert told(shelf) == [
        ("amazon", "amzn1.adg.product.1", "Dead Cells", str(place)),
        ("amazon", "amzn1.adg.product.3", "Furi", r"C:\Amazon Games\Library\Furi"),
    ]
    assert programs(shelf) == {"Dead Cells": [str(place / "deadcells.exe")], "Furi": []}
    assert reader.roots() == [str(path)]


def nile(tmp_path):
    write(tmp_path / "library.json", [{"product": {"id": "p1", "title": "Overcooked!"}}, {"product": None}, 3])
    write(tmp_path / "installed.json", [{"id": "p1", "path": "/g/Overcooked"}, {"id": "p2", "path": "/g/Furi"}, {}])


@pytest.mark.parametrize(
    ("make", "home"),
    [
        (linux, ".config/nile"),
        (lambda home: linux(home, NILE_CONFIG_PATH=str(home / "x")), "x/nile"),
        (windows, "Users/Ann/AppData/Roaming/nile"),
    ],
)
def test_niles_list_tells_games_and_its_library_their_titles(tmp_path, make, home):
    nile(tmp_path / home)
    assert told(AmazonReader(make(tmp_path)).load()) == [
        ("amazon", "p1", "Overcooked!", "/g/Overcooked"),
        ("amazon", "p2", "Furi", "/g/Furi"),
    ]


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ('{"Main": {"Command": "a.exe"}}', "a.exe"),
        ('\ufeff{"Main": {"Command": "bin\\\\a.exe"}}', "bin\\a.exe"),
        ('{"Main": {"Command": "a.exe",},} // the end', "a.exe"),
        ('{/* "Main": 1, */ "Main": {"Command": "http://x/*y*/,}"}}', "http://x/*y*/,}"),
        ('{"Main": {"Command": "say \\"hi\\", // no"}}', 'say "hi", // no'),
        ('{"Main": []}', ""),
        ("[]", ""),
    ],
)
def test_fuel_json_is_read_with_what_publishers_leave_in_it(text, program):
    assert parse_fuel(text.encode()) == program


@pytest.mark.parametrize("text", ["", "{", '{"Main": {"Command": "a}', "/*", "// only", '{"a": /* }'])
def test_fuel_json_that_is_broken_is_refused(text):
    with pytest.raises(UnreadableError):
        parse_fuel(text.encode())


@pytest.mark.parametrize("piece", [b"/*", b'\\"', b'"\\"', b",", b"// ", b", ", b"[,"])
def test_a_hostile_fuel_json_takes_no_time(piece):
    with pytest.raises(UnreadableError):
        parse_fuel(b'{"Main": ' + piece * (900_000 // len(piece)))


def test_what_cannot_be_read_is_told(tmp_path):
    write(tmp_path / DATABASE, b"nothing of the kind")
    write(tmp_path / "Users/Ann/AppData/Roaming/nile/installed.json", {"id": "p1"})
    shelf = AmazonReader(windows(tmp_path)).load()
    assert shelf.nothing == "What Amazon Games has installed cannot be read."
    assert [name for name, _ in complaints(shelf)] == ["GameInstallInfo.sqlite", "installed.json"]
    (tmp_path / DATABASE).unlink()
    database(tmp_path / DATABASE, {"Other": [{"a": 1}]})
    assert ("GameInstallInfo.sqlite", "It has no table of installed games.") in complaints(
        AmazonReader(windows(tmp_path)).load()
    )


def test_a_new_game_changes_the_fingerprint_and_nothing_is_said_in_a_sentence(tmp_path):
    reader = AmazonReader(linux(tmp_path))
    assert reader.load().nothing == "Amazon Games is not installed here."
    write(tmp_path / ".config/nile/installed.json", [])
    assert reader.load().nothing == "Amazon Games has installed nothing."
    before = reader.fingerprint()
    nile(tmp_path / ".config/nile")
    assert reader.fingerprint() != before
    assert len(reader.load().games) == 2

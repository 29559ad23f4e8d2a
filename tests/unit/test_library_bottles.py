"""The games in Bottles: its library, and the lists of the bottles."""

import os

import pytest
from store_homes import complaints, linux, macos, programs, told, write

from gamedetectd.library.bottles import BottlesReader

HOME = ".local/share/bottles"


def bottle(name, *entries, environment="Gaming"):
    """A ``bottle.yml`` as Bottles writes it."""
    listed = "".join(
        f"  {ident}:\n    executable: x.exe\n    id: {ident}\n    name: {title}\n    path: {path}\n"
        f"    removed: {removed}\n"
        for ident, title, path, removed in entries
    )
    return (
        f"Name: {name}\nPath: {name}\nCustom_Path: false\nEnvironment: {environment}\n"
        f"External_Programs:\n{listed}Parameters:\n  dxvk: true\n"
        if entries
        else f"Name: {name}\nExternal_Programs: {{}}\n"
    )


def bottles(tmp_path):
    return BottlesReader(linux(tmp_path)).load()


def test_programs_of_a_gaming_bottle_are_games_where_wine_has_them(tmp_path):
    place = tmp_path / HOME / "bottles" / "Mine"
    host = f"{place}/drive_c/Games/Doom/doom.exe"
    content = bottle(
        "Mine",
        ("11-aa", "Doom", host, "false"),
        ("22-bb", "Hexen", r"C:\Games\Hexen\bin\Hexen.exe", "false"),
        ("33-cc", "Removed", "/x/y.exe", "true"),
        ("44-dd", "Epic Games Launcher", r"C:\Epic\e.exe", "false"),
        ("66-ff", "Diablo", r"C:\Program Files (x86)\Battle.net\Battle.net.exe", "false"),
        ("55-ee", "1942", r"Z:\data\1942\1942.exe", "false"),
    )
    write(place / "bottle.yml", content)
    shelf = bottles(tmp_path)
    assert told(shelf) == [
        ("bottles", "11-aa", "Doom", f"{place}/drive_c/Games/Doom"),
        ("bottles", "22-bb", "Hexen", f"{place}/drive_c/Games/Hexen"),
        ("bottles", "66-ff", "Diablo", ""),
        ("bottles", "55-ee", "1942", "/data/1942"),
    ]
    assert programs(shelf)["Hexen"] == [f"{place}/drive_c/Games/Hexen/bin/Hexen.exe"]
    assert shelf.problems == ()


@pytest.mark.parametrize(("environment", "counts"), [("Gaming", True), ("Custom", True), ("Application", False)])
def test_a_bottle_for_applications_has_games_only_where_the_library_says_so(tmp_path, environment, counts):
    entries = [("1", "Notes", "/w/notes/n.exe", "false"), ("2", "The Game", "/w/game/g.exe", "false")]
    write(tmp_path / HOME / "bottles/B/bottle.yml", bottle("B", *entries, environment=environment))
    write(
        tmp_path / HOME / "library.yml", "uuid-1:\n  bottle: {name: B, path: B}\n  id: '2'\n  name: 'The Game: Gold'\n"
    )
    expected = [("bottles", "2", "The Game: Gold", "/w/game")]
    assert told(bottles(tmp_path)) == ([("bottles", "1", "Notes", "/w/notes")] if counts else []) + expected


def test_a_library_entry_without_a_program_is_known_by_its_title(tmp_path):
    write(tmp_path / HOME / "library.yml", "u:\n  id: 77\n  name: From Epic\nv: junk\nw:\n  name: No Id\n")
    assert told(bottles(tmp_path)) == [("bottles", "77", "From Epic", "")]


def test_bottles_that_were_moved_and_those_of_the_flatpak_are_found(tmp_path):
    sandbox = tmp_path / ".var/app/com.usebottles.bottles/data/bottles"
    write(sandbox / "data.yml", f"custom_bottles_path: {tmp_path}/disk\n")
    write(tmp_path / "disk/B/bottle.yml", bottle("B", ("1", "Moved", "/w/moved/g.exe", "false")))
    write(sandbox / "bottles/C/bottle.yml", bottle("C", ("2", "Usual", "/w/usual/g.exe", "false")))
    reader = BottlesReader(linux(tmp_path))
    assert [title for _, _, title, _ in told(reader.load())] == ["Usual", "Moved"]
    assert str(tmp_path / "disk") in reader.roots()


def test_broken_files_are_told_and_the_rest_counts(tmp_path):
    write(tmp_path / HOME / "bottles/A/bottle.yml", b"\x00\x01\x02")
    write(tmp_path / HOME / "bottles/B/bottle.yml", bottle("B", ("1", "Fine", "/w/fine/g.exe", "false")))
    write(tmp_path / HOME / "bottles/C/bottle.yml", "- a list\n")
    write(tmp_path / HOME / "bottles/D/bottle.yml", "a: &a [*a]\n")
    write(tmp_path / HOME / "library.yml", "x: {y\n")
    (tmp_path / HOME / "bottles/E").mkdir()
    os.mkfifo(tmp_path / HOME / "bottles/E/bottle.yml")
    shelf = bottles(tmp_path)
    assert [title for _, _, title, _ in told(shelf)] == ["Fine"]
    assert [cause.partition(":")[0] for _, cause in complaints(shelf)] == [
        "It is not YAML in line 2",
        "It holds binary data.",
        "It does not describe a bottle.",
        "It is not YAML in line 1",
        "It is not a file.",
    ]


def test_a_new_program_changes_the_fingerprint_and_nothing_is_said_in_a_sentence(tmp_path):
    reader = BottlesReader(linux(tmp_path))
    assert reader.load().nothing == "Bottles is not installed here."
    assert BottlesReader(macos(tmp_path)).load().nothing == "Bottles is not installed here."
    write(tmp_path / HOME / "bottles/B/bottle.yml", bottle("B"))
    assert reader.load().nothing == "Bottles has installed nothing."
    before = reader.fingerprint()
    write(tmp_path / HOME / "bottles/B/bottle.yml", bottle("B", ("1", "Fine", "/w/fine/g.exe", "false")))
    assert reader.fingerprint() != before
    assert len(reader.load().games) == 1

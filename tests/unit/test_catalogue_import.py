"""Importing a list as a person meets it: what becomes of each entry, and what is said of a file that is none."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest
from catalogue_samples import write_manifest

from gamedetectd.catalogue import discord, import_child, importing, ludusavi
from gamedetectd.catalogue.import_child import MEMORY, Outcome
from gamedetectd.catalogue.importing import import_file, in_force, make_index
from gamedetectd.catalogue.index import Index
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.recognise import recognise
from gamedetectd.catalogue.room import Room
from gamedetectd.catalogue.versions import versions
from gamedetectd.domain import KnownGame, Launch, System
from gamedetectd.errors import CatalogueError
from gamedetectd.platforms.children import held

WIN, LINUX, MAC = (System.WINDOWS,), (System.LINUX,), (System.MACOS,)
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "detectable" / "detectable-2022-11.json"


def manifest(text):
    return list(ludusavi.read(io.BytesIO(text.encode())))


def applications(*entries):
    return list(discord.read(io.BytesIO(json.dumps(entries).encode())))


# --- Ludusavi's manifest ----------------------------------------------------------------------------------------------

MANIFEST = """\
---
Fine Day:
  files:
    "<base>/saves":
      tags: [save]
      when:
        - os: windows
        - {os: linux, store: steam}
  installDir:
    Fine Day: {}
    "Fine Day Classic": {}
  launch:
    "<base>/bin/Fine.exe":
      - when:
          - {os: windows, bit: 64, store: steam}
    "<base>/fine.sh":
      - when:
          - os: linux
          - os: mac
    "<base>/any": []
  steam:
    id: 620
  id:
    steamExtra: [621, 622]
    gogExtra:
      - 7
    lutris: fine-day
    flatpak: org.fine.Day
    gogExtraUnknown: [1]
  gog: {id: 1207658691}
  registry: {HKEY_CURRENT_USER/Software/Fine: {tags: [config]}}
"""


def test_an_entry_with_everything():
    (game,) = manifest(MANIFEST)
    assert game == KnownGame(
        "steam:620",
        "Fine Day",
        (
            Launch("bin/fine.exe", "", WIN),
            Launch("fine.sh", "", LINUX + MAC),
            Launch("any"),
        ),
        ("fine day", "fine day classic"),
        ("steam:621", "steam:622", "gog:1207658691", "gog:7", "lutris:fine-day", "flatpak:org.fine.Day"),
    )


ENTRIES = {
    # an entry, and what is kept of it: programs and directories
    "nothing": ("{}", (), ()),
    "null": ("", (), ()),
    "a text": ("text", (), ()),
    "a list": ("[1, 2]", (), ()),
    "an alias": ("{alias: Other}", (), ()),
    "a Windows program by its ending": ('{launch: {"<base>/x.exe": []}}', (Launch("x.exe", "", WIN),), ()),
    "a Mac program by its ending": ('{launch: {"<base>/X.app": [{}]}}', (Launch("x.app", "", MAC),), ()),
    "a system nobody knows": ('{launch: {"<base>/x": [{when: [{os: amiga}]}]}}', (Launch("x"),), ()),
    "arguments": (
        '{launch: {"<base>/hl2.exe": [{arguments: -game TF}, {arguments: -game HL2}]}}',
        (Launch("hl2.exe", "-game tf", WIN), Launch("hl2.exe", "-game hl2", WIN)),
        (),
    ),
    "arguments that are not needed": (
        '{launch: {"<base>/x.exe": [{arguments: -dx12, workingDir: "<base>"}, {when: [{os: windows}]}]}}',
        (Launch("x.exe", "", WIN),),
        (),
    ),
    "a very long command line": (
        '{launch: {"<base>/jre/bin/javaw.exe": [{arguments: "-cp ' + "lib/x.jar;" * 29 + ' -jar fine.jar"}]}}',
        (Launch("jre/bin/javaw.exe", "-cp " + "lib/x.jar;" * 29 + " -jar", WIN),),
        (),
    ),
    "no file": ('{launch: {"<base>": [], "<base>/": []}}', (), ()),
    "shapes it should not have": ("{launch: [1, {a: b}], installDir: text, steam: 7, id: [1], gog: {id: [1]}}", (), ()),
    "keys that are no texts": ("{? [a, b] : c, installDir: {? {a: b} : {}, D: {}}}", (), ("d",)),
    "an anchor and its alias": ("{installDir: &a {D: {}}, launch: *a, steam: *a}", (), ("d",)),
    "a directory below another": ('{installDir: {"Fine\\\\Day": {}}}', (), ("day",)),
    "the same twice": (
        '{launch: {"<base>/x": [{when: [{os: linux}]}, {when: [{os: linux}]}]}}',
        (Launch("x", "", LINUX),),
        (),
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_each_shape_of_an_entry(name):
    text, launches, directories = ENTRIES[name]
    (game,) = manifest(f"Fine: {text}\n")
    assert (game.launches, game.directories) == (launches, directories)


def test_numbers_of_stores_that_are_none():
    (game,) = manifest("Fine: {steam: {id: x1}, gog: {id: -5}}\n")
    assert (game.id, game.also) == ("", ())


def test_any_unicode_in_titles_and_directories():
    (game,) = manifest('"東方紅魔郷 ～ é\\u202E\\n™": {installDir: {"東方": {}}, launch: {"<base>/É東.exe": []}}\n')
    assert game.title == "東方紅魔郷 ～ é ™"
    assert (game.directories, game.launches[0].path) == (("東方",), "é東.exe")


def test_a_title_too_long_is_counted_and_nothing_else_is_lost():
    told = manifest("? " + "x" * 301 + "\n: {steam: {id: 1}}\nFine: {installDir: {d: {}}}\n")
    assert told[0] is None
    assert told[1].title == "Fine"


def test_a_title_of_a_thousand_programs_keeps_some():
    programs = ", ".join(f'"<base>/p{number}.exe": []' for number in range(1000))
    (game,) = manifest(f"Fine: {{launch: {{{programs}}}}}\n")
    assert len(game.launches) == 48


NO_MANIFEST = {
    "a list": ("- a\n- b\n", "does not list titles"),
    "a text": ("hello\n", "does not list titles"),
    "nothing": ("\n", "does not list titles"),
    "two documents": ("a: {}\n---\nb: {}\n", "second document"),
    "broken": ("a: {\nb: [\n", "line"),
    "a tab": ("a:\n\tb: c\n", "line 2"),
    "cut within a text": ('a:\n  installDir:\n    "Fine', "line"),
}


@pytest.mark.parametrize("name", NO_MANIFEST)
def test_what_is_no_manifest(name):
    text, cause = NO_MANIFEST[name]
    with pytest.raises(CatalogueError, match=cause):
        manifest(text)


def test_bytes_that_are_no_text():
    with pytest.raises(CatalogueError, match="no readable YAML"):
        list(ludusavi.read(io.BytesIO(b"a: \xff\xfe\xfd\n")))


# --- Discord's list ---------------------------------------------------------------------------------------------------


def test_an_application_with_everything():
    (game,) = applications(
        {
            "id": "1402418491272986635",
            "name": "Fine Day",
            "aliases": ["FD"],
            "executables": [
                {"name": ">javaw.exe", "os": "win32", "is_launcher": False, "arguments": "net.Fine.Main"},
                {"name": "Bin/Fine.exe", "os": "win32", "is_launcher": True},
                {"name": "fine", "os": "linux"},
                {"name": "Fine.app", "os": "darwin"},
                {"name": "", "os": "win32"},
                {"name": "fine", "os": "linux"},
            ],
            "third_party_skus": [
                {"distributor": "gog", "id": "7"},
                {"distributor": "steam", "id": "620"},
                {"distributor": "discord", "id": "1"},
                {"distributor": None, "id": None},
            ],
        }
    )
    assert game == KnownGame(
        "steam:620",
        "Fine Day",
        (
            Launch("javaw.exe", "net.fine.main", WIN),
            Launch("bin/fine.exe", "", WIN, launcher=True),
            Launch("fine", "", LINUX),
            Launch("fine.app", "", MAC),
        ),
        (),
        ("gog:7", "discord:1402418491272986635"),
    )


@pytest.mark.parametrize(
    "entry",
    [7, None, [], {}, {"id": "1"}, {"id": "1", "name": 7}, {"id": "1", "name": "x", "executables": "y"}],
    ids=repr,
)
def test_an_application_of_another_shape_is_counted(entry):
    assert applications(entry, {"id": 1, "name": "Fine", "executables": None}) == [None, KnownGame("discord:1", "Fine")]


@pytest.mark.parametrize("text", [b"[1, 2", b"{}", b"[" * 100_000, b"[] []", b""], ids=lambda text: str(text[:12]))
def test_what_is_no_list(text):
    with pytest.raises(CatalogueError, match="no list in JSON"):
        list(discord.read(io.BytesIO(text)))


def test_an_entry_that_is_no_text_is_counted():
    assert list(discord.read(io.BytesIO(b'[{"id": "\xff", "name": "x"}]'))) == [None]


def test_a_list_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(discord, "LARGEST", 10)
    with pytest.raises(CatalogueError, match="larger"):
        list(discord.read(io.BytesIO(b"[" + b" " * 20 + b"]")))


def test_the_real_list_of_2022(tmp_path):
    if not REAL.exists():
        pytest.skip(f"{REAL} is not here: the real list cannot be tried")
    about = import_file(REAL, tmp_path / "c")
    assert (about.source, about.skipped) == ("discord", 0)
    assert about.titles > 1_800
    room = Room(Memory(tuple), tmp_path / "c")
    assert {row.title for row in room.look_up(["lms.exe"], [])} == {"Last Man Standing", "Shattered Skies"}
    assert len(room.look_up(["game.exe"], [])) > 10
    (minecraft,) = (row for row in room.look_up(["javaw.exe"], []) if row.title == "Minecraft")
    assert Launch("javaw.exe", "net.minecraft.client.main.main", WIN) in minecraft.launches
    room.close()


# --- files ------------------------------------------------------------------------------------------------------------


def test_what_a_file_is_comes_from_its_content():
    assert recognise(b"\xef\xbb\xbf---\nFine: {}\n") == "ludusavi"
    assert recognise(b'  \n[{"id"') == "discord"
    assert recognise(b"SQLite format 3\x00....") == "index"


REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "a page": (b"<!DOCTYPE html><html>", "web page"),
    "gzip": (b"\x1f\x8b\x08\x00", "compressed"),
    "zip": (b"PK\x03\x04", "archive"),
    "an object": (b'{"message": "401: Unauthorized"}', "neither"),
    "a program": (b"\x7fELF\x02\x01\x01\x00", "neither"),
    "another list": (b"[1, 2, 3]", "No game in it"),
    "another YAML": (b"services:\n  web: {image: x}\n", "No game in it"),
    "broken YAML": (b"a: [\n", "line 2"),
    "SQLite of another": (b"SQLite format 3\x00" + b"\0" * 4000, "cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_named_with_cause_and_remedy_and_changes_nothing(tmp_path, name):
    content, cause = REFUSED[name]
    place = tmp_path / "c"
    (tmp_path / "good").write_text(MANIFEST, encoding="utf-8")
    good = import_file(tmp_path / "good", place)
    bad = tmp_path / "bad.file"
    bad.write_bytes(content)
    with pytest.raises(CatalogueError, match=cause) as told:
        import_file(bad, place)
    assert str(bad) in told.value.cause
    assert told.value.remedy
    assert in_force(place, "ludusavi") == good
    assert [file.name for file in place.iterdir()] == ["ludusavi.1.index"]


def test_a_file_that_cannot_be_read(tmp_path):
    for file in (tmp_path / "missing", tmp_path):
        with pytest.raises(CatalogueError, match="cannot be read"):
            import_file(file, tmp_path / "c")


def test_a_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CatalogueError, match="cannot be made"):
        import_file(tmp_path / "x", tmp_path / "file" / "c")


def test_an_import_says_how_far_it_is_and_what_is_in(tmp_path):
    file = write_manifest(tmp_path / "manifest.yaml", 3_000)
    steps = []
    before = time.time()
    about = import_file(file, tmp_path / "c", progress=lambda *step: steps.append(step))
    assert len(steps) > 10
    assert steps == sorted(steps)
    assert steps[-1] == (file.stat().st_size,) * 2
    assert about.origin == str(file)
    assert before <= about.made_at <= time.time()
    assert 2_500 < about.titles <= 3_000


def test_an_index_made_elsewhere_is_taken_in_as_it_is(tmp_path):
    (tmp_path / "m.yaml").write_text(MANIFEST, encoding="utf-8")
    about = import_file(tmp_path / "m.yaml", tmp_path / "here")
    (file,) = versions(tmp_path / "here", "ludusavi")
    assert import_file(file, tmp_path / "there") == about
    assert in_force(tmp_path / "there", "ludusavi") == about
    assert in_force(tmp_path / "there", "discord") is None
    damaged = file.read_bytes()[:4096] + b"\xa5" * 8192
    (tmp_path / "damaged").write_bytes(damaged)
    with pytest.raises(CatalogueError):
        import_file(tmp_path / "damaged", tmp_path / "there")


def test_an_index_of_an_unknown_source_is_refused(tmp_path):
    import sqlite3

    (tmp_path / "m.yaml").write_text(MANIFEST, encoding="utf-8")
    make_index(tmp_path / "m.yaml", tmp_path / "made")
    database = sqlite3.connect(tmp_path / "made")
    with database:
        database.execute("UPDATE about SET value = '../evil' WHERE name = 'source'")
    database.close()
    with pytest.raises(CatalogueError, match="known here"):
        import_file(tmp_path / "made", tmp_path / "c")


def test_called_off_it_changes_nothing(tmp_path):
    file = write_manifest(tmp_path / "manifest.yaml", 3_000)
    with pytest.raises(CatalogueError, match="called off"):
        import_file(file, tmp_path / "c", cancelled=lambda: True)
    assert list((tmp_path / "c").iterdir()) == []


def test_a_child_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "WALL_SECONDS", 0.05)
    with pytest.raises(CatalogueError, match="longer than"):
        import_file(write_manifest(tmp_path / "manifest.yaml", 20_000), tmp_path / "c")


def test_a_child_that_dies_says_something_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(importing.import_child, "__name__", "gamedetectd.no_such_module")
    (tmp_path / "m.yaml").write_text(MANIFEST, encoding="utf-8")
    with pytest.raises(CatalogueError, match="ended with exit code 1"):
        import_file(tmp_path / "m.yaml", tmp_path / "c")


def test_a_file_beyond_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(import_child, "LARGEST", 10)
    (tmp_path / "m.yaml").write_text(MANIFEST, encoding="utf-8")
    with pytest.raises(CatalogueError, match="larger"):
        import_child.import_to(tmp_path / "m.yaml", tmp_path / "o", importing.About("", "", 0.0, 0, 0), lambda *_: None)


def test_the_child_keeps_to_its_memory(tmp_path):
    """A text of hundreds of megabytes is refused by the child itself and takes no other process with it."""
    if sys.platform != "linux":
        pytest.skip("only Linux limits a process's address space reliably")
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.write(b'Fine: {installDir: {"')
        for _ in range(240):
            out.write(b"x" * 1_000_000)
        out.write(b'": {}}}\n')
    with pytest.raises(CatalogueError, match=r"more than 250 MB|too long"):
        import_file(file, tmp_path / "c")
    assert MEMORY == 250_000_000


def test_the_childs_own_words(tmp_path):
    (tmp_path / "m.yaml").write_text(MANIFEST, encoding="utf-8")
    for file, name in ((tmp_path / "m.yaml", "out"), (tmp_path / "none", "out2")):
        arguments = [str(file), str(tmp_path / name), "here", "", "5.0"]
        said = held.run(import_child.__name__, arguments, held.Limits(60, MEMORY))
        outcome = importing.msgspec.json.decode(said.splitlines()[-1], type=Outcome)
        assert (outcome.about is None) is (name == "out2")
        assert (outcome.cause == "") is (name == "out")
    index = Index(tmp_path / "out")
    assert index.about == outcome_of(tmp_path / "out")
    index.close()


def outcome_of(file):
    index = Index(file)
    index.close()
    assert (index.about.origin, index.about.made_at) == ("here", 5.0)
    return index.about

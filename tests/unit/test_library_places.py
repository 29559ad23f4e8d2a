"""Paths that stores write down, and the small XML files they leave: what is believed and what is not."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import System
from gamedetectd.library import places
from gamedetectd.library.files import UnreadableError
from gamedetectd.library.registry_keys import programs, stamps
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.xml_files import DEPTH_LIMIT, parse_xml

HERE = Surroundings(System.WINDOWS, Path("/home/me"))


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("C:\\Games\\Anno", "C:\\Games\\Anno"),
        ("C:/Games/Anno/", "C:\\Games\\Anno"),
        ('"C:\\Games\\Anno"', "C:\\Games\\Anno"),
        ("C:\\Games\\\\Anno\\.\\bin\\..", "C:\\Games\\Anno"),
        ("\\\\?\\C:\\Games\\Anno\\", "C:\\Games\\Anno"),
        ("\\\\server\\games\\Anno", "\\\\server\\games\\Anno"),
        ("/opt//games/anno/", "/opt/games/anno"),
        ("//opt/anno", "/opt/anno"),
        ("Games\\Anno", ""),
        ("", ""),
        ("C:\\Ga\0mes", ""),
        ("C:\\" + "x" * 5000, ""),
        ("%ProgramFiles%\\Anno", ""),
    ],
)
def test_a_path_is_absolute_and_tidy_or_nothing(written, path):
    assert places.native(HERE, written) == path


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("C:\\Games\\Anno 1800", True),
        ("C:\\Anno 1800", True),
        ("D:\\SteamLibrary\\steamapps\\common\\Portal 2", True),
        ("C:\\Program Files (x86)\\Hearthstone", True),
        ("C:\\Program Files\\EA Games\\Apex", True),
        ("C:\\Users\\me\\Games\\Doom", True),
        ("C:\\Users\\me\\AppData\\Local\\Roblox", True),
        ("/Applications/Chess.app", True),
        ("/opt/neverball", True),
        ("/usr/lib/games/neverball", True),
        ("/home/me/Games/Doom", True),
        ("/home/you/.local/share/doom", True),
        ("C:\\", False),
        ("D:", False),
        ("C:\\Games", False),
        ("C:\\Program Files", False),
        ("C:\\Program Files (x86)\\", False),
        ("C:\\Windows\\System32", False),
        ("C:\\Program Files\\WindowsApps", False),
        ("C:\\Users\\me", False),
        ("C:\\Users\\me\\AppData\\Local", False),
        ("C:\\Users\\me\\Downloads", False),
        ("C:\\XboxGames", False),
        ("C:\\Program Files\\EA Games", False),
        ("D:\\SteamLibrary\\steamapps\\common", False),
        ("/", False),
        ("/usr/games", False),
        ("/usr/bin", False),
        ("/usr/share/games", False),
        ("/home/me", False),
        ("/home/you", False),
        ("/home/you/.local/share", False),
        ("/mnt/disk", False),
        ("/run/media/me/disk", False),
        ("/Applications", False),
        ("/home/me/.wine/drive_c", False),
        ("/home/me/.wine/drive_c/Program Files (x86)", False),
        ("/home/me/.wine/drive_c/users/me", False),
        ("relative/path", False),
        ("", False),
    ],
)
def test_only_a_games_own_directory_counts(path, own):
    assert bool(places.own_directory(HERE, path)) is own


@pytest.mark.parametrize(
    ("directory", "relative", "path"),
    [
        ("C:\\Anno", "bin/anno.exe", "C:\\Anno\\bin\\anno.exe"),
        ("C:\\Anno\\", ".\\anno.exe", "C:\\Anno\\anno.exe"),
        ("/opt/anno", "bin\\anno", "/opt/anno/bin/anno"),
        ("/opt/anno", "../../etc/passwd", ""),
        ("C:\\Anno", "D:\\other.exe", ""),
        ("C:\\Anno", "", ""),
        ("", "anno.exe", ""),
        ("/opt/anno", "a\0b", ""),
    ],
)
def test_a_program_lies_below_its_games_directory(directory, relative, path):
    assert places.beneath(directory, relative) == path


@pytest.mark.parametrize(
    ("directory", "title"),
    [
        ("C:\\Games\\Portal 2", "Portal 2"),
        ("C:\\Games\\Portal 2\\bin\\win64", "Portal 2"),
        ("C:\\Games\\Anno\\Bin\\Win64_x64", "Anno"),
        ("/opt/Some Game/Game/Binaries/Win64", "Some Game"),
        ("C:\\Games\\Binary Domain", "Binary Domain"),
        ("C:\\Games\\Game Dev Tycoon", "Game Dev Tycoon"),
        ("C:\\Games\\" + "1" * 200 + "y", "1" * 200 + "y"),
        ("C:\\Program Files\\Genshin Impact\\Genshin Impact game", "Genshin Impact"),
        ("C:\\Games\\bin", ""),
        ("C:\\", ""),
        ("", ""),
        ("/usr/games", ""),
    ],
)
def test_a_directorys_name_is_a_title_unless_it_says_nothing(directory, title):
    assert places.title_of(directory) == title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tom Clancy's Rainbow Six\u00ae Siege", "Tom Clancy's Rainbow Six Siege"),
        ("  a \n\t b\0c\x1b[2J ", "a b c [2J"),
        ("\udcff", "?"),
        ("x" * 999, "x" * places.TITLE_LIMIT),
        ("\u30bc\u30eb\u30c0", "\u30bc\u30eb\u30c0"),
    ],
)
def test_a_title_is_one_line_of_text(written, title):
    assert places.shown(written) == title


@given(st.text())
def test_any_text_is_a_printable_title(text):
    assert places.shown(text).isprintable()
    places.native(HERE, text)
    places.own_directory(HERE, text)
    places.title_of(text)


def test_what_may_not_be_looked_at_is_not_gone(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    assert places.is_gone(str(tmp_path / "missing"))
    assert not places.is_gone(str(tmp_path))
    assert places.is_gone("a\0b")
    monkeypatch.setattr(os, "lstat", refuse)
    assert not places.is_gone(str(tmp_path / "missing"))


def test_a_directory_that_cannot_be_listed_is_empty(tmp_path):
    (tmp_path / "file").touch()
    assert places.listed(tmp_path) == ["file"]
    assert list(places.listed(tmp_path / "file")) == []
    assert list(places.listed(tmp_path / "missing")) == []


def test_no_registry_has_no_programs():
    assert list(programs(None)) == []
    assert stamps(None, "HKLM") is None


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"text",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        b"<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
        b"<a>&undefined;</a>",
        b"<a>" * (DEPTH_LIMIT + 1) + b"</a>" * (DEPTH_LIMIT + 1),
        b"<a>" + b"<b/>" * 60_000 + b"</a>",
        b"<a b='1' b='2'/>",
        b"\xff\xfe<\0a\0",
    ],
)
def test_bad_xml_is_refused(document):
    with pytest.raises(UnreadableError) as refused:
        parse_xml(document)
    assert refused.value.cause.endswith(".")


def test_xml_by_local_names_in_order():
    root = parse_xml(b"<x:a xmlns:x='u' x:k='v'><b> one </b><c><b>two</b>t<!-- c --><![CDATA[<&]]></c></x:a>")
    assert (root.name, root.attribute("k"), root.attribute("none")) == ("a", "v", "")
    assert [element.text for element in root.every("b")] == ["one", "two"]
    assert root.first("c").text == "t<&"
    assert root.first("none") is None

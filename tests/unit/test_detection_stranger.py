"""What lies in a game's directory is not always the game, and a game is not always called like its directory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gamedetectd.detection.judge import verdict_on
from gamedetectd.domain import Facts, InstalledGame, KnownGame, Launch, ProcessInfo, ProcessKey, System, Window

PLACE = "C:\\Program Files (x86)\\Steam\\steamapps\\common\\Fern Quest"
ROW = InstalledGame("steam", "9", "Fern Quest", PLACE)
STEAM = "C:\\Program Files (x86)\\Steam\\steam.exe"


def lying(name, title=None, *, by="C:\\Windows\\explorer.exe", row=ROW, class_name="", full=False, **more):
    parent = ProcessInfo(ProcessKey("b", 1, 1), 0, by, (by,))
    path = f"{PLACE}\\{name}"
    process = ProcessInfo(ProcessKey("b", 2, 2), 1, path, (path,))
    window = Window(pid=2, title=title, class_name=class_name, fullscreen=full) if title is not None else None
    library = (row,) if row else ()
    more = {"system": System.WINDOWS, **more}
    return Facts(processes=(parent, process), window=window, library=library, **more)


STRANGERS = {
    "with its own title": ("Sorter\\sorter.exe", "Sorter 1.2"),
    "with the game's beside its own": ("Sorter\\sorter.exe", "Sorter | Fern Quest"),
    "in the game's root": ("sorter.exe", "Sorter"),
    "without a window, in a directory of its own": ("plugins\\bridge.exe", None),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_program_with_names_of_its_own_is_a_stranger(name):
    path, title = STRANGERS[name]
    verdict = verdict_on(lying(path, title))
    assert verdict.game is None
    assert "library.stranger" in {reason.source for reason in verdict.evidence}


def test_in_a_stores_folder_even_without_a_row():
    assert verdict_on(lying("Sorter\\sorter.exe", "Sorter 1.2", row=None)).game is None


UNITY = {PLACE: ("codename.exe", "codename_Data", "UnityPlayer.dll")}
PRODUCT = {f"{PLACE}\\codename.exe": {"ProductName": "Fern Quest"}}
KNOWN = (KnownGame("steam:9", "Fern Quest", (Launch("codename.exe"),), source="test"),)
GAMES = {
    "named after it": lying("FernQuest.exe", "Sorter"),
    "sharing a word": lying("ferngame.exe", "Main"),
    "by its initials": lying("fq_win.exe", "Codename"),
    "short, as old names are": lying("abc.exe", "Codename"),
    "generic": lying("game.exe", "Codename"),
    "with the game's title": lying("codename.exe", "FERN QUEST v1.2"),
    "with no title yet": lying("codename.exe", ""),
    "with a title in other letters": lying("codename.exe", "フェルン"),
    "with a title that tells nothing": lying("codename.exe", "Main Menu"),
    "filling the screen": lying("codename.exe", "Codename", full=True),
    "in an engine's window": lying("codename.exe", "Codename", class_name="UnityWndClass"),
    "with an engine's data": lying("codename.exe", "Codename", files=UNITY),
    "by its maker's words": lying("codename.exe", "Codename", version_info=PRODUCT),
    "known to the catalogue": lying("codename.exe", "Codename", catalogue=KNOWN),
    "started by its store": lying("codename.exe", "Codename", by=STEAM),
    "started by the library's word": lying(
        "codename.exe", "Codename", row=replace(ROW, executables=(f"{PLACE}\\codename.exe",))
    ),
    "in its structure, without a window": lying("bin\\codename.exe"),
    "in its root, without a window": lying("codename.exe"),
    "under a title in other letters": lying("codename.exe", "Codename", row=replace(ROW, title="フェルン")),
    "on Linux": lying("codename.exe", "Codename", system=System.LINUX),
}


@pytest.mark.parametrize("name", GAMES)
def test_a_game_may_be_called_otherwise(name):
    assert verdict_on(GAMES[name]).game is not None

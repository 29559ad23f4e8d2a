"""What is no game: every name has a source, is spelled as programs are looked up, and hides no game that we know."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from gamedetectd.catalogue.builtin import load_builtin
from gamedetectd.detection import paths
from gamedetectd.detection.tables.known import COMMON_WORDS, KNOWN, SENTENCES, SOURCES, confirmed_by
from gamedetectd.detection.tables.phrases import names

DETECTABLE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "detectable" / "detectable-2022-11.json"
SHARED_WITH_GAMES = {
    "dnf": "Fedora's package manager, and Dungeon & Fighter; a system's name counts in the system's places only.",
    "launchpad": "Daybreak's launcher; Landmark is a game that Discord knows by it alone.",
    "lms": "Intel's management service, and Last Man Standing, which its directory tells.",
    "proteus": "An electronics program, and a game; the word is common.",
    "sh": "The shell, and SUPERHOT, which its directory tells.",
    "snap": "Ubuntu's package manager, and Marvel Snap, which lies outside the system's places.",
    "udk": "Unreal's kit, and games made with it that kept its name; their directories tell them.",
}
"""Names of programs that games bear as well, with what tells them apart."""
THEIR_OWN = names(
    """
    eseaclient glyphclientapp jagexlauncher lollauncher newworldlauncher skyrimlauncher skyrimselauncher steamlauncher
    wurmlauncher64 zulalauncher nxsteam evelauncher leagueclientux aseprite bigscreen cpucores creationkit hindie
    maschine2 nox rpgmv rpgvxace scrivener sfm
    """
)
"""Launchers and applications that Discord lists among games."""


def test_every_name_has_a_source_that_is_explained():
    confirmed = confirmed_by()
    assert confirmed.keys() == KNOWN.keys()
    assert set(confirmed.values()) <= SOURCES.keys()
    counted = Counter(confirmed.values())
    print(f"\n{len(KNOWN)} programs: {dict(counted)}")
    assert len(KNOWN) - counted["unconfirmed"] >= 1_400
    assert set(KNOWN.values()) == SENTENCES.keys()


def test_names_are_spelled_as_they_are_looked_up():
    assert not [name for name in KNOWN if paths.key(name) != name]
    assert KNOWN.keys() >= COMMON_WORDS


def test_no_game_of_the_table_is_called_something_else():
    """What a game runs must not be known as a launcher or a tool, unless its place tells and we say why."""
    hidden = set()
    for game in load_builtin():
        for launch in game.launches:
            key = paths.key(launch.path.rpartition("/")[2])
            if key in KNOWN and not launch.launcher and key not in COMMON_WORDS:
                hidden.add(key)
                assert key in SHARED_WITH_GAMES, (game.title, key, KNOWN[key])
                assert "/" in launch.path or KNOWN[key] == "system", (game.title, key)
    assert hidden <= SHARED_WITH_GAMES.keys()


def test_discords_games_are_not_known_as_something_else():
    if not DETECTABLE.exists():
        pytest.skip(f"Discord's list is not at {DETECTABLE}, so nothing can be compared with it.")
    excused = {*SHARED_WITH_GAMES, *THEIR_OWN}
    for entry in json.loads(DETECTABLE.read_text(encoding="utf-8")):
        for program in entry.get("executables", ()):
            key = paths.key(program["name"].strip(' "').lstrip(">/").rpartition("/")[2])
            assert key not in KNOWN or key in excused, (entry["name"], key, KNOWN[key])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("LMS.exe", "application"),
        ("Everything.exe", "application"),
        ("HD-Player.exe", "application"),
        ("EasyAntiCheat_EOS_Setup.exe", "helper"),
        ("HYP.exe", "launcher"),
        ("Overwolf.exe", "launcher"),
        ("srcds.exe", "server"),
        ("UnityCrashHandler64.exe", "helper"),
        ("rundll32.exe", "system"),
        ("furmark", "benchmark"),
        ("xscreensaver", "screensaver"),
    ],
)
def test_programs_people_meet(name, kind):
    assert KNOWN[paths.key(name)] == kind

"""Which title a title screen reads: one beyond doubt, or none. Lines as they are read of real title screens."""

import pytest

pytest.importorskip("rapidfuzz", reason="the extra [ocr] is not installed: pip install 'gamedetectd[ocr]'")

from gamedetectd.detection.content_titles import content_titles
from gamedetectd.vision.child.titles import Line, Titles

CATALOGUE = (
    "GLtron", "Endless Sky", "Hedgewars", "LBreakout2", "Torus Trooper", "Airstrike", "Control", "Portal", "Portal 2",
    "Command & Conquer", "Final Fantasy VII", "Final Fantasy VIII", "The Witcher® 3: Wild Hunt", "Inside", "Warcraft",
    "World of Warcraft", "Age of Empires II: Definitive Edition", "Age of Empires II Demo", "2048", "Pokémon Snap",
    "Beneath a Steel Sky", "Star Control", "Trine", "A Plague Tale", "Main Menu", "Æ", "", "Baldur's Gate",
)  # fmt: skip


def stacked(*texts, height=30, confidence=0.99, left=100, top=100):
    """Lines below one another; one may be a pair of text and height."""
    lines = []
    for one in texts:
        text, tall = one if isinstance(one, tuple) else (one, height)
        lines.append(Line(text, confidence, left, top, tall * len(text) / 2, tall))
        top += tall * 1.4
    return lines


MENU = stacked("START GAME", "OPTIONS", "HIGH SCORES", "QUIT", top=400)
READ = {
    "the word above a menu": ([*stacked(("GLTRON", 76)), *MENU], "GLtron"),
    "one spelt with marks between": ([*stacked("E·N·D·L·E·S·S SKY"), *MENU], "Endless Sky"),
    "a greeting, however small": ([*stacked("Welcome to Hedgewars!", height=20), *MENU], "Hedgewars"),
    "letters and digits": ([*stacked("LBreakout2", height=20), *MENU], "LBreakout2"),
    "two lines": ([*stacked("TORUS", "TROOPER"), *MENU], "Torus Trooper"),
    "side by side": (
        [Line("TORUS", 0.9, 100, 100, 80, 24), Line("TROOPER", 0.9, 196, 102, 110, 24), *MENU],
        "Torus Trooper",
    ),
    "a version behind it": (stacked("Airstrike 1.0 pre 6", "Press any key to start"), "Airstrike"),
    "a copyright behind it": (stacked("Airstrike (c) 2003 somebody"), "Airstrike"),
    "three lines, of a title with signs": (stacked("THE WITCHER 3", "WILD HUNT"), "The Witcher® 3: Wild Hunt"),
    "one letter of a long title misread": (stacked("BENEATH A STEEI SKV"), "Beneath a Steel Sky"),
    "the same read as another of its shape": (stacked("BENEATH A 5TEEL SKY"), "Beneath a Steel Sky"),
    "an edition": (stacked("Age of Empires II", "DEFINITIVE EDITION"), "Age of Empires II Demo"),
    "without accents": (stacked("POKEMON SNAP"), "Pokémon Snap"),
    "an apostrophe": (stacked("BALDURS GATE"), "Baldur's Gate"),
    "twice": ([*stacked(("GLTRON", 76)), *stacked(("GLtron", 60), top=300)], "GLtron"),
}
SILENT = {
    "nothing": [],
    "a menu alone": MENU,
    "a word of a menu that is a title too": [*stacked(("CONTROL", 76)), *MENU],
    "a title among words as tall": [*stacked("TRINE"), *MENU],
    "one that another begins with": stacked(("PORTAL", 90)),
    "one that another ends with": stacked(("WARCRAFT", 90)),
    "a short one misread": stacked(("GLTRUN", 90)),
    "two that are nearly the same": stacked("FINAL FANTASY VIII"),
    "a part of a sentence": stacked("Enjoy the endless sky above"),
    "two titles": [*stacked("ENDLESS SKY"), *stacked("TORUS TROOPER", top=300)],
    "hardly readable": stacked("ENDLESS SKY", confidence=0.6),
    "numbers": stacked(("2048", 90)),
    "not in the catalogue": stacked(("NOIZ2SA", 90)),
    "a title in pieces far apart": [Line("TORUS", 0.9, 0, 0, 80, 24), Line("TROOPER", 0.9, 500, 400, 110, 24), *MENU],
    "of very different sizes": [Line("TORUS", 0.9, 0, 0, 280, 80), Line("TROOPER", 0.9, 0, 90, 110, 24), *MENU],
    "one letter": stacked(("Æ", 90)),
    "a menu's words that are a title": stacked(("MAIN MENU", 90)),
}


@pytest.fixture(scope="module")
def titles():
    one = Titles()
    one.add(CATALOGUE[:10])
    one.add(CATALOGUE[10:])
    return one


@pytest.mark.parametrize("name", READ)
def test_one_title_beyond_doubt(titles, name):
    lines, expected = READ[name]
    match = titles.find(lines)
    assert match is not None
    assert match.title == expected
    assert match.likeness >= 0.92


@pytest.mark.parametrize("name", SILENT)
def test_and_otherwise_none(titles, name):
    assert titles.find(SILENT[name]) is None


def test_without_titles_there_is_none():
    assert Titles().find(stacked(("GLTRON", 90))) is None


def test_titles_may_be_added_after_one_was_sought():
    titles = Titles()
    titles.add(["GLtron"])
    lines = stacked(("ENDLESS SKY", 90))
    assert titles.find(lines) is None
    titles.add(["Endless Sky", "Endless Sky: Deluxe Edition"])
    assert len(titles) == 2
    assert titles.find(lines).title == "Endless Sky"


def test_what_containers_are_known_to_run_is_told_once_each():
    titles = list(content_titles())
    assert len(titles) == len(set(titles)) > 500
    assert {"Beneath a Steel Sky", "Pac-Man"} <= set(titles)

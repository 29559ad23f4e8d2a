"""The menu as a person reads it, and what each click asks for; every item is also a command."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from gamedetectd import i18n
from gamedetectd.domain import Severity
from gamedetectd.platforms.tray.backend import Menu
from gamedetectd.views.menu import Item, Sources, label, menu, spelled
from gamedetectd.views.tray_state import Catalogue, Choices, IconState, Past, Played, Summary, TrayState, Trouble

NOW = 1_800_000_000.0
GAME = Played("s1", "Portal_2 & <Friends>", NOW - 3900, ("It lies in Steam's folder.",), "/games/portal")
PLAYING = TrayState(IconState.PLAYING, "1.2.3", (GAME,))


class Recorder:
    """Actions that write down what was asked."""

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        def action(*arguments):
            self.asked.append((name, *arguments))

        return action


@pytest.fixture
def actions():
    return Recorder()


def opened(actions, state=PLAYING, past=Summary(), choices=Choices(), catalogue=Catalogue(2017)):  # noqa: B008
    return menu(Sources(lambda: state, lambda: past, lambda: choices, lambda: catalogue, lambda: NOW), actions)


def rows(one):
    """Every row by its text, without the keyboard's marks."""
    for item in one:
        if item is Menu.SEPARATOR:
            continue
        yield item.text.replace("__", "\0").replace("_", "").replace("\0", "_"), item
        if item.submenu:
            yield from rows(item.submenu)


def texts(one):
    return [text for text, _ in rows(one)]


def click(one, text):
    next(item for found, item in rows(one) if found == text)(None)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("This is not a game", ("not_a_game", "s1")),
        ("Wrong name …", ("wrong_name", "s1", "Portal_2 & <Friends>")),
        ("Open its folder", ("open_folder", "/games/portal")),
        ("For 15 minutes", ("pause", 900.0)),
        ("Until tomorrow", ("pause_until_tomorrow",)),
        ("Until I resume it", ("pause", None)),
        ("All", ("notifications", "all")),
        ("Problems only", ("notifications", "problems")),
        ("None", ("notifications", "none")),
        ("Open log folder", ("open_logs",)),
        ("Open settings file", ("open_settings",)),
        ("Check now", ("check_now",)),
        ("Quit", ("quit",)),
    ],
)
def test_a_click_asks_for_what_the_item_says(actions, text, asked):
    click(opened(actions), text)
    assert actions.asked == [asked]


def test_what_is_played_stands_first_with_its_time_its_reasons_and_words_for_who_cannot_see(actions):
    one = opened(actions)
    first, game = next(iter(rows(one)))
    assert first == "Portal_2 & <Friends>, 1 h 05 min"
    assert game.description == "Portal_2 & <Friends> has been played for 1 h 05 min"
    assert texts(game.submenu)[:2] == ["Why:", "• It lies in Steam's folder."]
    without = opened(actions, replace(PLAYING, playing=(replace(GAME, folder=""),)))
    assert not dict(rows(without))["Open its folder"].enabled


def test_without_a_game_and_in_a_pause(actions):
    assert texts(opened(actions, TrayState(IconState.WATCHING)))[0] == "No game is being played"
    paused = opened(actions, TrayState(IconState.PAUSED, paused_until=math.inf))
    assert texts(paused)[0] == "Paused until you resume it"
    assert "Pause" not in texts(paused)
    click(paused, "Resume watching")
    assert actions.asked == [("resume",)]


def test_today_and_the_last_sessions(actions):
    past = Summary(4500.0, (Past("SuperTux 2", NOW - 7 * 86_400, 2700.0), Past("A_B", NOW - 600, 30.0)))
    found = texts(opened(actions, past=past))
    assert "Today: 1 h 15 min" in found
    assert any(text.startswith("SuperTux 2, 45 min (20") for text in found)
    assert any(text.startswith("A_B, less than a minute (") for text in found)
    assert "Nothing was played today" in texts(opened(actions))


def test_health_is_one_line_and_below_it_what_to_do(actions):
    trouble = Trouble("Play time cannot be kept", "The disk is read-only. " * 5, "Mend the disk.", Severity.ERROR, 2)
    one = opened(actions, replace(PLAYING, trouble=trouble))
    item = dict(rows(one))["Attention: Play time cannot be kept"]
    assert item.description == "Attention: Play time cannot be kept. Mend the disk."
    below = texts(item.submenu)
    assert "Mend the disk." in below
    assert "… and 2 more: gamedetectd status" in below
    assert all(len(line) <= 70 for line in below)
    calm = dict(rows(opened(actions, replace(PLAYING, trouble=replace(trouble, severity=Severity.INFO, others=0)))))
    assert calm["All is well"].submenu is not None
    assert dict(rows(opened(actions)))["All is well"].submenu is None


def test_choices_are_marked_and_autostart_asks_for_the_other(actions):
    one = dict(rows(opened(actions, choices=Choices("none", True))))
    assert [one[text].checked for text in ("All", "Problems only", "None")] == [False, False, True]
    assert one["None"].radio
    assert one["Start at login"].checked is True
    one["Start at login"](None)
    assert actions.asked == [("autostart", False)]
    unknown = dict(rows(opened(actions, choices=Choices("all", None))))["Start at login"]
    assert not unknown.enabled
    dict(rows(opened(actions)))["Open dashboard"](None)
    assert actions.asked[-1] == ("open_dashboard",)


@pytest.mark.parametrize(("vision", "asked"), [(True, False), (False, True)])
def test_looking_at_the_screen_is_switched(actions, vision, asked):
    item = dict(rows(opened(actions, choices=Choices(vision=vision))))["Look at the screen where nothing else tells"]
    assert (item.checked, item.enabled) == (vision, True)
    item(None)
    assert actions.asked == [("vision", asked)]


def test_what_is_not_installed_cannot_be_switched_on(actions):
    assert not dict(rows(opened(actions)))["Look at the screen where nothing else tells"].enabled


@pytest.mark.parametrize(
    ("catalogue", "text"),
    [
        (Catalogue(2017), "2017 known games, the list that comes with the program"),
        (Catalogue(1, 0), "1 known game, list of today"),
        (Catalogue(54_000, 1), "54000 known games, list 1 day old"),
        (Catalogue(54_000, 12), "54000 known games, list 12 days old"),
    ],
)
def test_about_tells_the_version_and_the_age_of_the_list(actions, catalogue, text):
    found = texts(opened(actions, catalogue=catalogue))
    assert "gamedetectd 1.2.3" in found
    assert text in found


def test_items_keep_their_identity_while_their_texts_change(actions):
    earlier = [item.key for _, item in rows(opened(actions))]
    later = opened(actions, replace(PLAYING, playing=(replace(GAME, since=NOW - 9000),)))
    assert [item.key for _, item in rows(later)] == earlier
    assert len(set(earlier)) == len(earlier)
    assert all(isinstance(item, Item) for _, item in rows(later))


@pytest.mark.parametrize(
    ("system", "text"), [("linux", "_Pause a__b & c"), ("win32", "&Pause a_b && c"), ("darwin", "Pause a_b & c")]
)
def test_the_keyboards_letter_is_marked_as_each_system_does(system, text):
    assert spelled(label("_Pause {what}", what="a_b & c"), system) == text


@pytest.mark.parametrize("language", i18n.languages())
def test_no_letter_is_taken_twice_in_one_menu(actions, language):
    i18n.install(language)

    def check(one):
        letters = [match[1].lower() for item in one if (match := re.search(r"(?<!_)_(?!_)(\w)", item.text))]
        assert len(letters) == len(set(letters)), letters
        for item in one:
            if item is not Menu.SEPARATOR and item.submenu:
                check(item.submenu)

    try:
        check(opened(actions))
        check(opened(actions, TrayState(IconState.PAUSED, paused_until=math.inf)))
    finally:
        i18n.install("en")


def test_everything_in_the_menu_is_a_command_too():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    for command in ("explain", "game", "sessions", "status", "--until", "resume", "set", "open", "check", "stop"):
        assert re.search(rf"(?<![\w-]){re.escape(command)}\b", readme), command

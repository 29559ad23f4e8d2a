"""What is never looked at, and when nothing is."""

import pytest

from gamedetectd.domain import Window
from gamedetectd.sensors.screen_limits import PASSING, Hindrance, Surroundings, hindrance

GAME = Window(1, 2, "Emulator", "mednafen, mednafen")
NOTHING = Surroundings()


@pytest.mark.parametrize(
    ("program", "class_name"),
    [
        ("keepassxc", ""),
        ("KeePass.exe", ""),
        ("Bitwarden", ""),
        ("1Password.exe", ""),
        ("gnome-keyring-daemon", ""),
        ("pinentry-gtk-2", ""),
        ("electron", '"bitwarden", "Bitwarden"'),
        ("Keychain Access", ""),
        ("CredentialUIBroker.exe", ""),
        ("consent.exe", ""),
        ("i3lock", ""),
        ("xscreensaver-auth", ""),
        ("kscreenlocker_greet", ""),
        ("LogonUI.exe", ""),
        ("LockApp.exe", ""),
        ("loginwindow", ""),
        ("swaylock", ""),
    ],
)
def test_what_keeps_secrets_is_never_looked_at(program, class_name):
    assert hindrance(Window(1, 2, "x", class_name), [program], NOTHING) is Hindrance.SECRET


@pytest.mark.parametrize(
    "title",
    [
        "Bank - Mozilla Firefox Private Browsing",
        "Bank - [InPrivate] - Microsoft Edge",
        "Bank - Google Chrome (Incognito)",
        "Bank – Mozilla Firefox Privater Modus",
        "Banque — Navigation privée de Mozilla Firefox",
        "Tor Browser",
    ],
)
def test_private_windows_of_browsers_are_never_looked_at(title):
    assert hindrance(Window(1, 2, title), ["firefox"], NOTHING) is Hindrance.PRIVATE


def test_what_the_person_marked_private_is_never_looked_at():
    assert hindrance(GAME, ["mednafen"], Surroundings(private=True)) is Hindrance.PRIVATE


@pytest.mark.parametrize("pattern", ["mednafen", "MEDNAFEN", "med*", "emu*", "Emulator", "game", "*lator"])
def test_applications_may_be_opted_out(pattern):
    assert hindrance(GAME, ["mednafen", "game.exe"], NOTHING, never=(pattern,)) is Hindrance.OPTED_OUT


@pytest.mark.parametrize("pattern", ["medn", "lator", "other"])
def test_a_pattern_is_for_the_whole_name(pattern):
    assert hindrance(GAME, ["mednafen"], NOTHING, never=(pattern,)) is None


WAYS = {
    "locked": (Surroundings(locked=True), Hindrance.LOCKED),
    "paused": (Surroundings(paused=True), Hindrance.PAUSED),
    "starved": (Surroundings(starved=True), Hindrance.STARVED),
}


@pytest.mark.parametrize("name", WAYS)
def test_there_are_times_when_nothing_is_looked_at(name):
    around, expected = WAYS[name]
    assert hindrance(GAME, ["mednafen"], around) is expected
    assert expected in PASSING


def test_on_battery_only_where_the_person_asked_for_a_rest():
    on_battery = Surroundings(on_battery=True)
    assert hindrance(GAME, [], on_battery) is None
    assert hindrance(GAME, [], on_battery, battery=False) is Hindrance.BATTERY


def test_without_a_window_there_is_nothing_to_look_at():
    assert hindrance(None, [], NOTHING) is Hindrance.NO_WINDOW


def test_what_is_secret_stays_so_whatever_else_is_true():
    everything = Surroundings(private=True, locked=True, paused=True, starved=True)
    assert hindrance(GAME, ["keepassxc"], everything, never=("*",)) is Hindrance.SECRET
    assert hindrance(GAME, ["mednafen"], NOTHING) is None

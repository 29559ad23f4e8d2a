"""How detection weighs what stores say at this moment: Steam's log and numbers, and GameMode."""

import pytest

from gamedetectd.detection.judge import verdict_on
from gamedetectd.domain import Facts, InstalledGame, Instant, ProcessInfo, ProcessKey, StoreSignal, System, Window

PORTAL = InstalledGame("steam", "620", "Portal 2", "/s/steamapps/common/Portal 2")
LONG, SHORT = 3000000000 << 32 | 0x02000000, 3000000000
CHRONO = InstalledGame(
    "steam-shortcut", str(LONG), "Chrono Trigger", "", ("/roms/c.sfc",), (f"steam-shortcut:{SHORT}",)
)


def process(pid, exe=None, *argv, parent=0, env=None):
    return ProcessInfo(ProcessKey("b", pid, pid), parent, exe, (exe, *argv) if exe else (), None, environment=env or {})


def signal(source, pid=2, game=""):
    return StoreSignal(Instant(1.0, 1.0, 1.0), source, pid, game, running=True)


def facts(*processes, signals=(), window=None, library=(PORTAL, CHRONO)):
    return Facts(system=System.LINUX, processes=processes, signals=signals, window=window, library=library)


def sources(verdict):
    return {reason.source for reason in verdict.evidence}


def reasons(verdict):
    return " ".join(reason.reason for reason in verdict.evidence)


PROGRAM = process(2, "/home/ann/x/run")
NUMBERS = [
    (620, "Portal 2", "steam:620"),
    (LONG, "Chrono Trigger", f"steam-shortcut:{LONG}"),
    (SHORT, "Chrono Trigger", f"steam-shortcut:{LONG}"),
]


@pytest.mark.parametrize(("number", "title", "ident"), NUMBERS)
@pytest.mark.parametrize("how", ["steam_log", "steam_window", "environment", "reaper"])
def test_steams_number_names_the_game_wherever_it_stands(number, title, ident, how):
    if how == "environment":
        one = facts(process(2, "/home/ann/x/run", env={"SteamAppId": "0", "SteamGameId": str(number)}))
    elif how == "reaper":
        reaper = process(1, "/s/reaper", "SteamLaunch", f"AppId={number}", "--", "x")
        one = facts(reaper, process(2, "/home/ann/x/run", parent=1))
    else:
        one = facts(PROGRAM, signals=(signal(how, game=f"steam:{number}"),))
    verdict = verdict_on(one)
    assert (verdict.game.id, verdict.game.title) == (ident, title)
    assert ("added to it by hand" in reasons(verdict)) is (number != 620)


def test_a_mod_of_a_game_is_not_taken_for_what_was_added_by_hand():
    mod = 12345 << 32 | 0x01000000 | 220
    verdict = verdict_on(facts(PROGRAM, signals=(signal("steam_log", game=f"steam:{mod}"),)))
    assert verdict.game.id == f"steam:{mod}"
    assert "by hand" not in reasons(verdict)


def test_each_source_says_how_it_knows():
    told = {
        "steam_log": "Steam's process log lists it",
        "steam_window": "Its window carries Steam's number",
        "another": "Steam says of it",
    }
    for source, sentence in told.items():
        assert sentence in reasons(verdict_on(facts(PROGRAM, signals=(signal(source, game="steam:620"),))))


def test_gamemode_alone_is_not_enough():
    verdict = verdict_on(facts(PROGRAM, signals=(signal("gamemode"),)))
    assert "store.gamemode" in sources(verdict)
    assert not verdict.is_game
    assert 0.5 < verdict.probability < 0.9


WRAPPED = {
    "gamemoderun": process(2, "/usr/bin/bash", "/usr/bin/gamemoderun", "/home/ann/x/run"),
    "mangohud": process(2, "/usr/bin/bash", "/usr/bin/mangohud", "/home/ann/x/run"),
}


@pytest.mark.parametrize("wrapper", WRAPPED)
def test_the_wrapper_that_asks_for_it_says_nothing_more(wrapper):
    """``gamemoderun blender-of-mine`` is two words for one thing."""
    verdict = verdict_on(facts(WRAPPED[wrapper], PROGRAM, signals=(signal("gamemode"),)))
    assert "store.starter" not in sources(verdict)
    assert not verdict.is_game
    without = verdict_on(facts(WRAPPED[wrapper], PROGRAM))
    assert "store.starter" in sources(without)


def test_gamemode_and_another_sign_are():
    window = Window(pid=2, title="Run", class_name="run", fullscreen=True)
    assert verdict_on(facts(PROGRAM, signals=(signal("gamemode"),), window=window)).is_game
    lutris = process(1, "/usr/bin/lutris")
    assert verdict_on(facts(lutris, process(2, "/home/ann/x/run", parent=1), signals=(signal("gamemode"),))).is_game


def test_a_wrapper_that_lives_as_long_may_be_the_one_registered():
    wrapper = process(1, "/usr/bin/gamescope", "--", "/home/ann/x/run")
    above = process(3, "/usr/bin/somebody")
    child = process(2, "/home/ann/x/run", parent=1)
    assert "store.gamemode" in sources(verdict_on(facts(wrapper, child, signals=(signal("gamemode", 1),))))
    assert "store.gamemode" not in sources(verdict_on(facts(above, child, signals=(signal("gamemode", 3),))))


@pytest.mark.parametrize("exe", ["/usr/bin/blender", "/usr/bin/ffmpeg", "/usr/bin/obs", "/usr/bin/firefox"])
def test_what_is_known_to_be_no_game_stays_none(exe):
    window = Window(pid=2, title="Something", class_name="x", fullscreen=True)
    assert not verdict_on(facts(process(2, exe), signals=(signal("gamemode"),), window=window)).is_game


def test_a_window_without_a_process_asks_for_nothing():
    verdict = verdict_on(facts(signals=(signal("gamemode"),), window=Window(pid=2, title="X")))
    assert "store.gamemode" not in sources(verdict)


@pytest.mark.parametrize(
    ("exe", "number", "title"),
    [
        ("/usr/bin/zenity", 424242, None),
        ("/usr/lib/gnome-shell/gnome-shell-calendar-server", 424242, None),
        ("/usr/share/gnome-shell/org.gnome.ScreenSaver", 424242, None),  # the session bus started it
        ("/usr/share/games/oddity/oddity", 424242, "Oddity"),
        ("/usr/bin/zenity", 620, "Portal 2"),  # what its game is called is known
        ("/usr/bin/zenity", LONG, "Chrono Trigger"),
        ("/usr/bin/oddity", SHORT + 1, "Oddity"),  # added by hand: that may lie anywhere
        ("/usr/games/oddity", 424242, "Oddity"),
    ],
)
def test_a_tool_of_the_system_that_a_game_called_gives_it_no_name(exe, number, title):
    verdict = verdict_on(facts(process(2, exe, env={"SteamAppId": str(number), "SteamGameId": str(number)})))
    assert (verdict.game.title if verdict.is_game else None) == title

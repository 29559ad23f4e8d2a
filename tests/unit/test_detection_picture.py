"""What a picture may say: it weighs beside the process, names what nothing else names, and never decides alone."""

from dataclasses import replace

import pytest

from gamedetectd.detection.judge import verdict_on
from gamedetectd.detection.look import is_stream, surely_named, worth_a_look, worth_reading
from gamedetectd.domain import (
    Bounds,
    Content,
    Facts,
    Game,
    InstalledGame,
    ProcessInfo,
    ProcessKey,
    Rule,
    RuleKind,
    ScreenLabels,
    Verdict,
    Window,
)

SEEN = ScreenLabels(0.97, "Pitfall!", 0.61, "game")
GAME_LIBRARIES = frozenset(["libSDL2-2.0.so.0", "libGL.so.1", "libpulse.so.0"])
SERVICE = "--app=https://play.geforcenow.com/games"


def shown(exe, *argv, title="Emulator", cls="", fullscreen=False, screen=SEEN, **known):
    process = ProcessInfo(ProcessKey("boot", 100, 5), 1, exe, (exe, *argv), "/home/ann")
    window = Window(7, 100, title, cls, fullscreen, Bounds(0, 0, 1280, 800))
    return Facts(processes=(process,), window=window, screen=screen, **known)


def title_of(facts):
    game = verdict_on(facts).game
    return (game.title, game.title_source, game.platform) if game is not None else None


def sources(facts):
    return {reason.source for reason in verdict_on(facts).evidence}


PICTURE = "its picture"
NAMED_BY_ITS_PICTURE = {
    "an emulator whose file is called anything": (shown("/usr/games/mednafen", "/t/game.nes"), "NES"),
    "one word that its window does not say": (shown("/usr/games/stella", "/t/neutral.a26"), "Atari 2600"),
    "an emulator without a file": (shown("/usr/games/stella"), "Atari 2600"),
    "ScummVM with a target of somebody's own": (shown("/usr/games/scummvm", "-p", "/t", "game"), ""),
    "DOSBox": (shown("/usr/bin/dosbox", "-conf", "a.conf", title="DOSBox 0.74"), ""),
    "a service's own page": (shown("/usr/bin/chromium", title="GeForce NOW - Chromium"), ""),
    "a service's page as a program": (shown("/usr/bin/chromium", SERVICE, title="Cloud"), ""),
    "a service's own program": (shown("/opt/gfn/geforcenow", title="x"), ""),
    "remote play": (shown("/usr/bin/chiaki", title="Chiaki | Stream"), ""),
    "Moonlight, told of no game": (shown("/usr/bin/moonlight", "stream", "host", title="x"), ""),
    "Steam's remote play, told of none": (shown("/usr/bin/streaming_client", title="x"), ""),
}


@pytest.mark.parametrize("name", NAMED_BY_ITS_PICTURE)
def test_what_nothing_names_is_named_by_its_picture(name):
    facts, platform = NAMED_BY_ITS_PICTURE[name]
    assert title_of(facts) == ("Pitfall!", PICTURE, platform)
    assert worth_a_look(facts)
    assert worth_a_look(replace(facts, screen=None))


TITLE_SCREEN = ScreenLabels(0.5, decision="unknown", read="Pitfall!")


@pytest.mark.parametrize("name", NAMED_BY_ITS_PICTURE)
def test_and_by_its_title_screen(name):
    facts, platform = NAMED_BY_ITS_PICTURE[name]
    facts = replace(facts, screen=TITLE_SCREEN)
    assert title_of(facts) == ("Pitfall!", "its title screen", platform)
    assert worth_reading(facts)
    told = [reason.reason for reason in verdict_on(facts).evidence]
    assert any("by its title screen" in reason for reason in told)
    assert is_stream(facts) or "Its title screen reads Pitfall!." in told
    assert not surely_named(verdict_on(facts))


def test_what_was_learned_is_believed_before_what_was_read():
    both = shown("/usr/games/stella", screen=replace(SEEN, read="Pitfall"))
    assert title_of(both)[:2] == ("Pitfall!", PICTURE)
    assert {"screen.title", "screen.read"} <= sources(both)
    other = replace(both, screen=replace(SEEN, read="Breakout"))
    assert title_of(other)[:2] == ("Pitfall!", PICTURE)
    assert "screen.read" not in sources(other)
    assert any("but by now it looks like Pitfall!" in reason.reason for reason in verdict_on(other).evidence)


def test_a_title_screen_names_nothing_but_what_runs_in_a_container():
    for facts in (*NAMED_BY_OTHERS.values(), *NO_GAME.values(), shown("/opt/x/a", mapped=GAME_LIBRARIES)):
        read = replace(facts, screen=TITLE_SCREEN)
        assert not worth_reading(read)
        assert "its title screen" not in (title_of(read) or ())
    film = shown("/opt/x/a", mapped=frozenset(["libavcodec.so.59"]), screen=TITLE_SCREEN)
    assert "screen.read" not in sources(film)


def test_the_emulators_own_name_is_no_game():
    shows_itself = shown("/usr/bin/dosbox", title="DOSBox 0.74", screen=replace(TITLE_SCREEN, read="DOSBox"))
    assert title_of(shows_itself) is None


NAMED_BY_OTHERS = {
    "a file's name in words": shown("/usr/games/mednafen", "/t/Super Mario Bros (World).nes"),
    "one word that its window says too": shown("/usr/games/mednafen", "/t/Tetris.nes", title="Tetris"),
    "a page that names the game": shown("/usr/bin/chromium", title="Control on GeForce NOW - Chromium"),
    "a known target": shown("/usr/games/scummvm", "sky"),
}


@pytest.mark.parametrize("name", NAMED_BY_OTHERS)
def test_what_something_names_keeps_that_name(name):
    facts = NAMED_BY_OTHERS[name]
    assert title_of(facts)[:2] != ("Pitfall!", PICTURE)
    assert title_of(facts) is not None
    assert not worth_a_look(facts)


NO_GAME = {
    "a video of a game in a player": shown("/usr/bin/mpv", "a.mp4", title="Pitfall! - mpv", fullscreen=True),
    "a video of a game in a browser": shown("/usr/bin/chromium", title="Let's play Pitfall! - YouTube - Chromium"),
    "the same, as a page of its own": shown("/usr/bin/chromium", "--app=https://www.youtube.com/tv", title="YouTube"),
    "another page that fills the screen": shown("/usr/bin/firefox", title="Cloud", fullscreen=True),
    "a browser without a window of its own": replace(shown("/usr/bin/firefox"), window=None),
    "an unknown program that fills the screen": shown("/opt/x/player", title="player", cls="SDL_app", fullscreen=True),
    "an unknown player of videos": shown(
        "/opt/x/show", title="show", fullscreen=True, mapped=GAME_LIBRARIES | {"libmpv.so.2"}
    ),
    "a screensaver": shown("/usr/libexec/xscreensaver/glmatrix", title="glmatrix", fullscreen=True),
    "a benchmark": shown("/usr/bin/glxgears", title="glxgears", fullscreen=True),
    "an emulator that says it runs nothing": shown("/usr/bin/retroarch", content=Content(source="RetroArch's answer")),
    "DOSBox that works": shown("/usr/bin/dosbox", "-c", "wp51.exe", title="DOSBox 0.74, Program: WP"),
}


@pytest.mark.parametrize("name", NO_GAME)
def test_a_picture_alone_makes_no_game(name):
    assert verdict_on(NO_GAME[name]).game is None
    assert not worth_a_look(NO_GAME[name])


def test_a_picture_turns_what_lies_between():
    unsure = shown("/home/ann/emu/emulator", "a.nes", mapped=GAME_LIBRARIES, fullscreen=True, screen=None)
    assert not verdict_on(unsure).is_game
    assert worth_a_look(unsure)
    assert title_of(replace(unsure, screen=SEEN)) == ("Pitfall!", PICTURE, "")
    assert not verdict_on(replace(unsure, screen=ScreenLabels(0.02, decision="not_game"))).is_game
    assert sources(replace(unsure, screen=ScreenLabels(0.6, decision="unknown"))) == sources(unsure)


def test_a_picture_takes_nothing_back_that_all_else_establishes():
    known = shown("/usr/games/asylum", title="menu", screen=ScreenLabels(0.02, decision="not_game"))
    assert verdict_on(known).is_game
    assert any("all else says that this is a game" in reason.reason for reason in verdict_on(known).evidence)
    assert not worth_a_look(known)


def test_what_is_certain_is_not_looked_at():
    steam = (InstalledGame("steam", "620", "Portal 2", "/g/Portal 2"),)
    assert not worth_a_look(shown("/g/Portal 2/portal2", title="Portal 2", library=steam, screen=None))
    assert not worth_a_look(shown("/usr/bin/gedit", title="notes", screen=None))


@pytest.mark.parametrize("kind", RuleKind)
def test_the_person_has_the_last_word(kind):
    rule = Rule(kind, "stella", title="Mine" if kind is RuleKind.GAME else "")
    facts = shown("/usr/games/stella", "/t/neutral.a26", rules=(rule,))
    assert not worth_a_look(facts)
    assert not worth_reading(facts)
    assert title_of(facts) is None or title_of(facts)[0] == "Mine"


REASONS = {
    "a game's": (SEEN, "screen.game", "97%"),
    "a title alone": (ScreenLabels(0.5, "Pitfall!", 0.6, "unknown"), "screen.title", "as learned before"),
    "no game's": (ScreenLabels(0.03, None, 0.0, "not_game"), "screen.other", "3%"),
    "one picture, surely": (ScreenLabels(0.95), "screen.game", "95%"),
    "one picture, surely not": (ScreenLabels(0.05), "screen.other", "5%"),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_it_says_is_a_reason_that_people_read(name):
    labels, source, words = REASONS[name]
    told = verdict_on(shown("/opt/x/a", mapped=GAME_LIBRARIES, screen=labels)).evidence
    reason = next(one for one in told if one.source == source)
    assert words in reason.reason
    assert "screen.unsupported" not in {one.source for one in told}


def test_why_a_picture_counts_for_nothing_is_said():
    alone = verdict_on(shown("/opt/x/a"))
    assert any("nothing about the program itself" in reason.reason for reason in alone.evidence)
    video = verdict_on(shown("/opt/x/a", mapped=frozenset(["libavcodec.so.59"])))
    assert any("libavcodec.so.59, which plays videos" in reason.reason for reason in video.evidence)
    assert all(reason.weight <= 0 for reason in video.evidence)


def test_one_picture_names_only_beyond_doubt():
    facts = shown("/usr/games/stella", screen=ScreenLabels(0.9, "Pitfall!", 0.95))
    assert title_of(facts)[0] == "Pitfall!"
    assert title_of(replace(facts, screen=ScreenLabels(0.9, "Pitfall!", 0.6))) is None
    assert title_of(replace(facts, screen=ScreenLabels(0.9, None, 0.0, "game"))) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (shown("/usr/bin/chromium", title="GeForce NOW - Chromium"), True),
        (shown("/usr/bin/chromium", title="Control on GeForce NOW - Chromium"), True),
        (shown("/usr/games/stella"), False),
    ],
)
def test_colours_of_a_stream_are_not_compared(facts, expected):
    assert is_stream(facts) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            shown(
                "/g/Portal 2/portal2",
                title="Portal 2",
                library=(InstalledGame("steam", "620", "Portal 2", "/g/Portal 2"),),
            ),
            True,
        ),
        (shown("/usr/games/mednafen", "/t/Super Mario Bros (World).nes"), True),
        (shown("/usr/games/stella", "/t/neutral.a26"), False),  # its picture told: nothing is learned from itself
        (shown("/usr/bin/gedit"), False),
    ],
)
def test_only_what_is_known_otherwise_is_learned_silently(facts, expected):
    assert surely_named(verdict_on(facts)) is expected


def test_a_name_that_only_a_file_bears_is_not_learned():
    assert not surely_named(Verdict(Game("exe:x", "X"), 0.999, ()))
    assert not surely_named(Verdict(Game("steam:1", "X"), 0.95, ()))

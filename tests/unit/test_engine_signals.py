"""What stores say of processes, in the engine: kept apart, in any order, and enough to name what hides itself."""

from dataclasses import replace

import pytest

from gamedetectd.domain import (
    FactKind,
    Facts,
    ForegroundChanged,
    InstalledGame,
    Instant,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    SessionEventKind,
    StoreSignal,
    System,
    Window,
)
from gamedetectd.engine.core import Core
from gamedetectd.engine.replay import replay
from gamedetectd.engine.signals import KEPT, Signals
from gamedetectd.facts.recording import dump_observation, parse_observation
from gamedetectd.sessions.machine import Policy

FINALS = InstalledGame("steam", "2073850", "THE FINALS", "/s/steamapps/common/THE FINALS")
PROTON = InstalledGame("steam", "1493710", "Proton Experimental", "/s/steamapps/common/Proton - Experimental")
LIBRARY = {row.id: row for row in (FINALS, PROTON)}


def at(seconds):
    return Instant(seconds, seconds, 1_000_000 + seconds)


def process(pid, exe=None, parent=0, argv=(), started=1.0, comm="x"):
    key = ProcessKey("boot", pid, int(started * 100))
    return ProcessInfo(key, parent, exe, argv, None, "me", started_elapsed=started, comm=comm)


HIDDEN = process(10, comm="Discovery-d.exe", started=5.0)
"""Its anti-cheat lets nobody read its path, arguments or environment."""


def says(pid, game="steam:2073850", source="steam_log", when=6.0, running=True):
    return StoreSignal(at(when), source, pid, game, running)


def answered(core, now):
    """Answer every question as a facts room would that has nothing but a library, by the ids that stores told."""
    events = ()
    while asks := core.take_asks():
        for ask in asks:
            ids = [signal.game_id.partition(":")[2] for signal in ask.facts.signals]
            rows = tuple(LIBRARY[ident] for ident in ids if ident in LIBRARY)
            found = {"library": rows} if FactKind.LIBRARY in ask.kinds else {}
            events += core.answer(
                now, ask.key, replace(ask.facts, gathered=ask.facts.gathered | set(ask.kinds), **found)
            )
    return events


def observed(core, *observations):
    events = ()
    for one in observations:
        events += core.observe(one) + answered(core, one.at)
    return events


@pytest.fixture
def core():
    return Core(System.LINUX, Policy(8.0))


START = ProcessStarted(at(5.1), HIDDEN)
ORDERS = {
    "the process first": [START, says(10)],
    "the log first": [says(10), replace(START, at=at(6.5))],
    "in a list of all": [says(10), Resync(at(7), (HIDDEN,))],
    "the window between": [START, ForegroundChanged(at(5.5), Window(1, 10, "Discovery", "x")), says(10)],
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_protected_game_is_named_by_steams_log(order, core):
    events = observed(core, *ORDERS[order])
    (session,) = core.machine.sessions
    assert (session.game.id, session.game.title) == ("steam:2073850", "THE FINALS")
    assert session.started_at == 1_000_000 + 5.0
    assert SessionEventKind.STARTED in [event.kind for event in events]
    assert any("Steam's process log lists it under the number 2073850" in reason.reason for reason in session.evidence)


@pytest.mark.parametrize("order", ORDERS)
def test_without_the_log_nobody_knows(order, core):
    observed(core, *(one for one in ORDERS[order] if not isinstance(one, StoreSignal)))
    assert core.machine.sessions == ()


def test_a_recording_tells_the_same():
    """Recorded facts carry no word of stores: those are observations of their own."""
    seen = [START, says(10), ProcessEnded(at(50), HIDDEN.key, 49.5)]
    start, word, end = (parse_observation(dump_observation(one)) for one in seen)
    facts = Facts(id="10", processes=(HIDDEN,), library=(FINALS,))
    steps = list(replay([start, word, *[facts] * 8, end], Policy(8.0)))  # as many answers as there may be questions
    assert [[event.kind for event in events] for events in steps if events] == [
        [SessionEventKind.STARTED],
        [SessionEventKind.ENDED],
    ]
    assert {event.session.game.title for events in steps for event in events} == {"THE FINALS"}


def test_what_its_wrapper_is_listed_as_it_is_too(core):
    reaper = process(8, "/s/reaper", argv=("reaper", "SteamLaunch", "AppId=0", "--", "x"), started=4.0)
    child = replace(HIDDEN, parent_pid=8)
    observed(core, says(8, when=4.5), ProcessStarted(at(5.1), child, (reaper,)))
    assert [session.game.title for session in core.machine.sessions] == ["THE FINALS"]


def test_steams_own_software_is_no_game(core):
    observed(core, START, says(10, "steam:1493710"))
    assert core.machine.sessions == ()


def test_several_sources_stand_beside_each_other(core):
    observed(core, START, says(10), says(10, "", "gamemode", 7.0), says(10, "steam:2073850", "steam_window", 8.0))
    signals = core.programs[HIDDEN.key].facts.signals
    assert [signal.source for signal in signals] == ["gamemode", "steam_log", "steam_window"]
    observed(core, says(10, "steam:730", "steam_log", 9.0))
    assert [signal.game_id for signal in core.programs[HIDDEN.key].facts.signals] == ["", "steam:730", "steam:2073850"]


def test_the_youngest_processs_word_counts(core):
    launcher = process(8, "/s/launcher", started=4.0)
    child = replace(HIDDEN, parent_pid=8)
    observed(core, says(8, "steam:1"), says(10), ProcessStarted(at(7), child, (launcher,)))
    assert [signal.pid for signal in core.programs[child.key].facts.signals] == [10]


def test_that_steam_stops_listing_it_does_not_end_the_session(core):
    """Steam writes that when the process ends; the end itself is told by others, to the hundredth of a second."""
    observed(core, START, says(10), says(10, running=False, when=20.0))
    assert len(core.machine.sessions) == 1
    (ended,) = observed(core, ProcessEnded(at(20.5), HIDDEN.key, 19.9))
    assert ended.session.ended_at == 1_000_000 + 19.9
    assert ended.session.game.title == "THE FINALS"


def test_a_word_about_an_earlier_process_with_the_same_pid_does_not_count(core):
    observed(core, says(10), ProcessStarted(at(31), process(10, started=30.0)))
    assert core.machine.sessions == ()
    observed(core, START, says(10), ProcessEnded(at(20), HIDDEN.key, 20.0))
    observed(core, ProcessStarted(at(31), process(10, started=30.0)))
    assert core.programs[ProcessKey("boot", 10, 3000)].facts.signals == ()


def test_an_answer_from_before_the_word_does_not_hide_it(core):
    core.observe(START)
    asks = core.take_asks()
    assert asks
    core.observe(says(10))
    core.take_asks()
    for ask in asks:
        core.answer(at(7), ask.key, replace(ask.facts, gathered=ask.facts.gathered | set(ask.kinds)))
    answered(core, at(7))
    assert [session.game.title for session in core.machine.sessions] == ["THE FINALS"]


def test_a_game_that_was_gone_before_its_facts_came_is_still_named(core):
    core.observe(says(10))
    core.observe(replace(START, at=at(6.5)))
    asks = core.take_asks()
    core.observe(ProcessEnded(at(9), HIDDEN.key, 8.9))
    events = ()
    for ask in asks:
        kinds = frozenset(FactKind)
        events += core.answer(at(9.5), ask.key, replace(ask.facts, gathered=kinds, library=(FINALS,)))
    assert {event.session.game.title for event in events} == {"THE FINALS"}


def test_words_about_processes_that_are_never_seen_do_not_pile_up():
    signals = Signals()
    for pid in range(1, KEPT + 100):
        signals.take(says(pid))
    assert len(signals._said) == KEPT
    assert signals.of(Facts(processes=(process(1, started=1.0),))) == ()
    assert len(signals.of(Facts(processes=(process(KEPT + 50, started=1.0),)))) == 1

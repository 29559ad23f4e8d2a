"""The engine's core: observations in, session events out, the same for live runs and replays."""

from dataclasses import replace

import pytest

from gamedetectd.domain import (
    ALL_KINDS,
    DesktopEntry,
    EndedBy,
    FactKind,
    ForegroundChanged,
    IdleChanged,
    InstalledGame,
    Instant,
    PowerChanged,
    PowerState,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    Rule,
    RuleKind,
    ScreenClassified,
    ScreenLabels,
    SessionEventKind,
    StoreSignal,
    System,
    TitleRead,
    Window,
)
from gamedetectd.engine.core import Core
from gamedetectd.engine.replay import replay
from gamedetectd.sessions.machine import Policy

ENTRY = DesktopEntry("Lantern Drift", ("Game",), "lantern")


def at(seconds):
    return Instant(seconds, seconds, 1_000_000 + seconds)


def process(pid, exe, parent=0, argv=(), started=1.0, **more):
    key = ProcessKey("boot", pid, int(started * 100))
    return ProcessInfo(key, parent, exe, argv or (exe,), "/", "me", started_elapsed=started, comm="x", **more)


def new_core(**options):
    return Core(System.LINUX, Policy(8.0), **options)


GAME = process(10, "/opt/lantern/lantern")
SHELL = process(5, "/usr/bin/bash", argv=("bash",))


def answered(core, now, entry=ENTRY):
    """Answer every question as a facts room would that finds the entry and nothing else."""
    events = ()
    for ask in core.take_asks():
        facts = replace(ask.facts, desktop_entry=entry, gathered=ask.facts.gathered | set(ask.kinds))
        events += core.answer(now, ask.key, facts)
    return events


def playing(core):
    core.observe(ProcessStarted(at(2), GAME, (SHELL,)))
    while core.machine.sessions == () and (events := answered(core, at(2))) is not None:
        if not core._asks and not events:
            break
    return core.machine.sessions


def test_a_game_needs_facts_and_becomes_a_session_with_its_own_start():
    core = new_core()
    assert core.observe(ProcessStarted(at(2), GAME, (SHELL,))) == ()
    (session,) = playing(core)
    assert session.game.title == "Lantern Drift"
    assert session.started_at == 1_000_000 + 1.0
    assert session.processes == (GAME.key,)
    (ended,) = core.observe(ProcessEnded(at(9), GAME.key, 8.5))
    assert (ended.kind, ended.session.ended_by) == (SessionEventKind.ENDED, EndedBy.EXIT)
    assert ended.session.ended_at == 1_000_000 + 8.5
    assert not core.knows(GAME.pid)


def test_focus_counts_for_the_game_whose_window_or_child_has_it():
    core = new_core()
    playing(core)
    core.observe(ForegroundChanged(at(3), Window(1, GAME.pid, "Lantern Drift", "Lantern")))
    assert core.machine.foreground == (core.machine.sessions[0].id,)
    core.advance(at(5))
    assert core.machine.sessions[0].foreground_seconds == pytest.approx(2.0)
    child = process(11, "/opt/lantern/overlay", parent=10, started=4.0)
    core.observe(ProcessStarted(at(5), child, (SHELL, GAME)))
    core.observe(ForegroundChanged(at(5), Window(2, 11, "Shop", "Overlay")))
    assert core.machine.foreground != ()
    core.observe(ForegroundChanged(at(6), Window(3, 4711, "Mail", "Mail")))
    core.advance(at(8))
    assert core.machine.sessions[0].foreground_seconds == pytest.approx(3.0)
    core.observe(ForegroundChanged(at(8), None))
    assert core.machine.foreground == ()


def test_a_window_that_came_before_its_process_is_not_forgotten():
    core = new_core()
    core.observe(ForegroundChanged(at(1.5), Window(1, GAME.pid, "Lantern Drift", "Lantern")))
    playing(core)
    core.advance(at(4))
    assert core.machine.sessions[0].foreground_seconds > 1.9
    assert core.programs[GAME.key].facts.window.title == "Lantern Drift"


def test_a_resync_ends_what_is_gone_starts_what_is_new_and_doubles_nothing():
    core = new_core()
    playing(core)
    judged = core.judgements
    assert core.observe(Resync(at(4), (SHELL, GAME))) == ()
    other = process(12, "/opt/other/other", parent=5, started=3.0)
    core.observe(Resync(at(5), (SHELL, GAME, other)))
    assert core.programs[other.key].facts.processes == (SHELL, other)
    assert core.judgements > judged
    (ended,) = core.observe(Resync(at(6), (SHELL, other)))
    assert ended.kind is SessionEventKind.ENDED
    assert core.observe(Resync(at(7), ())) == ()
    assert core.programs == {}


def test_a_reused_pid_is_another_process():
    core = new_core()
    playing(core)
    stranger = process(10, "/usr/bin/sleep", started=50.0)
    events = core.observe(ProcessStarted(at(51), stranger))
    assert [event.kind for event in events] == [SessionEventKind.ENDED]
    assert core.answer(at(52), GAME.key, core.programs[stranger.key].facts) == ()


def test_a_script_that_becomes_the_game_by_exec_still_tells():
    core = new_core()
    script = process(10, "/usr/bin/dash", argv=("/bin/sh", "/usr/games/lantern"))
    core.observe(ProcessStarted(at(2), script))
    java = process(10, "/usr/lib/jvm/bin/java", argv=("java", "net.lantern.Main"))
    core.observe(ProcessStarted(at(2.1), java))
    assert core.programs[java.key].facts.processes == (script, java)


def test_a_verdict_that_comes_after_the_end_still_makes_a_short_session():
    core = new_core()
    core.observe(ProcessStarted(at(2), GAME))
    asks = core.take_asks()
    core.observe(ProcessEnded(at(3), GAME.key, 2.9))
    events = ()
    for ask in asks:
        events += core.answer(at(4), ask.key, replace(ask.facts, desktop_entry=ENTRY, gathered=ALL_KINDS))
    assert [event.kind for event in events] == [SessionEventKind.STARTED, SessionEventKind.ENDED]
    assert events[-1].session.ended_at == 1_000_000 + 2.9


def test_answers_for_processes_nobody_knows_change_nothing():
    core = new_core()
    core.observe(ProcessStarted(at(2), GAME))
    (ask, *_) = core.take_asks()
    assert core.answer(at(3), ProcessKey("boot", 99, 1), ask.facts) == ()
    assert core.answer(at(3), ask.key, replace(ask.facts, processes=())) == ()


def test_the_persons_rules_apply_to_what_runs_already():
    core = new_core()
    playing(core)
    rename = Rule(RuleKind.GAME, "lantern", title="My Lantern")
    (updated,) = core.set_rules(at(4), (rename,))
    assert (updated.kind, updated.session.game.title) == (SessionEventKind.UPDATED, "My Lantern")
    (corrected,) = core.set_rules(at(5), (Rule(RuleKind.IGNORE, "lantern"),))
    assert corrected.session.ended_by is EndedBy.CORRECTED


def test_while_paused_nothing_opens_and_afterwards_it_begins_then():
    core = new_core()
    core.pause(at(1))
    assert playing(core) == ()
    events = core.resume(at(10))
    while core._asks:
        events += answered(core, at(10))
    (session,) = core.machine.sessions
    assert session.started_at == 1_000_000 + 10


def test_a_session_from_before_a_restart_is_not_taken_back_for_lack_of_signs():
    first = new_core()
    (session,) = playing(first)
    core = new_core(sessions=(session,))
    core.observe(ProcessStarted(at(20), GAME))
    for _ in range(6):
        answered(core, at(20), entry=None)
    assert [s.id for s in core.machine.sessions] == [session.id]
    (corrected,) = core.set_rules(at(21), (Rule(RuleKind.IGNORE, "lantern"),))
    assert corrected.session.ended_by is EndedBy.CORRECTED


def test_idle_power_screen_and_store_signals_reach_their_place():
    core = new_core()
    playing(core)
    core.observe(ForegroundChanged(at(3), Window(1, GAME.pid, "Lantern Drift", "Lantern")))
    core.observe(IdleChanged(at(10), True, 5.0))
    core.advance(at(12))
    assert core.machine.sessions[0].idle_seconds == pytest.approx(7.0)
    core.observe(PowerChanged(at(12), PowerState.LOCKED))
    core.advance(at(20))
    assert core.machine.sessions[0].foreground_seconds == pytest.approx(9.0)
    core.observe(ScreenClassified(at(21), GAME.pid, ScreenLabels(0.9)))
    assert core.programs[GAME.key].facts.screen == ScreenLabels(0.9)
    signal = StoreSignal(at(22), "steam_window", GAME.pid, "steam:620", True)
    core.observe(signal)
    assert core.programs[GAME.key].facts.signals == (signal,)
    core.observe(replace(signal, running=False))
    assert core.programs[GAME.key].facts.signals == (signal,)  # what it was stays true until it ends
    assert core.observe(ScreenClassified(at(23), 999, ScreenLabels(0.9))) == ()


def test_what_was_read_and_what_was_seen_of_a_program_stand_beside_each_other():
    core = new_core()
    playing(core)
    screen = lambda: core.programs[GAME.key].facts.screen  # noqa: E731
    core.observe(TitleRead(at(5), GAME.pid, "Lantern Drift"))
    assert screen() == ScreenLabels(0.5, decision="unknown", read="Lantern Drift")
    core.observe(ScreenClassified(at(6), GAME.pid, ScreenLabels(0.9, decision="game")))
    assert screen() == ScreenLabels(0.9, decision="game", read="Lantern Drift")
    core.observe(TitleRead(at(7), GAME.pid, ""))
    assert screen() == ScreenLabels(0.9, decision="game")
    assert core.observe(TitleRead(at(8), 999, "Lantern Drift")) == ()


def test_a_loop_of_parents_or_a_younger_parent_is_no_family():
    core = new_core()
    one = process(20, "/opt/a/a", parent=21, started=5.0)
    two = process(21, "/opt/b/b", parent=20, started=5.0)
    young = process(22, "/opt/c/c", parent=23, started=5.0)
    reused = process(23, "/opt/d/d", started=9.0)
    core.observe(Resync(at(10), (one, two, young, reused)))
    assert core.programs[one.key].facts.processes == (two, one)
    assert core.programs[young.key].facts.processes == (young,)


def test_a_replay_of_observations_and_facts_makes_the_same_session():
    core = new_core()
    core.observe(ProcessStarted(at(2), GAME))
    recorded = []
    while asks := core.take_asks():
        for ask in asks:
            facts = replace(ask.facts, desktop_entry=ENTRY, gathered=ask.facts.gathered | set(ask.kinds))
            recorded.append(facts)
            core.answer(at(2), ask.key, facts)
    values = [ProcessStarted(at(2), GAME), *recorded, ProcessEnded(at(7), GAME.key, 7.0)]
    kinds = [event.kind for events in replay(values, Policy(8.0)) for event in events]
    assert kinds == [SessionEventKind.STARTED, SessionEventKind.ENDED]
    unanswered = [event for events in replay([ProcessStarted(at(2), GAME)], Policy(8.0)) for event in events]
    assert unanswered == []
    stray = replace(recorded[0], id="4711", gathered=frozenset(FactKind))
    assert [event for events in replay([stray], Policy(8.0)) for event in events] == []


def test_only_the_latest_of_many_late_processes_are_kept():
    core = new_core()
    for pid in range(100, 1300):
        late = process(pid, f"/opt/late/{pid}", started=float(pid))
        core.observe(ProcessStarted(at(pid), late))
        core.observe(ProcessEnded(at(pid), late.key, float(pid)))
    assert len(core._late) <= 1000
    assert core.programs == {}


# --- what was known and no longer holds ---


ROW = InstalledGame("gog", "77", "Lantern Drift", "/opt/lantern", also=("heroic:abc",))


def told_the_library(core, now, *rows):
    events = ()
    for ask in core.take_asks():
        facts = replace(ask.facts, library=rows, gathered=ask.facts.gathered | set(ask.kinds))
        events += core.answer(now, ask.key, facts)
    return events


def test_a_game_installed_while_it_runs_is_named_once_the_library_has_changed():
    core = new_core()
    core.observe(ProcessStarted(at(1), GAME))
    assert told_the_library(core, at(1.1)) == ()
    events = core.outdated(at(2), FactKind.LIBRARY)
    assert {FactKind.LIBRARY} == {kind for ask in core._asks for kind in ask.kinds}
    events += told_the_library(core, at(2.1), ROW)
    assert [(event.kind, event.session.game.id) for event in events] == [(SessionEventKind.STARTED, "gog:77")]
    assert events[0].session.game.also == ("heroic:abc",)


def test_a_session_goes_on_when_its_game_is_uninstalled_or_its_disk_goes():
    core = new_core()
    core.observe(ProcessStarted(at(1), GAME))
    told_the_library(core, at(1.1), ROW)
    core.outdated(at(2), FactKind.LIBRARY)
    assert told_the_library(core, at(2.1)) == ()
    [session] = core.machine.sessions
    assert session.game.title == "Lantern Drift"
    events = core.set_rules(at(3), (Rule(RuleKind.IGNORE, GAME.exe),))
    assert [event.kind for event in events] == [SessionEventKind.CORRECTED], "the person's word still counts"


def test_what_is_certain_is_not_asked_again_when_the_library_changes():
    core = new_core(rules=(Rule(RuleKind.IGNORE, GAME.exe),))
    core.observe(ProcessStarted(at(1), GAME))
    core.outdated(at(2), FactKind.LIBRARY)
    assert core.take_asks() == []


def test_a_program_that_hides_its_path_is_looked_up_again_by_the_title_of_its_window():
    core = new_core()
    hidden = replace(GAME, exe=None, argv=())
    core.observe(ProcessStarted(at(1), hidden))
    told_the_library(core, at(1.1))
    core.observe(ForegroundChanged(at(2), Window(handle=1, pid=hidden.pid, title="Lantern Drift", fullscreen=True)))
    events = told_the_library(core, at(2.1), ROW)
    assert [event.session.game.title for event in events] == ["Lantern Drift"]


def test_a_stream_that_a_restart_interrupted_ends_when_its_tab_shows_something_else():
    """What is only seen in a window is judged anew after a restart; what a process began is believed."""
    browser = process(30, "/usr/bin/firefox", argv=("firefox",))
    page = "Lantern Drift | Xbox Cloud Gaming (Beta) on Xbox.com — Mozilla Firefox"
    core = new_core()
    core.observe(ProcessStarted(at(1), browser))
    core.observe(ForegroundChanged(at(5), Window(handle=1, pid=30, title=page)))
    [session] = core.machine.sessions
    assert session.started_elapsed == 5
    again = new_core(sessions=(session,))
    again.observe(Resync(at(20), (browser,)))
    assert [one.id for one in again.machine.sessions] == [session.id]
    again.observe(ForegroundChanged(at(21), Window(handle=1, pid=30, title=page)))
    events = again.observe(ForegroundChanged(at(30), Window(handle=1, pid=30, title="Weather — Mozilla Firefox")))
    assert [(event.kind, event.session.ended_by) for event in events] == [(SessionEventKind.ENDED, EndedBy.EXIT)]

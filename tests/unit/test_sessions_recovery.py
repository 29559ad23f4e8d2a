"""What becomes of the sessions that were open when the daemon, or the machine, went away."""

from dataclasses import replace

import pytest
from session_story import BOOT, MORNING, PORTAL, Story

from gamedetectd.domain import EndedBy, Game, Instant
from gamedetectd.sessions.journal import JournalEntry
from gamedetectd.sessions.recovery import recover


def played(seconds=100.0, foreground=60.0):
    """An open session that was played for so long, and the moment up to which."""
    story = Story()
    game = story.play(50)
    story.focus(game)
    story.wait(foreground)
    story.focus(None)
    story.wait(seconds - foreground)
    story.machine.advance(story.now)
    return story.sessions[0], story.now


def journalled(at, *sessions, boot=BOOT):
    return JournalEntry(at, boot, sessions)


def recovered(open_ones=(), journal=None, known=(), alive=True, boot=BOOT, at=None):
    at = at or Instant(5000.0, 6000.0, MORNING + 5000)
    ids = {session.id for session in (*open_ones, *known)}
    return recover(open_ones, journal, known=ids.__contains__, alive=lambda _key: alive, boot_id=boot, at=at)


def kinds(recovery):
    return [event.kind.value for event in recovery.events]


def test_nothing_was_open():
    assert recovered() == recovered(journal=journalled(Instant(1, 1, 1)))
    assert recovered().continuing == recovered().ended == recovered().events == ()


def test_a_game_that_still_runs_goes_on_under_the_same_id_with_the_journals_counters():
    session, at = played()
    stored = replace(session, foreground_seconds=0.0, active_seconds=0.0)
    recovery = recovered([stored], journalled(at, session))
    assert recovery.continuing == (session,)
    assert recovery.events == ()


def test_history_counts_where_the_journal_is_older():
    session, at = played()
    older = replace(session, foreground_seconds=10.0, active_seconds=10.0)
    assert recovered([session], journalled(at, older)).continuing == (session,)


def test_without_a_journal_history_is_enough():
    session, _ = played()
    assert recovered([session]).continuing == (session,)


def test_processes_that_joined_after_the_last_event_are_known_from_the_journal():
    session, at = played()
    joined = replace(session, processes=(replace(session.root, pid=51),))
    recovery = recovered([session], journalled(at, joined))
    assert [key.pid for key in recovery.continuing[0].processes] == [50, 51]


def test_processes_that_ended_meanwhile_are_dropped():
    session, at = played()
    session = replace(session, processes=(session.root, replace(session.root, pid=51)))
    recovery = recover([session], None, known=lambda _id: True, alive=lambda key: key.pid == 51, boot_id=BOOT, at=at)
    assert [key.pid for key in recovery.continuing[0].processes] == [51]


@pytest.mark.parametrize(
    ("boot", "alive"), [(BOOT, False), ("boot-2", True)], ids=["the process ended", "the machine was started again"]
)
def test_a_game_that_is_gone_ended_when_it_was_last_seen(boot, alive):
    session, at = played(seconds=100)
    calendar_was_set = replace(at, wall=at.wall - 50_000)
    stored = replace(session, foreground_seconds=0.0, active_seconds=0.0)
    recovery = recovered([stored], journalled(calendar_was_set, session), boot=boot, alive=alive)
    assert kinds(recovery) == ["ended"]
    (ended,) = recovery.ended
    assert recovery.events[0].session == ended
    assert (ended.id, ended.ended_by) == (session.id, EndedBy.LOST)
    assert ended.ended_at - ended.started_at == 100
    assert ended.foreground_seconds == 60
    assert ended.processes == ()


@pytest.mark.parametrize("journal", [None, "of another boot"])
def test_without_a_fitting_journal_it_lasted_as_long_as_it_was_in_front(journal):
    session, at = played()
    entry = journal and journalled(at, session, boot="boot-0")
    (ended,) = recovered([session], entry, alive=False).ended
    assert ended.ended_at - ended.started_at == 60


@pytest.mark.parametrize("alive", [True, False])
def test_a_session_history_has_never_heard_of_is_brought_in(alive):
    session, at = played()
    recovery = recovered([], journalled(at, session), alive=alive)
    assert kinds(recovery) == (["started"] if alive else ["started", "ended"])
    assert recovery.events[0].session.ended_at is None
    assert bool(recovery.continuing) is alive


def test_a_stale_journal_does_not_bring_an_ended_session_back():
    session, at = played()
    assert recovered([], journalled(at, session), known=[session]).events == ()


@pytest.mark.parametrize(("by", "kind"), [(EndedBy.EXIT, "ended"), (EndedBy.CORRECTED, "corrected")])
@pytest.mark.parametrize("stored", [True, False])
def test_an_end_the_disk_was_too_full_to_keep_is_kept_now(by, kind, stored):
    session, at = played()
    over = replace(session, processes=(), ended_at=session.started_at + 99.5, ended_by=by)
    stored_session = replace(session, processes=())
    recovery = recovered([stored_session] if stored else [], journalled(at, over), alive=False)
    assert kinds(recovery) == ([] if stored else ["started"]) + [kind]
    assert (recovery.ended[0].ended_at, recovery.ended[0].ended_by) == (session.started_at + 99.5, by)


def test_a_session_taken_up_again_after_the_journal_was_written_goes_on():
    session, at = played()
    over = replace(session, processes=(), ended_at=session.started_at + 10, ended_by=EndedBy.EXIT)
    (continuing,) = recovered([session], journalled(at, over)).continuing
    assert (continuing.ended_at, continuing.ended_by) == (None, None)


def test_the_name_in_history_is_the_newer_one():
    session, at = played()
    provisional = replace(session, game=Game("name:portal", "portal"))
    assert recovered([session], journalled(at, provisional)).continuing[0].game == PORTAL


def test_recovering_again_after_a_crash_in_between_says_the_same():
    session, at = played()
    first = recovered([session], journalled(at, session), alive=False)
    assert recovered([session], journalled(at, session), alive=False) == first


def test_the_machine_goes_on_where_the_last_one_stopped():
    session, at = played(seconds=100)
    recovery = recovered([session], journalled(at, session))
    story = Story(sessions=(*recovery.continuing, *recovery.ended), at=1130.0)
    story.ended(Story().born(50))
    assert story.kinds == ["ended"]
    assert story.lasted() == 130

"""Whatever happens in whatever order: what must hold of sessions, checked against a model that counts naively."""

from collections import defaultdict

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from session_story import ENDS, PORTAL, TETRIS, Story, process

from gamedetectd.domain import EndedBy, Game, SessionEventKind

GAMES = (PORTAL, TETRIS, Game("name:launcher", "Launcher"), None)
EPSILON = 1e-3
"""Seconds; sums of floats differ by their order."""
seconds = st.floats(0.01, 40.0)


class Days(RuleBasedStateMachine):
    """The story, and beside it what a patient person with a stopwatch would write down."""

    def __init__(self):
        super().__init__()
        self.story = Story(grace=10, known=lambda key: {one.id: one for one in self.story.history}.get(key))
        self.alive = []
        self.exits = {}
        self.dismissed = []
        self.members = defaultdict(set)
        self.left = set()
        self.focus_at = []
        self.focus, self.locked, self.paused = None, False, False
        self.before = {}

    # --- what happens -------------------------------------------------------------------------------------------------

    def _pass(self, amount):
        begin = self.story.elapsed
        self.story.wait(amount)
        if self.focus is not None and not self.locked and not self.paused:
            self.focus_at.append((self.focus.key, begin, self.story.elapsed))

    @rule(amount=seconds)
    def time_passes(self, amount):
        self._pass(amount)

    @rule(amount=seconds)
    def heartbeat(self, amount):
        self._pass(amount)
        self.story._note(self.story.machine.advance(self.story.now))

    @rule(pid=st.integers(2, 6), parent=st.integers(1, 6), game=st.sampled_from(GAMES), wait=st.booleans())
    def process_starts_and_is_judged(self, pid, parent, game, wait):
        if any(info.pid == pid for info in self.alive):
            return
        self._pass(0.02)
        info = self.story.born(pid, parent)
        self.alive.append(info)
        if wait:
            self._pass(1.5)
        self.story.judged(info, game)

    @precondition(lambda self: self.alive)
    @rule(data=st.data(), game=st.sampled_from(GAMES), wrapped=st.booleans())
    def judged_again(self, data, game, wrapped):
        info = data.draw(st.sampled_from(self.alive))
        root = next((other for other in self.alive if other.pid == info.parent_pid), info) if wrapped else info
        if game is None:
            self.dismissed.append(self.story.elapsed)
        self.story.judged(info, game, root=root)

    @precondition(lambda self: self.alive)
    @rule(data=st.data(), late=st.floats(0, 2))
    def process_ends(self, data, late):
        info = data.draw(st.sampled_from(self.alive))
        self._pass(max(late, 0.02))
        late = min(late, self.story.elapsed - info.started_elapsed)
        self.alive.remove(info)
        self.exits[info.key] = self.story.elapsed - late
        self.before = {}  # a late exit takes back what was counted after it
        self.story.ended(info, ago=late)

    @rule(missing=st.booleans())
    def resync(self, missing):
        if missing and self.alive:
            gone = self.alive.pop()
            self.exits[gone.key] = self.story.elapsed
        self.story.resync(*self.alive)

    @rule(data=st.data())
    def focus_moves(self, data):
        self.focus = data.draw(st.sampled_from([None, *self.alive]))
        self.story.focus(self.focus)

    @rule(since=st.floats(0, 100), idle=st.booleans())
    def input_stops_or_resumes(self, since, idle):
        (self.story.idle if idle else self.story.input)(since)

    @rule(locked=st.booleans())
    def lock(self, locked):
        self.locked = locked
        (self.story.lock if locked else self.story.unlock)()

    @rule(amount=st.floats(1, 50_000))
    def sleep(self, amount):
        self.story.machine.advance(self.story.now)
        self.story.asleep(amount)

    @rule(jump=st.floats(-100_000, 100_000))
    def clock_is_set(self, jump):
        self.story.set_clock(jump)

    @rule()
    def pause_or_resume(self):
        self.paused = not self.paused
        (self.story.pause if self.paused else self.story.resume)()

    # --- what must hold -----------------------------------------------------------------------------------------------

    def remember_members(self):
        for event in self.story.events:
            self.members[event.session.id] |= set(event.session.processes)
        for session in self.story.sessions:
            self.members[session.id] |= set(session.processes)

    @invariant()
    def counters_add_up(self):
        for session in self.story.sessions + tuple(self.story.history):
            assert session.active_seconds >= 0
            assert session.idle_seconds >= 0
            assert session.active_seconds + session.idle_seconds == session.foreground_seconds

    @invariant()
    def foreground_never_goes_back(self):
        now = {session.id: session.foreground_seconds for session in self.story.sessions}
        assert all(now[key] >= value - EPSILON for key, value in self.before.items() if key in now)
        self.before = now

    @invariant()
    def open_sessions_are_alive_and_apart(self):
        keys = [key for session in self.story.sessions for key in session.processes]
        assert len(keys) == len(set(keys))
        assert set(keys) <= {info.key for info in self.alive}
        assert all(session.processes and session.ended_at is None for session in self.story.sessions)
        assert len({session.id for session in self.story.sessions}) == len(self.story.sessions)

    @invariant()
    def events_tell_one_story_per_session(self):
        assert len({event.id for event in self.story.events}) == len(self.story.events)
        running = {}
        for event in self.story.events:
            key, kind = event.session.id, event.kind
            if kind is SessionEventKind.STARTED:
                assert key not in running, "started once only"
            elif kind is not SessionEventKind.RESUMED:
                assert running[key], f"{kind} of a session that is over"
            running[key] = kind not in ENDS
            assert (event.session.ended_at is None) == running[key]
            if event.session.ended_at is not None:
                assert event.session.ended_at >= event.session.started_at
        assert {key for key, value in running.items() if value} == {session.id for session in self.story.sessions}

    @invariant()
    def what_ended_lasted_from_its_start_to_the_last_known_exit(self):
        self.remember_members()
        for session in self.story.history:
            if session.ended_by is EndedBy.EXIT:
                ended = session.started_elapsed + session.ended_at - session.started_at
                moments = [self.exits.get(key, -1) for key in self.members[session.id]] + self.dismissed
                assert any(abs(moment - ended) < EPSILON for moment in moments)

    @invariant()
    def foreground_is_what_the_stopwatch_says(self):
        if any(event.kind is SessionEventKind.CORRECTED for event in self.story.events):
            return
        self.remember_members()
        self.note_who_left_without_ending()
        self.story.machine.advance(self.story.now)
        now = {session.id: session for session in (*self.story.history, *self.story.sessions)}
        for session in now.values():
            most = sum(
                max(0.0, min(end, self.exits.get(key, end)) - max(begin, session.started_elapsed))
                for key, begin, end in self.focus_at
                if key in self.members[session.id]
            )
            assert session.foreground_seconds <= most + EPSILON
            if not self.left:
                assert session.foreground_seconds >= most - EPSILON

    def note_who_left_without_ending(self):
        inside = {key for session in self.story.sessions for key in session.processes}
        ever = set().union(*self.members.values()) if self.members else set()
        self.left |= {info.key for info in self.alive if info.key in ever - inside}

    def teardown(self):
        if self.paused:
            self.story.resume()
        for info in self.alive:
            self.story.ended(info)
        assert self.story.sessions == ()
        last = {event.session.id: event for event in self.story.events}
        assert all(event.kind in ENDS for event in last.values())
        assert self.story.machine.deadline() is None or last


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


def test_the_model_itself_can_tell_wrong_from_right():
    days = Days()
    days.process_starts_and_is_judged(2, 1, PORTAL, wait=False)
    days.focus, _ = days.alive[0], days.story.focus(days.alive[0])
    days._pass(10)
    days.foreground_is_what_the_stopwatch_says()
    days.focus_at.clear()
    try:
        days.foreground_is_what_the_stopwatch_says()
    except AssertionError:
        return
    raise AssertionError("ten seconds that the stopwatch did not see went unnoticed")


def test_pids_of_processes_do_not_decide_alone():
    story = Story()
    assert process(5, ticks=1).key != process(5, ticks=2).key
    story.play(5)
    story.wait(1)
    story.play(5)
    assert all(len({key.pid for key in session.processes}) == len(session.processes) for session in story.sessions)

"""Sessions as a state machine: what happened goes in, session events come out, and time is an argument.

A session is one run of one program family. It begins with its first process, ends with its last, and is told to have
ended at that very moment. If the same game goes on within the grace period (a launcher handed over, the person
restarted it), the same session is resumed, so that history keeps exactly one row of it.

Begin and end are apart by what the elapsed clock says, whatever happens to the calendar; foreground time is counted
on the awake clock. The machine is pure: the engine gives it every moment and commits what comes out, adding the
correlation id.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from gamedetectd.domain import (
    EndedBy,
    Game,
    Instant,
    PowerState,
    ProcessInfo,
    ProcessKey,
    Session,
    SessionEvent,
    SessionEventKind,
    Verdict,
)
from gamedetectd.sessions.attention import Attention, Tally
from gamedetectd.sessions.identity import later_session_id, session_event, session_id
from gamedetectd.sessions.run import PROVISIONAL, Run, person_said, rank, same_game

JUDGING_SECONDS = 60.0
"""How long after the grace period an ended session is still remembered, because a verdict may take its time."""
GONE_KEPT = 2048
"""How many ended processes are remembered, for verdicts about processes that were quicker than their judge."""
PAUSES_KEPT = 64

Events = tuple[SessionEvent, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """``grace_seconds``: how long after its end a session may be taken up again by the same game."""

    grace_seconds: float = 15.0


class SessionMachine:
    """Keeps the sessions that are open. Every call takes the moment it is about; each returns the events it caused.

    ``sessions`` are those that were open when the last machine stopped; ended ones among them may be resumed by a
    hand-over. ``known`` finds a session of an earlier machine by id, so that a run which was closed too early and is
    judged a game again goes on in its own session (the engine passes ``History.session``).
    """

    def __init__(
        self,
        policy: Policy,
        sessions: Iterable[Session] = (),
        known: Callable[[str], Session | None] = lambda _id: None,
    ) -> None:
        self.policy = policy
        self._known = known
        self._attention = Attention()
        self._open: list[Run] = []
        self._closed: list[Run] = []
        self._playing: dict[ProcessKey, Run] = {}
        """The running processes of the open sessions, and whose they are."""
        self._gone: dict[ProcessKey, float] = {}
        self._refused: dict[ProcessKey, ProcessKey] = {}
        """Processes that are no game because the person said so of one of their family, and of which one."""
        self._paused_at: float | None = None
        self._pauses: deque[tuple[float, float]] = deque(maxlen=PAUSES_KEPT)
        for session in sessions:
            self._take_over(session)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The open sessions, counters as of the last call."""
        return tuple(run.settle() for run in self._open)

    @property
    def processes(self) -> AbstractSet[ProcessKey]:
        """The running processes of the open sessions."""
        return self._playing.keys()

    @property
    def foreground(self) -> tuple[str, ...]:
        """Ids of the sessions whose foreground time is being counted: none or one; none while locked or paused."""
        focus = self._attention.focus
        return (self._playing[focus].session.id,) if focus in self._playing else ()

    def deadline(self) -> float | None:
        """The elapsed moment from which the next ended session cannot be taken up again; None if none can."""
        return min((self._forgotten_at(run) for run in self._closed), default=None)

    # --- what detection says ------------------------------------------------------------------------------------------

    def judged(
        self,
        at: Instant,
        verdict: Verdict,
        root: ProcessInfo,
        subject: ProcessInfo,
        ancestors: Collection[ProcessKey] = (),
    ) -> Events:
        """A verdict on ``subject``, whose family's life is measured by ``root``.

        ``ancestors`` are the keys of the processes both descend from, as far as known. A game opens a session, joins
        an open one of its family, or resumes one that ended within grace; no game takes the process out of its session.
        While paused, nothing opens: the engine judges anew after ``resume``.
        """
        self.advance(at)
        above = frozenset(ancestors)
        events = [*self._replaced(at, root), *self._replaced(at, subject)]
        if verdict.game is None and person_said(verdict):
            return (*events, *self._refuse(at, subject.key, above | {root.key}))
        if verdict.game is None:
            return (*events, *self._discount(at, subject.key))
        self._refused = {key: whom for key, whom in self._refused.items() if whom != subject.key}
        if not self._refused.keys().isdisjoint((root.key, subject.key)) and not person_said(verdict):
            return tuple(events)
        run = self._open_run(root, subject, above, verdict.game)
        if run is not None and (run.later or verdict.later) and not same_game(run.session.game, verdict.game):
            run.end = at.elapsed
            events += self._close(at, run, EndedBy.EXIT)
            run = None
        if run is not None:
            renamed = run.label(verdict, verdict.game, subject.key)
            self._absorb(run, root, subject)
            events += [self._tell(run, SessionEventKind.UPDATED, at)] if renamed else []
            return (*events, *self._end_if_empty(at, run))
        if self._paused_at is not None:
            return tuple(events)
        return (*events, *self._begin(at, verdict, verdict.game, root, subject, above))

    def _begin(
        self,
        at: Instant,
        verdict: Verdict,
        game: Game,
        root: ProcessInfo,
        subject: ProcessInfo,
        ancestors: AbstractSet[ProcessKey],
    ) -> Events:
        """Resume the session this game goes on in, or open a new one."""
        family = {root.key, subject.key}
        over = family <= self._gone.keys()
        run = None if verdict.later else self._earlier(root, family)
        if over and (run is not None or verdict.later):
            return ()  # a late word on a run that is over and told
        began = at.elapsed if verdict.later else root.started_elapsed
        run = run or self._handed_over(began, ancestors, game)
        kind = SessionEventKind.STARTED if run is None else SessionEventKind.RESUMED
        if run is None:
            run = self._new_run(at, verdict, game, root)
        else:
            self._closed = [other for other in self._closed if other is not run]
            run.reopen()
        self._open.append(run)
        run.label(verdict, game, subject.key)
        self._absorb(run, root, subject)
        return (self._tell(run, kind, at), *self._end_if_empty(at, run))

    def _earlier(self, root: ProcessInfo, family: AbstractSet[ProcessKey]) -> Run | None:
        """The session that these processes began and that ended, here or before the daemon was started anew."""
        run = next((run for run in self._closed if run.knows(family) and not run.later), None)
        if run is None and (earlier := self._known(session_id(root.key))) is not None:
            run = Run.of(earlier)
        return run

    def _new_run(self, at: Instant, verdict: Verdict, game: Game, root: ProcessInfo) -> Run:
        started = at.elapsed if verdict.later else min(root.started_elapsed, at.elapsed)
        for begin, end in self._pauses:
            if begin <= started < end:
                started = end
        session = Session(
            id=later_session_id(root.key, started) if verdict.later else session_id(root.key),
            game=game,
            started_at=at.wall - (at.elapsed - started),
            started_elapsed=started,
            root=root.key,
            processes=(),
            evidence=verdict.evidence,
            probability=verdict.probability,
        )
        return Run(session, Tally(), end=started)

    def _open_run(
        self, root: ProcessInfo, subject: ProcessInfo, ancestors: AbstractSet[ProcessKey], game: Game
    ) -> Run | None:
        """The open session of this family, or of the same game above it."""
        for key in dict.fromkeys((subject.key, root.key)):
            run = self._playing.get(key) or next((run for run in self._open if run.session.root == key), None)
            if run is not None:
                return run
        parents = {root.parent_pid, subject.parent_pid}
        above = ancestors | {key for key in self._playing if key.pid in parents}
        for run in self._open:
            known = run.session.game
            if run.knows(above) and (same_game(known, game) or PROVISIONAL in (rank(known), rank(game))):
                return run
        return None

    def _handed_over(self, began: float, ancestors: AbstractSet[ProcessKey], game: Game) -> Run | None:
        """The session of the same game that ended last, less than the grace period before this one ``began``."""
        fit = [
            run
            for run in self._closed
            if run.session.ended_by in {EndedBy.EXIT, EndedBy.LOST}
            and same_game(run.session.game, game)
            and (run.knows(ancestors) or began < run.end + self.policy.grace_seconds)
        ]
        return max(fit, key=lambda run: run.end, default=None)

    def _absorb(self, run: Run, root: ProcessInfo, subject: ProcessInfo) -> None:
        """Make both processes the session's, as far as they still run."""
        run.subjects.add(subject.key)
        for key in dict.fromkeys((root.key, subject.key)):
            if key in self._playing:
                continue
            self._attention.claim(key, run.tally, run.session.started_elapsed)
            if key in self._gone:
                self._attention.release(key, self._gone[key])
                run.end = max(run.end, self._gone[key])
            else:
                run.add(key)
                self._playing[key] = run

    def _refuse(self, at: Instant, key: ProcessKey, above: AbstractSet[ProcessKey]) -> Events:
        """The person says that this is no game: then a script that starts it under a game's name is none."""
        run = self._playing.get(key)
        if run is None or not run.subjects <= above | {key}:
            return self._discount(at, key)
        self._refused |= dict.fromkeys(run.session.processes, key)
        run.subjects.clear()
        run.end = at.elapsed
        return self._close(at, run, EndedBy.CORRECTED)

    def _discount(self, at: Instant, key: ProcessKey) -> Events:
        """A process that was taken for a game is none; or the game that came into it has left it again."""
        for run in self._open:
            if key in run.subjects:
                run.subjects.discard(key)
                if not run.subjects:
                    run.end = at.elapsed
                    return self._close(at, run, EndedBy.EXIT if run.later else EndedBy.CORRECTED)
                self._leave(run, key, at.elapsed)
                return self._end_if_empty(at, run)
        return ()

    def _replaced(self, at: Instant, process: ProcessInfo) -> Events:
        """A process with the same pid but another start is proof that the earlier one is gone."""
        old = [key for key in self._playing if key.pid == process.pid and key != process.key]
        return tuple(event for key in old for event in self.ended(at, key, process.started_elapsed))

    # --- what sensors say ---------------------------------------------------------------------------------------------

    def ended(self, at: Instant, key: ProcessKey, exit_elapsed: float) -> Events:
        """A process ended at ``exit_elapsed``; with the last one its session ends, at that very moment."""
        self.advance(at)
        exit_elapsed = min(exit_elapsed, at.elapsed)
        self._gone[key] = exit_elapsed
        self._refused.pop(key, None)
        if len(self._gone) > GONE_KEPT:
            del self._gone[next(iter(self._gone))]
        run = self._playing.get(key)
        if run is None:
            return ()
        self._leave(run, key, exit_elapsed)
        return self._end_if_empty(at, run)

    def resynced(self, at: Instant, alive: frozenset[ProcessKey]) -> Events:
        """After a gap: a session's processes that are not ``alive`` have ended, now for all we know."""
        self._gone = {key: elapsed for key, elapsed in self._gone.items() if key not in alive}
        missing = [key for key in self._playing if key not in alive]
        return tuple(event for key in missing for event in self.ended(at, key, at.elapsed))

    def focused(self, at: Instant, session_key: ProcessKey | None) -> Events:
        """Another process (or none) owns the focused window. Also processes of no session yet are worth telling."""
        self._attention.set_focus(at, session_key)
        return ()

    def idle(self, at: Instant, idle: bool, since_elapsed: float) -> Events:
        """The person stopped or resumed giving input; the last one was at ``since_elapsed``."""
        self._attention.set_idle(at, idle, since_elapsed)
        return ()

    def power(self, at: Instant, state: PowerState, seconds: float = 0.0) -> Events:  # noqa: ARG002 (how long is the clocks' business)
        """Sleep and a set calendar move nothing, since counting uses other clocks; a locked screen is no foreground."""
        locked = {PowerState.LOCKED: True, PowerState.UNLOCKED: False}.get(state)
        if locked is None:
            self._attention.reach(at)
        else:
            self._attention.set_locked(at, locked)
        return ()

    def pause(self, at: Instant) -> Events:
        """The person wants nothing counted from now on."""
        if self._paused_at is not None:
            return ()
        self._attention.set_paused(at, paused=True)
        self._paused_at = at.elapsed
        return tuple(self._tell(run, SessionEventKind.PAUSED, at) for run in self._open)

    def resume(self, at: Instant) -> Events:
        """Counting goes on. What began during the pause begins now, if it still runs and is judged again."""
        if self._paused_at is None:
            return ()
        self._attention.set_paused(at, paused=False)
        self._pauses.append((self._paused_at, at.elapsed))
        self._paused_at = None
        return tuple(self._tell(run, SessionEventKind.RESUMED, at) for run in self._open)

    def advance(self, at: Instant) -> Events:
        """Bring the counters up to date and forget what can no longer be resumed."""
        self._attention.reach(at)
        self._closed = [run for run in self._closed if at.elapsed < self._forgotten_at(run)]
        return ()

    # --- the bookkeeping ----------------------------------------------------------------------------------------------

    def _take_over(self, session: Session) -> None:
        run = Run.of(session)
        if session.ended_at is not None:
            self._closed.append(run)
            return
        self._open.append(run)
        for key in session.processes:
            self._playing.setdefault(key, run)
            self._attention.claim(key, run.tally, session.started_elapsed)

    def _leave(self, run: Run, key: ProcessKey, elapsed: float) -> None:
        self._attention.release(key, elapsed)
        self._playing.pop(key, None)
        run.remove(key, elapsed)

    def _end_if_empty(self, at: Instant, run: Run) -> Events:
        return () if run.session.processes else self._close(at, run, EndedBy.EXIT)

    def _close(self, at: Instant, run: Run, ended_by: EndedBy) -> Events:
        paused_at = self._paused_at
        if paused_at is not None and run.end > paused_at:
            run.end = max(paused_at, run.session.started_elapsed)
            ended_by = EndedBy.PAUSED if ended_by is EndedBy.EXIT else ended_by
        for key in run.session.processes:
            self._attention.release(key, run.end)
            self._playing.pop(key, None)
        run.finish(ended_by)
        self._open = [other for other in self._open if other is not run]
        self._closed.append(run)
        kind = SessionEventKind.CORRECTED if ended_by is EndedBy.CORRECTED else SessionEventKind.ENDED
        return (self._tell(run, kind, at),)

    def _tell(self, run: Run, kind: SessionEventKind, at: Instant) -> SessionEvent:
        run.told += 1
        return session_event(kind, at.wall, run.settle(), run.told)

    def _forgotten_at(self, run: Run) -> float:
        return run.end + self.policy.grace_seconds + JUDGING_SECONDS

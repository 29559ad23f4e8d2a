"""What the engine knows and decides, without threads, files or clocks: live runs and replays drive the same code.

Observations go in, session events come out, and facts that detection still needs are asked for. The loop around it
(``engine.loop``) brings the facts and commits the events; a replay brings recorded ones.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gamedetectd.detection.judge import judge
from gamedetectd.detection.paths import base_name
from gamedetectd.domain import (
    FactKind,
    Facts,
    ForegroundChanged,
    IdleChanged,
    Instant,
    Needs,
    Observation,
    PowerChanged,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    Rule,
    ScreenClassified,
    ScreenLabels,
    Session,
    SessionEvent,
    StoreSignal,
    System,
    TitleRead,
    Verdict,
    Window,
)
from gamedetectd.engine.signals import Signals
from gamedetectd.observability.histogram import Histogram
from gamedetectd.sessions.identity import session_id
from gamedetectd.sessions.machine import Policy, SessionMachine
from gamedetectd.sessions.run import person_said

Events = tuple[SessionEvent, ...]

IMAGES_KEPT = 3
"""Programs a process ran before its present one that are kept as context."""
TOLD_BY_TITLE = frozenset([FactKind.LIBRARY, FactKind.CATALOGUE, FactKind.CONTENT])
"""Kinds of fact in which a window's title is looked up, or that change as it does: an emulator loads another game."""
LATE_KEPT = 1_000
"""Processes that ended before their facts had come: their verdict may still tell of a short session."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Detection cannot answer for the program ``key`` before ``kinds`` have been gathered for ``facts``."""

    key: ProcessKey
    facts: Facts
    kinds: tuple[FactKind, ...]


@dataclass(slots=True)
class Program:
    """One process the engine follows, what is known of it and the latest verdict (None until there is one)."""

    facts: Facts
    verdict: Verdict | None = None
    seen: float = 0.0
    """When it was first observed, on the awake clock."""


class Core:
    """The state of the engine. ``take_asks`` after each call; every method returns the session events it caused."""

    def __init__(
        self,
        system: System,
        policy: Policy,
        rules: tuple[Rule, ...] = (),
        sessions: Iterable[Session] = (),
        known: Callable[[str], Session | None] = lambda _id: None,
    ) -> None:
        self.system = system
        self.machine = SessionMachine(policy, sessions, known)
        self.programs: dict[ProcessKey, Program] = {}
        self.focus: Window | None = None
        self.paused = False
        self.judgements = 0
        self.decisions = Histogram()
        """Seconds from a program's first observation to the first verdict about it."""
        self._rules = rules
        self._by_pid: dict[int, ProcessInfo] = {}
        self._signals = Signals()
        self._asks: list[Ask] = []
        self._late: OrderedDict[ProcessKey, Program] = OrderedDict()
        self._restored = {
            key: session.id == session_id(session.root)
            for session in self.machine.sessions
            for key in session.processes
        }
        """Processes of sessions from before a restart: judged when more was known of them than can be seen now."""

    # --- what came in ---

    def observe(self, observation: Observation) -> Events:
        """Take one observation."""
        at = observation.at
        match observation:
            case ProcessStarted():
                return self._started(at, observation.process, observation.ancestors)
            case ProcessEnded():
                return self._ended(at, observation.key, observation.exit_elapsed)
            case Resync():
                return self._resynced(at, observation.processes)
            case ForegroundChanged():
                return self._focused(at, observation.window)
            case IdleChanged():
                return self.machine.idle(at, observation.idle, observation.since_elapsed)
            case PowerChanged():
                return self.machine.power(at, observation.state, observation.seconds)
            case ScreenClassified():
                seen = dataclasses.replace(observation.screen, read=self._seen(observation.pid).read)
                return self._changed(at, observation.pid, screen=seen)
            case TitleRead():
                seen = dataclasses.replace(self._seen(observation.pid), read=observation.title)
                return self._changed(at, observation.pid, screen=seen)
            case _:
                return self._signalled(at, observation)

    def answer(self, at: Instant, key: ProcessKey, gathered: Facts) -> Events:
        """Facts that were asked for have come; what changed meanwhile (window, rules, screen) is kept."""
        program = self.programs.get(key) or self._late.pop(key, None)
        if program is None or program.facts.processes != gathered.processes:
            return ()
        now = program.facts
        facts = dataclasses.replace(gathered, window=now.window, rules=self._rules, screen=now.screen)
        if not facts.library and program.verdict is not None and program.verdict.is_game:
            facts = dataclasses.replace(facts, library=now.library)  # it is played on though it was taken off the disk
        still_runs = key in self.programs
        program.facts = self._with_signals(facts) if still_runs else dataclasses.replace(facts, signals=now.signals)
        return self._judge(at, key, program)

    def saw_window(self, at: Instant, window: Window) -> Events:
        """A program has a window, focused or not."""
        return self._changed(at, window.pid, window=window)

    def take_asks(self) -> list[Ask]:
        """The questions that came up since the last call."""
        asks, self._asks = self._asks, []
        return asks

    def knows(self, pid: int) -> bool:
        """True if the process was observed."""
        return pid in self._by_pid

    def program(self, pid: int) -> Program | None:
        """The program of a process, if it is followed. For any thread."""
        process = self._by_pid.get(pid)
        return self.programs.get(process.key) if process is not None else None

    def names(self, pid: int) -> Iterator[str]:
        """The file names by which the person may call this process: its program's, and what it was started as."""
        process = self._by_pid.get(pid)
        if process is not None:
            yield from (base_name(text) for text in (process.exe or "", *process.argv[:2], process.comm) if text)

    # --- the person's wishes ---

    def set_rules(self, at: Instant, rules: tuple[Rule, ...]) -> Events:
        """Use other rules of the person's, for running programs too."""
        self._rules = rules
        for program in self.programs.values():
            program.facts = dataclasses.replace(program.facts, rules=rules)
        return self._judge_all(at)

    def outdated(self, at: Instant, kind: FactKind) -> Events:
        """What was gathered of this kind no longer holds: judge every program again, asking where that matters."""
        for program in self.programs.values():
            program.facts = dataclasses.replace(program.facts, gathered=program.facts.gathered - {kind})
        return self._judge_all(at)

    def pause(self, at: Instant) -> Events:
        """Stop counting and judging."""
        self.paused = True
        return self.machine.pause(at)

    def resume(self, at: Instant) -> Events:
        """Go on; programs that started meanwhile are judged now."""
        self.paused = False
        for program in self.programs.values():
            program.seen = at.awake  # until now nobody was meant to decide
        return self.machine.resume(at) + self._judge_all(at) + self._focused(at, self.focus)

    def advance(self, at: Instant) -> Events:
        """Bring the counters of the running sessions up to this moment."""
        return self.machine.advance(at)

    # --- processes ---

    def _started(self, at: Instant, process: ProcessInfo, ancestors: tuple[ProcessInfo, ...]) -> Events:
        for ancestor in ancestors:
            self._by_pid.setdefault(ancestor.pid, ancestor)
        stale = self._by_pid.get(process.pid)
        events = self._ended(at, stale.key, at.elapsed) if stale is not None and stale.key != process.key else ()
        self._by_pid[process.pid] = process
        window = self.focus if self.focus is not None and self.focus.pid == process.pid else None
        previous = self.programs.get(process.key)
        facts = Facts(
            id=str(process.pid),
            system=self.system,
            processes=(*ancestors, *_earlier_images(previous, process), process),
            window=window,
            rules=self._rules,
            gathered=frozenset(),
        )
        if previous is not None:
            self._restored.pop(process.key, None)
        since = previous.seen if previous else at.awake
        program = Program(self._with_signals(facts), previous.verdict if previous else None, since)
        self.programs[process.key] = program
        events += self._judge(at, process.key, program)
        return events + self._refocus(at) if window is not None else events

    def _ended(self, at: Instant, key: ProcessKey, exit_elapsed: float) -> Events:
        program = self.programs.pop(key, None)
        if program is not None and program.verdict is None:
            self._late[key] = program
            if len(self._late) > LATE_KEPT:
                self._late.popitem(last=False)
        self._restored.pop(key, None)
        known = self._by_pid.get(key.pid)
        if known is not None and known.key == key:
            del self._by_pid[key.pid]
            self._signals.forget(key.pid)
        return self.machine.ended(at, key, exit_elapsed)

    def _resynced(self, at: Instant, processes: tuple[ProcessInfo, ...]) -> Events:
        """What is not in the list has ended; what is new has started."""
        alive = {process.key: process for process in processes}
        events: list[SessionEvent] = []
        for process in list(self._by_pid.values()):
            if process.key not in alive:
                events += self._ended(at, process.key, at.elapsed)
        events += self.machine.resynced(at, frozenset(alive))
        by_pid = {process.pid: process for process in processes}
        for process in processes:
            program = self.programs.get(process.key)
            if program is None or program.facts.processes[-1] != process:
                events += self._started(at, process, tuple(_ancestors(process, by_pid)))
        return tuple(events)

    # --- windows ---

    def _focused(self, at: Instant, window: Window | None) -> Events:
        self.focus = window
        events = self._changed(at, window.pid, window=window) if window is not None else ()
        return events + self._refocus(at)

    def _refocus(self, at: Instant) -> Events:
        """Tell the sessions whose process has the focus: the window's owner, or its nearest ancestor that is played."""
        process = self._by_pid.get(self.focus.pid) if self.focus is not None else None
        if process is None:
            return self.machine.focused(at, None)
        played = self.machine.processes
        chain = [*_ancestors(process, self._by_pid), process]
        return self.machine.focused(at, next((p.key for p in reversed(chain) if p.key in played), process.key))

    def _seen(self, pid: int) -> ScreenLabels:
        """What was seen of a program so far; what tells nothing where that is nothing."""
        program = self.program(pid)
        return (program.facts.screen if program is not None else None) or ScreenLabels(0.5, decision="unknown")

    def _changed(self, at: Instant, pid: int, **known: object) -> Events:
        """Judge a program again when something about it that detection weighs has changed."""
        process = self._by_pid.get(pid)
        program = self.programs.get(process.key) if process is not None else None
        if process is None or program is None:
            return ()
        facts = dataclasses.replace(program.facts, **known)  # type: ignore[arg-type]
        if facts == program.facts:
            return ()
        if _title(facts) != _title(program.facts):
            facts = dataclasses.replace(facts, gathered=facts.gathered - TOLD_BY_TITLE)
        program.facts = facts
        return self._judge(at, process.key, program)

    # --- stores ---

    def _signalled(self, at: Instant, signal: StoreSignal) -> Events:
        """Judge the process a store speaks of, and those it started, again."""
        self._signals.take(signal)
        events: list[SessionEvent] = []
        for key, program in list(self.programs.items()):
            if all(process.pid != signal.pid for process in program.facts.processes):
                continue
            facts = self._with_signals(program.facts)
            if facts != program.facts:
                program.facts = facts
                events += self._judge(at, key, program)
        return tuple(events)

    def _with_signals(self, facts: Facts) -> Facts:
        """The facts with what stores say now. The library is asked again for an id that it was not asked for yet."""
        signals = self._signals.of(facts)
        if signals == facts.signals:
            return facts
        told = {signal.game_id for signal in facts.signals}
        news = {signal.game_id for signal in signals} - told - {""}
        gathered = facts.gathered - {FactKind.LIBRARY} if news else facts.gathered
        return dataclasses.replace(facts, signals=signals, gathered=gathered)

    # --- verdicts ---

    def _judge_all(self, at: Instant) -> Events:
        return tuple(event for key, program in list(self.programs.items()) for event in self._judge(at, key, program))

    def _believed(self, key: ProcessKey, facts: Facts) -> bool:
        """A session from before a restart is believed, one that was only seen in a window until a window is seen."""
        began_itself = self._restored.get(key)
        return began_itself is not None and (began_itself or facts.window is None)

    def _judge(self, at: Instant, key: ProcessKey, program: Program) -> Events:
        if self.paused:
            return ()
        self.judgements += 1
        answer = judge(program.facts)
        if isinstance(answer, Needs):
            self._asks.append(Ask(key, program.facts, answer.kinds))
            return ()
        if program.verdict is None:
            self.decisions.observe(at.awake - program.seen)
        changed = program.verdict is None or answer != program.verdict
        program.verdict = answer
        if not changed:
            return ()
        by_key = {process.key: process for process in program.facts.processes}
        subject = by_key.get(answer.subject or key, by_key[key])
        root = by_key.get(answer.root or key, by_key[key])
        if self._believed(key, program.facts) and not answer.is_game and not person_said(answer):
            return ()
        events = self.machine.judged(at, answer, root, subject, by_key.keys() - {root.key, subject.key})
        return events + self._refocus(at) if events else ()


def _title(facts: Facts) -> str:
    return facts.window.title if facts.window is not None else ""


def _earlier_images(program: Program | None, process: ProcessInfo) -> Iterator[ProcessInfo]:
    """What this process ran before it became ``process`` by exec, most recent last: the script that starts a game."""
    if program is not None:
        images = [one for one in program.facts.processes if one.key == process.key and one != process]
        yield from images[-IMAGES_KEPT:]


def _ancestors(process: ProcessInfo, by_pid: dict[int, ProcessInfo]) -> Iterator[ProcessInfo]:
    """Known ancestors, oldest first. A parent that started after its child is another process with a reused pid."""
    chain: list[ProcessInfo] = []
    seen = {process.pid}
    while (parent := by_pid.get(process.parent_pid)) is not None and parent.pid not in seen:
        if parent.key.start_ticks > process.key.start_ticks:
            break
        seen.add(parent.pid)
        chain.append(parent)
        process = parent
    return reversed(chain)

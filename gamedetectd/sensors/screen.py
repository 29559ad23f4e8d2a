"""Has the vision child look at the window in front, where nothing else tells whether it is a game or which.

The sensor says when and at what; a child process captures and classifies, and only labels and numbers come back. Window
titles never go to it, but for the one that is learned.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from gamedetectd.domain import ScreenClassified, ScreenLabels, Window
from gamedetectd.errors import GamedetectdError, LearnError
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.capture.declared import PICTURE
from gamedetectd.platforms.capture.shown import Outcome
from gamedetectd.sensors.screen_schedule import ATTEMPTS, EXPECTED, FRAME_PAUSE, FRAMES, Key, Schedule, Wish, steady
from gamedetectd.vision import wire
from gamedetectd.worker import rest

log = logging.getLogger(__name__)

ENOUGH_REFERENCES = 5
"""References after which a title is no longer learned silently."""
SILENT_ATTEMPTS = 5
_NOT_HERE = frozenset([Outcome.DENIED, Outcome.CANNOT])


class Child(Protocol):
    """A started vision child."""

    def ask(self, request: wire.Request) -> Iterator[wire.Told]:
        """Every line of its answer. Raises GamedetectdError where there is none."""
        ...

    def close(self) -> None:
        """End it; from any thread."""
        ...

    @property
    def pid(self) -> int:
        """Its process id."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What is in front. ``wish`` says whether it could be looked at; ``stream``, that its colours are those of a video;
    ``learn``, title and id of a game whose looks are to be remembered, in place of a look.
    """

    window: Window
    wish: Wish
    stream: bool = False
    learn: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How looking goes. ``sequences`` is how many there were, ``seconds`` of the processor in the last hour."""

    sequences: int = 0
    seconds: float = 0.0
    failures: int = 0
    error: GamedetectdError | None = None
    """Why there was no answer the last time, None once there was one."""
    unseen: str | None = None
    """Why no window can be captured here at all, as a sentence."""
    latest: float = 0.0
    """Seconds of the processor that the latest sequence took."""
    total: float = 0.0
    """Seconds of the processor that all of them took."""


def key_of(window: Window) -> Key:
    """What tells one thing in front from the next."""
    return window.handle, window.pid, steady(window.title)


class ScreenSensor:
    """Emits ``ScreenClassified`` when several frames of the window in front were looked at and told something.

    ``subject`` says, in this sensor's thread, what is in front; have the worker woken when that changes. ``start``
    starts a child, which ends with the block.
    """

    name = "screen"

    def __init__(
        self,
        clock: Clock,
        start: Callable[[], AbstractContextManager[Child]],
        subject: Callable[[], Subject | None],
        unsupported: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.schedule = Schedule()
        self.report = Report()
        self._clock = clock
        self._start = start
        self._subject = subject
        self._unsupported = unsupported
        self._child: Child | None = None
        self._labels: dict[tuple[int, int], tuple[Key, ScreenLabels]] = {}
        self._learned: dict[str, int] = {}

    def unsupported_reason(self) -> str | None:
        return self._unsupported()

    def degraded_reason(self) -> str | None:
        return self.report.unseen

    def source(self) -> str:
        return PICTURE

    def cut_short(self) -> None:
        """End the child that works at the moment, if any; for another thread that cannot wait for its answer."""
        if (child := self._child) is not None:
            child.close()

    def run(self, emit: Emit, stop: Stop) -> None:
        while not stop.is_set():
            subject = self._worth()
            pause = self.schedule.rest(self._clock.now().awake, subject.wish if subject is not None else None)
            if subject is None or pause is None or pause > 0:
                stop.wait(pause)
            else:
                self._look(subject, emit, stop)

    def _worth(self) -> Subject | None:
        """What is in front, unless its title was learned often enough already."""
        subject = self._subject()
        if subject is not None and subject.learn and self._learned.get(subject.learn[0], 0) >= ENOUGH_REFERENCES:
            return None
        return subject

    def _look(self, subject: Subject, emit: Emit, stop: Stop) -> None:
        """One sequence, by a child of its own."""
        cost = 0.0
        error: GamedetectdError | None = None
        outcome: bool | None = None
        try:
            with self._start() as child:
                self._child = child
                try:
                    outcome = self._ask(child, subject, emit, stop)
                finally:
                    self._child, cost = None, _processor_seconds(child.pid)
        except GamedetectdError as failure:
            if stop.is_set():
                return
            error = failure
            log.warning("looking at the screen: %s", failure)
        now = self._clock.now().awake
        if error is not None:
            self.schedule.failed(now, cost)
        elif outcome is None:
            self.schedule.broke_off(now, cost)
        else:
            self.schedule.ended(now, subject.wish.key, cost, enough=outcome)
        self.report = replace(
            self.report,
            sequences=self.report.sequences + 1,
            seconds=round(self.schedule.spent(now), 3),
            failures=self.schedule.failures,
            error=error if error is not None or outcome is not None else self.report.error,
            latest=cost,
            total=self.report.total + cost,
        )

    def _ask(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        """True where enough was seen, False where not, None where the sequence had to be broken off."""
        return self._learn(child, subject) if subject.learn else self._classify(child, subject, emit, stop)

    def _classify(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        request = wire.LookAtWindow(
            wire.AWindow.of(subject.window), frames=1, pause=0.0, attempts=1, stream=subject.stream
        )
        for attempt in range(ATTEMPTS):
            if attempt:
                rest(stop, FRAME_PAUSE)
                if stop.is_set() or not self._still(subject):
                    return None
            for told in list(child.ask(request)):
                self._note(told)
                if isinstance(told, wire.Seen) and told.informative >= FRAMES:
                    if not self._still(subject):
                        return None
                    emit(ScreenClassified(self._clock.now(), subject.window.pid, self._together(subject, told)))
                    return True
            if self.report.unseen is not None:
                return False
        return False

    def _learn(self, child: Child, subject: Subject) -> bool:
        title, game = subject.learn or ("", "")
        request = wire.Learn(
            title,
            game,
            window=wire.AWindow.of(subject.window),
            frames=1,
            pause=FRAME_PAUSE,
            attempts=SILENT_ATTEMPTS,
            origin="silent",
        )
        try:
            for told in child.ask(request):
                self._note(told)
                if isinstance(told, wire.Learned):
                    self._learned[title] = told.references
        except LearnError:  # nothing of it told anything just now
            return False
        return True

    def _still(self, subject: Subject) -> bool:
        """True while the same is in front and may still be looked at."""
        now = self._subject()
        return now is not None and now.wish.key == subject.wish.key and not now.wish.hindered and now.wish.wanted

    def _note(self, told: wire.Told) -> None:
        """Whether windows can be captured here at all."""
        unseen = self.report.unseen
        if isinstance(told, wire.Unseen) and told.outcome in _NOT_HERE:
            unseen = told.sentence
        elif isinstance(told, wire.Seen):
            unseen = None
        if unseen != self.report.unseen:
            self.report = replace(self.report, unseen=unseen)

    def _together(self, subject: Subject, seen: wire.Seen) -> ScreenLabels:
        """What is known of the window now: what was decided before holds until another decision takes its place."""
        window = subject.window
        title = seen.decided_title
        labels = ScreenLabels(
            round(seen.game_probability, 4), title, round(seen.title_score, 4) if title else 0.0, seen.decision
        )
        of_window = (window.handle, window.pid)
        key, before = self._labels.get(of_window, (subject.wish.key, None))
        if before is not None and (key == subject.wish.key or not subject.stream):
            labels = kept(before, labels)
        self._labels = {of_window: (subject.wish.key, labels)} | {
            one: known for one, known in list(self._labels.items())[:20] if one != of_window
        }
        return labels


def kept(before: ScreenLabels, now: ScreenLabels) -> ScreenLabels:
    """A picture that tells nothing takes nothing back: a menu, a pause, a fade between two levels."""
    decided = before if now.decision == "unknown" else now
    named = now if now.title is not None or now.decision == "not_game" else before
    return ScreenLabels(decided.game_probability, named.title, named.title_score, decided.decision)


def _processor_seconds(pid: int) -> float:
    """What a child took of the processor so far; where it is gone and nobody can tell, what one is expected to take."""
    import psutil

    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return EXPECTED
    return float(times.user + times.system)

"""What every sensor does that has a child look at the window in front: when, with what limits, and what it costs.

The sensor says when and at what; a child process captures, and only labels and numbers come back. Window titles never
go to it, but for the one that is learned.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from gamedetectd.domain import Window
from gamedetectd.errors import GamedetectdError
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.platforms.capture.declared import PICTURE
from gamedetectd.platforms.capture.shown import Outcome
from gamedetectd.sensors.screen_schedule import EXPECTED, Key, Schedule, Wish, steady
from gamedetectd.vision import wire

log = logging.getLogger(__name__)

_NOT_HERE = frozenset([Outcome.DENIED, Outcome.CANNOT])


class Child(Protocol):
    """A started child that looks."""

    def ask(self, request: wire.Request | wire.Reading) -> Iterator[wire.Told]:
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


class ChildSensor:
    """The common part; who inherits it says what is asked, by ``ask``, and may be choosier about what is in front.

    ``subject`` says, in this sensor's thread, what is in front; have the worker woken when that changes. ``start``
    starts a child, which ends with the block.
    """

    name = ""

    def __init__(
        self,
        clock: Clock,
        start: Callable[[], AbstractContextManager[Child]],
        subject: Callable[[], Subject | None],
        unsupported: Callable[[], str | None] = lambda: None,
        *,
        schedule: Schedule | None = None,
    ) -> None:
        self.schedule = schedule if schedule is not None else Schedule()
        self.report = Report()
        self._clock = clock
        self._start = start
        self._subject = subject
        self._unsupported = unsupported
        self._child: Child | None = None

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
            subject = self.worth(emit)
            pause = self.schedule.rest(self._clock.now().awake, subject.wish if subject is not None else None)
            if subject is None or pause is None or pause > 0:
                stop.wait(pause)
            else:
                self._look(subject, emit, stop)

    def worth(self, _emit: Emit) -> Subject | None:
        """What is in front, if it is worth a look."""
        return self._subject()

    def ask(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        """True where enough was seen, False where not, None where the sequence had to be broken off."""
        raise NotImplementedError

    def _look(self, subject: Subject, emit: Emit, stop: Stop) -> None:
        """One sequence, by a child of its own."""
        cost = 0.0
        error: GamedetectdError | None = None
        outcome: bool | None = None
        try:
            with self._start() as child:
                self._child = child
                try:
                    outcome = self.ask(child, subject, emit, stop)
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

    def still(self, subject: Subject) -> bool:
        """True while the same is in front and may still be looked at."""
        now = self._subject()
        return now is not None and now.wish.key == subject.wish.key and not now.wish.hindered and now.wish.wanted

    def note(self, told: wire.Told) -> None:
        """Whether windows can be captured here at all."""
        unseen = self.report.unseen
        if isinstance(told, wire.Unseen) and told.outcome in _NOT_HERE:
            unseen = told.sentence
        elif isinstance(told, wire.Seen):
            unseen = None
        if unseen != self.report.unseen:
            self.report = replace(self.report, unseen=unseen)


def _processor_seconds(pid: int) -> float:
    """What a child took of the processor so far, with what it started to show it windows (grim, GStreamer).

    Where it is gone and nobody can tell, what one is expected to take.
    """
    import psutil

    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return EXPECTED
    return float(times.user + times.system + times.children_user + times.children_system)

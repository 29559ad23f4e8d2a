"""Has a title screen read that a container shows in its first seconds, where nothing else says what runs in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from gamedetectd.domain import TitleRead
from gamedetectd.interfaces import Clock, Emit, Stop
from gamedetectd.sensors.screen_child import Child, ChildSensor, Subject
from gamedetectd.sensors.screen_schedule import KEPT, Key, Schedule, Wish
from gamedetectd.vision import wire
from gamedetectd.worker import rest

FIRST_SECONDS = 20.0
"""Seconds from when something first came to the front in which it may show its title."""
LOOKS = 3
PAUSE = 5.0
"""Looks at one title screen at most, and seconds between two of them."""


class TitleSchedule(Schedule):
    """One sequence for each thing that comes to the front, in its first seconds or never; otherwise as ``Schedule``."""

    between = 0.0
    """What comes next must not miss its first seconds; the share of the processor bounds it anyway."""

    def __init__(self) -> None:
        super().__init__()
        self._first: OrderedDict[Key, float] = OrderedDict()

    def rest(self, now: float, wish: Wish | None) -> float | None:
        """Seconds until the sequence may begin, 0 for now; None where there is nothing more to read."""
        if wish is None:
            return super().rest(now, None)
        first = self._first.setdefault(wish.key, now)
        if len(self._first) > KEPT:
            self._first.popitem(last=False)
        if wish.hindered or wish.key in self._looked:
            wish = replace(wish, wanted=False)
        pause = super().rest(now, wish)
        return pause if pause is not None and now + pause < first + FIRST_SECONDS else None

    def left(self, now: float, key: Key) -> float:
        """Seconds in which that may still show its title."""
        return self._first.get(key, now) + FIRST_SECONDS - now


class TitleSensor(ChildSensor):
    """Emits ``TitleRead`` once a title screen reads one of the ``titles`` beyond doubt; they come in handfuls."""

    name = "title_screen"

    def __init__(
        self,
        clock: Clock,
        start: Callable[[], AbstractContextManager[Child]],
        subject: Callable[[], Subject | None],
        titles: Callable[[], Iterator[Sequence[str]]],
        unsupported: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._times = TitleSchedule()
        super().__init__(clock, start, subject, unsupported, schedule=self._times)
        self._titles = titles
        self._read: dict[tuple[int, int], Key] = {}

    def worth(self, emit: Emit) -> Subject | None:
        """What is in front. A page that shows something else by now has lost the title that was read of it."""
        subject = super().worth(emit)
        if subject is not None and subject.stream:
            key = subject.wish.key
            if self._read.get(key[:2], key) != key:
                del self._read[key[:2]]
                emit(TitleRead(self._clock.now(), subject.window.pid, ""))
        return subject

    def ask(self, child: Child, subject: Subject, emit: Emit, stop: Stop) -> bool | None:
        for some in self._titles():
            list(child.ask(wire.AddTitles(tuple(some))))
        for look in range(LOOKS):
            if look:
                if self._times.left(self._clock.now().awake, subject.wish.key) < PAUSE:
                    return False
                rest(stop, PAUSE)
                if stop.is_set() or not self.still(subject):
                    return None
            for told in list(child.ask(wire.ReadWindow(wire.AWindow.of(subject.window)))):
                self.note(told)
                if isinstance(told, wire.Read) and told.title is not None:
                    return self._found(told.title, subject, emit)
            if self.report.unseen is not None:
                return False
        return False

    def _found(self, title: str, subject: Subject, emit: Emit) -> bool | None:
        if not self.still(subject):
            return None
        key = subject.wish.key
        kept = [(one, known) for one, known in self._read.items() if one != key[:2]]
        self._read = dict([*kept[-KEPT:], (key[:2], key)])
        emit(TitleRead(self._clock.now(), subject.window.pid, title))
        return True

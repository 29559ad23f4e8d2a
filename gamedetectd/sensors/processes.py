"""Watches processes begin, replace their program and end.

Where the kernel sends events (``platforms.processes.events``) they are gathered for a moment and only the outcome is
looked at: a process that is gone by then costs nothing. Elsewhere the process table is polled, and listed only when
something began or ended since the last look. Both check the whole table now and then for what they missed.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Literal

from gamedetectd.domain import ProcessKey
from gamedetectd.errors import SensorError
from gamedetectd.interfaces import Clock, Emit, Readable, Stop
from gamedetectd.platforms.processes import ProcessTable
from gamedetectd.platforms.processes.declared import EVENTS, LOOKING
from gamedetectd.platforms.processes.events import (
    EventsUnavailableError,
    ProcessEvents,
    make_noise,
    open_process_events,
)
from gamedetectd.sensors.process_roster import ProcessRoster
from gamedetectd.sensors.process_watch import Bell, Pacing, Silence, Watcher

Source = Literal["auto", "events", "polling"]

CHECK_EVERY_FOLLOWING = 120.0
CHECK_EVERY_POLLING = 30.0
"""Seconds between checks of the whole process table, with events and without."""
QUICK_WINDOW = 0.015
LONG_WINDOW = 0.5
"""Seconds for which events are gathered before they are looked at: usually, and under sustained load."""
MOST_WANTED = 256
"""Processes that may wait to be followed; beyond, the oldest wish is dropped."""
SLACK = 1.5
"""How many times the poll interval may pass between two looks while nothing happens."""


class ProcessSensor:
    """A ``Sensor`` of ``Resync`` (at first, after a gap, on request), ``ProcessStarted`` and ``ProcessEnded``.

    ``worth_reading`` is asked for the path of a program before anything else of it is read; answers are remembered
    until the next Resync. ``source`` "events" does without the fallback, "polling" without events. ``poll_interval``
    is seconds.
    """

    name = "processes"

    def __init__(
        self,
        table: ProcessTable,
        clock: Clock,
        source: Source = "auto",
        poll_interval: float = 1.0,
        worth_reading: Callable[[str], bool] = lambda _path: True,
    ) -> None:
        self._table = table
        self._clock = clock
        self._source = source
        self.poll_interval = poll_interval
        self.pace = 1.0
        """How many times as long as ``poll_interval`` the pauses are."""
        self._worth_reading = worth_reading
        self._bell = Bell()
        self._kept: frozenset[ProcessKey] = frozenset()
        self._resync_wanted = False
        self._wanted: deque[int] = deque(maxlen=MOST_WANTED)
        self._degraded: str | None = None

    def unsupported_reason(self) -> str | None:
        if self._source != "events":
            return None
        try:
            open_process_events().close()
        except EventsUnavailableError as error:
            return f"The settings ask for process events and nothing else. {error}"
        return None

    def degraded_reason(self) -> str | None:
        return self._degraded

    def source(self) -> str:
        return LOOKING if self._degraded is not None else EVENTS

    def keep(self, keys: Collection[ProcessKey]) -> None:
        """Say which are played: their ends are seen at once while polling, and every Resync tells of them.

        From any thread.
        """
        kept = frozenset(keys)
        if kept != self._kept:
            self._kept = kept
            self._bell.ring()

    def follow(self, pid: int) -> None:
        """Tell of this process although its program did not seem worth reading: it has a window. From any thread."""
        self._wanted.append(pid)
        self._bell.ring()

    def request_resync(self) -> None:
        """Ask for a Resync soon. From any thread."""
        self._resync_wanted = True
        self._bell.ring()

    def run(self, emit: Emit, stop: Stop) -> None:
        with self._bell, contextlib.ExitStack() as stack:
            events = self._subscribe()
            if events is not None:
                stack.callback(events.close)
            roster = ProcessRoster(self._table, self._worth_reading)
            check_every = CHECK_EVERY_POLLING if events is None else CHECK_EVERY_FOLLOWING
            watcher = Watcher(self._table, self._clock, roster, emit, check_every)
            stack.callback(watcher.exits.close)
            self._resync_wanted = False
            watcher.expect(self._kept)
            watcher.resync()
            if events is None:
                self._poll(watcher, stop)
            else:
                self._follow(watcher, events, stop)

    def _subscribe(self) -> ProcessEvents | None:
        """The kernel's events, or None with ``_degraded`` saying why not."""
        self._degraded = None
        polling = f"Programs are looked for every {self.poll_interval:g} s instead of being announced"
        if self._source == "polling":
            self._degraded = f"{polling}, because the settings say so."
            return None
        try:
            return open_process_events()
        except EventsUnavailableError as error:
            if self._source == "events":
                raise
            self._degraded = f"{polling}. {error}"
            return None

    def _follow(self, watcher: Watcher, events: ProcessEvents, stop: Stop) -> None:
        """Event mode: the first event after a pause is given company, under sustained load we only look in at times."""
        pacing, silence = Pacing(), Silence(make_noise)
        while not stop.is_set():
            others: list[Readable | int] = [self._bell, *watcher.exits.readers()]
            strained = pacing.strained()
            if strained:
                ready = stop.select(others, min(LONG_WINDOW, watcher.until_check()))
            else:
                ready = stop.select([events, *others], watcher.until_check())
            watcher.exited(ready)
            if strained or events in ready:
                if not strained:
                    stop.wait(QUICK_WINDOW)
                batch = events.drain()
                if not batch.empty:
                    silence.heard()
                    pacing.spend()
                    watcher.take(batch)
            if watcher.until_check() <= 0 and silence.dead():
                raise SensorError("The kernel no longer announces processes.", "It is listened to anew.")
            self._serve(watcher, rung=self._bell in ready)

    def _poll(self, watcher: Watcher, stop: Stop) -> None:
        """Polling mode."""
        next_look = time.monotonic() + self.poll_interval * self.pace
        while not stop.is_set():
            watcher.watch_exits(self._kept)
            timeout = max(0.0, min(next_look - time.monotonic(), watcher.until_check()))
            ready = stop.select([self._bell, *watcher.exits.readers()], timeout)
            watcher.exited(ready)
            self._serve(watcher, rung=self._bell in ready)
            if time.monotonic() >= next_look:
                happened = watcher.look()
                next_look = time.monotonic() + self.poll_interval * self.pace * (1.0 if happened else SLACK)

    def _serve(self, watcher: Watcher, *, rung: bool) -> None:
        """Do what another thread asked for, and the check of the whole table when it is due."""
        if rung:
            self._bell.silence()
        while self._wanted:
            watcher.follow(self._wanted.popleft())
        if self._resync_wanted:
            self._resync_wanted = False
            watcher.resync()
        elif watcher.until_check() <= 0:
            watcher.check()

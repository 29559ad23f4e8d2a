"""The health monitor: asks every probe now and then, and tells, logs and publishes what changed.

Probes run in a thread beside the monitor's, so that one that hangs is left behind and the others go on; it is not asked
again until it has returned. One that fails is a condition itself.
"""

from __future__ import annotations

import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gamedetectd.domain import ActiveCondition, Severity
from gamedetectd.health.conditions import PROBE_FAILED, PROBE_STUCK, Finding
from gamedetectd.health.tracker import Tracker
from gamedetectd.interfaces import Clock, Stop
from gamedetectd.observability.correlation import carried, correlation

log = logging.getLogger(__name__)

INTERVAL = 15.0
"""Seconds between two looks."""
PROBE_LIMIT = 2.0
"""Seconds a probe may take."""
ASK_AGAIN_AFTER = 300.0
"""Seconds for which a probe that failed is left alone."""

_LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.INFO: logging.INFO}


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at one part: ``look`` returns what is wrong there now; nothing means that all is well.

    It is asked at most every ``every`` seconds, unless somebody asks for a look; what it found stands meanwhile.
    """

    name: str
    look: Callable[[], Iterable[Finding]]
    every: float = 0.0


@dataclass(slots=True)
class _Round:
    """One thread's way through some probes. It ends early when a probe raises or the monitor went on without it."""

    probes: Sequence[Probe]
    results: list[tuple[Finding, ...]] = field(default_factory=list)
    started: float = 0.0
    """When the probe it is at was begun, on the monotonic clock."""
    cpu_seconds: float = 0.0
    """What it cost, once it is over."""
    abandoned: bool = False
    over: bool = False

    def run(self, ring: Callable[[], None]) -> None:
        """The thread's target. What a probe raises ends the thread and is reported by ``threading.excepthook``."""
        try:
            while len(self.results) < len(self.probes) and not self.abandoned:
                self.started = time.monotonic()
                self.results.append(tuple(self.probes[len(self.results)].look()))
        finally:
            self.cpu_seconds = time.thread_time()
            self.over = True
            ring()


class HealthMonitor:
    """Give ``run`` to a Worker. ``publish`` gets the visible conditions whenever they change."""

    def __init__(
        self,
        clock: Clock,
        tracker: Tracker,
        probes: Sequence[Probe],
        publish: Callable[[tuple[ActiveCondition, ...]], None],
    ) -> None:
        self._clock = clock
        self._tracker = tracker
        self._probes = tuple(probes)
        self._publish = publish
        self.standing: tuple[ActiveCondition, ...] = ()
        """What was told and not taken back, as of the latest publication: also what its cause hides now."""
        self._published: tuple[ActiveCondition, ...] = ()
        self.interval = INTERVAL
        """Seconds between two looks; ``pace`` times as long while the machine is starved."""
        self.pace = 1.0
        self.longest_rest = math.inf
        """Seconds between two looks at most, whatever the two above say."""
        self.looked: Callable[[], None] = lambda: None
        """Called after every look, in the monitor's thread."""
        self.looks = 0
        self.cpu_seconds = 0.0
        """What looking cost so far, the monitor's own thread included."""
        self._seen: dict[str, set[tuple[str, str]]] = {}
        self._hanging: dict[str, _Round] = {}
        self._resting: dict[str, float] = {}
        """Until when, on the monotonic clock, a probe that failed is left alone, whoever asks."""
        self._due: dict[str, float] = {}
        self._lock = threading.Lock()
        self._bell: socket.socket | None = None
        self._asked = False

    @property
    def codes(self) -> frozenset[str]:
        """The code of every condition there is."""
        return self._tracker.codes

    def ignore(self, codes: Iterable[str]) -> None:
        """Tell no longer of these conditions; they still explain what follows from them."""
        self._tracker.ignored = frozenset(codes)

    def wake(self) -> None:
        """Look now. Call it from any thread when something went wrong or right; never blocks."""
        self._asked = True
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            if self._bell is not None:
                try:
                    self._bell.send(b"!")
                except BlockingIOError:
                    pass  # enough rings wait to be heard

    def run(self, stop: Stop) -> None:
        """Look every ``interval`` seconds, when woken, and when something told or taken back is due, until stopped."""
        ear, bell = socket.socketpair()
        ear.setblocking(False)
        bell.setblocking(False)
        with ear, bell:
            self._bell = bell
            try:
                while not stop.is_set():
                    asked, self._asked = self._asked, False
                    began = time.thread_time()
                    with correlation():
                        self._look(ear, stop, everywhere=asked)
                        self._tell()
                        self.looked()
                    self.looks += 1
                    self.cpu_seconds += time.thread_time() - began
                    self._rest(ear, stop)
            finally:
                with self._lock:
                    self._bell = None

    def _rest(self, ear: socket.socket, stop: Stop) -> None:
        """Wait until it is time to look, or somebody asks for it; late rings of a round are heard and ignored."""
        until = time.monotonic() + min(
            self.interval * self.pace, self.longest_rest, self._tracker.deadline() - self._clock.now().awake
        )
        while not self._asked and not stop.is_set() and (left := until - time.monotonic()) > 0:
            _wait(ear, stop, left)

    # --- looking ---

    def _look(self, ear: socket.socket, stop: Stop, *, everywhere: bool) -> None:
        """Ask every probe that is due, or ``everywhere``, and may be asked; hand what it found to the tracker."""
        now = time.monotonic()
        due = [probe for probe in self._probes if everywhere or now >= self._due.get(probe.name, now)]
        waiting = [probe for probe in due if self._may_ask(probe, now)]
        self._due |= {probe.name: now + probe.every * 0.99 for probe in waiting}
        while waiting and not stop.is_set():
            attempt = self._attempt(waiting, ear, stop)
            ended = attempt.over  # read before the results: whoever returns just now is at worst called slow
            results = tuple(attempt.results)
            for probe, findings in zip(waiting, results, strict=False):
                self._report(probe, findings)
            if len(results) < len(waiting) and not stop.is_set():
                self._report_trouble(waiting[len(results)].name, None if ended else attempt)
            waiting = waiting[len(results) + 1 :]

    def _may_ask(self, probe: Probe, now: float) -> bool:
        hanging = self._hanging.get(probe.name)
        if hanging is not None and hanging.over:
            del self._hanging[probe.name]
        return probe.name not in self._hanging and now >= self._resting.get(probe.name, now)

    def _attempt(self, probes: Sequence[Probe], ear: socket.socket, stop: Stop) -> _Round:
        """Run the probes in a thread for as long as each comes back in time."""
        attempt = _Round(probes, started=time.monotonic())
        threading.Thread(target=carried(attempt.run), args=(self._ring,), name="health-probes", daemon=True).start()
        while not attempt.over and not stop.is_set():
            left = attempt.started + PROBE_LIMIT - time.monotonic()
            if left <= 0:
                break
            _wait(ear, stop, left)
        attempt.abandoned = True
        self.cpu_seconds += attempt.cpu_seconds
        return attempt

    def _report(self, probe: Probe, findings: Sequence[Finding]) -> None:
        """Report what a probe found, and as gone what it found before and finds no more."""
        now = self._clock.now()
        found = {(finding.code, finding.key) for finding in findings}
        for code, key in self._seen.get(probe.name, set()) - found:
            self._tracker.report(code, key, now, None)
        for finding in findings:
            self._tracker.report(finding.code, finding.key, now, finding.message)
        self._seen[probe.name] = found

    def _report_trouble(self, name: str, hanging: _Round | None) -> None:
        """Report a probe that raised, or hangs; what it found before stands."""
        if hanging is None:
            self._resting[name] = time.monotonic() + ASK_AGAIN_AFTER
            trouble = Finding(PROBE_FAILED, f"The check of {name} failed; its part may be well or not.", name)
        else:
            self._hanging[name] = hanging
            trouble = Finding(PROBE_STUCK, f"The check of {name} takes longer than {PROBE_LIMIT:g} s.", name)
        self._tracker.report(trouble.code, trouble.key, self._clock.now(), trouble.message)
        self._seen.setdefault(name, set()).add((trouble.code, trouble.key))

    # --- telling ---

    def _tell(self) -> None:
        now = self._clock.now()
        visible = self._tracker.visible(now)
        changes = self._tracker.changes(now)
        for one in changes.appeared:
            log.log(_LEVELS[one.severity], "%s: %s %s", one.title, one.message, one.remedy)
        for one in changes.recovered:
            log.info("No longer: %s", one.title)
        if visible != self._published or changes.recovered:
            self.standing = self._tracker.standing(now)
            self._published = visible
            self._publish(visible)


def _wait(ear: socket.socket, stop: Stop, seconds: float) -> None:
    """Wait for a ring, the stop or the end of the time, and take every ring that waits."""
    stop.select([ear], seconds)
    try:
        while ear.recv(4096):
            pass
    except BlockingIOError:
        pass

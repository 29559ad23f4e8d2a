"""Looking at the screen in a running daemon: on and off as the settings say, with what is in front and what is allowed.

What is off is not even imported: neither the sensor nor what talks to the vision child.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from gamedetectd.config.schema import Settings
from gamedetectd.control.daemon_shapes import VisionRow
from gamedetectd.control.server import Handler
from gamedetectd.domain import (
    Facts,
    ForegroundChanged,
    Observation,
    PowerChanged,
    PowerState,
    ScreenLabels,
    Window,
)
from gamedetectd.errors import ControlError, NotRunningError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Reply, Request
from gamedetectd.observability.redaction import is_private_title, redact
from gamedetectd.worker import Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.control.client import Client
    from gamedetectd.engine.core import Program
    from gamedetectd.engine.loop import Record
    from gamedetectd.sensors.screen import ScreenSensor, Subject
    from gamedetectd.sensors.screen_limits import Hindrance

log = logging.getLogger(__name__)

SEEN = "seen"
"""The command of the control channel that tells what was seen of a process."""
END_LIMIT = 2.0
"""Seconds the sensor has to end, with its child."""
BATTERY_SECONDS = 30.0
"""Seconds for which the answer whether we run on a battery is good enough."""


class Eyes:
    """The screen sensor of one daemon. ``apply`` and ``stop`` are called by one thread at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._sensor: ScreenSensor | None = None
        self._worker: Worker | None = None
        self._front: Window | None = None
        self._locked = False
        self._hindrance: Hindrance | None = None
        self._judged: tuple[Facts | None, bool, bool] = (None, False, False)
        self._battery = (-BATTERY_SECONDS, False)

    # --- on and off ---

    def apply(self, settings: Settings) -> None:
        """Start or end looking, as these settings want it."""
        if settings.vision.enabled and self._worker is None:
            self._begin()
        elif not settings.vision.enabled and self._worker is not None:
            self._end()
        self.wake()

    def stop(self) -> None:
        """End looking."""
        if self._worker is not None:
            self._end()

    def wake(self) -> None:
        """Something has changed that looking depends on. For any thread."""
        if self._worker is not None:
            self._worker.wake()

    def try_again(self) -> None:
        """Forget earlier failures."""
        if self._sensor is not None:
            self._sensor.schedule.try_again()
            self.wake()

    def listening(self, record: Record) -> Record:
        """``record``, which also tells us what is in front and whether the screen is locked; in the engine's thread."""

        def recorded(value: Observation | Facts) -> None:
            if isinstance(value, ForegroundChanged):
                self._front = value.window
                self.wake()
            elif isinstance(value, PowerChanged):
                if value.state in (PowerState.LOCKED, PowerState.UNLOCKED):
                    self._locked = value.state is PowerState.LOCKED
                self.wake()
            record(value)

        return recorded

    def _begin(self) -> None:
        from gamedetectd.app.sensors import sensing
        from gamedetectd.sensors.screen import ScreenSensor
        from gamedetectd.vision.client import VisionChild, references_file
        from gamedetectd.vision.model_files import missing_reason

        daemon = self._daemon
        references = references_file(daemon.paths.data)
        sensor = ScreenSensor(daemon.machine.clock, lambda: VisionChild(references), self._subject, missing_reason)
        worker = Worker(sensor.name, sensing(sensor, daemon.engine.emit, daemon.unsupported), daemon.watchdog.troubled)
        self._sensor, self._worker = sensor, worker
        daemon.workers = [*daemon.workers, worker]
        daemon.sensors = (*daemon.sensors, sensor)
        worker.start()
        log.info("the screen is looked at where nothing else tells")

    def _end(self) -> None:
        worker, sensor, daemon = self._worker, self._sensor, self._daemon
        self._worker = self._sensor = None
        self._hindrance = None
        if worker is None or sensor is None:
            return
        daemon.sensors = tuple(one for one in daemon.sensors if one is not sensor)
        worker.stop()
        sensor.cut_short()
        if not worker.join(END_LIMIT):
            log.warning("%s did not end in time", worker.name)
        daemon.workers = [one for one in daemon.workers if one is not worker]
        daemon.unsupported.pop(sensor.name, None)
        log.info("the screen is not looked at")

    # --- what is in front, in the sensor's thread ---

    def _subject(self) -> Subject | None:
        """What is in front, as far as it may be looked at."""
        from gamedetectd.sensors.screen import Subject, key_of
        from gamedetectd.sensors.screen_limits import PASSING
        from gamedetectd.sensors.screen_schedule import Wish

        window = self._front
        why = self._hindrance = self._hindered(window)
        if window is None or (why is not None and why not in PASSING):
            return None
        program = self._daemon.engine.core.program(window.pid)
        if program is None:
            return None
        key = key_of(window)
        if program.verdict is None:
            return Subject(window, Wish(key, wanted=False, undecided=True))
        wanted, stream = self._worth(program.facts)
        learn = None if wanted else self._to_learn(program)
        return Subject(window, Wish(key, wanted=wanted or learn is not None, hindered=why is not None), stream, learn)

    def _hindered(self, window: Window | None) -> Hindrance | None:
        from gamedetectd.sensors.screen_limits import Surroundings, hindrance

        daemon, wishes = self._daemon, self._daemon.settings.vision
        names = tuple(daemon.engine.core.names(window.pid)) if window is not None else ()
        private = window is not None and any(
            is_private_title(window.title, name) for name in (window.class_name, *names)
        )
        around = Surroundings(
            private,
            self._locked,
            daemon.engine.core.paused,
            daemon.vitals.yielding is not None,
            not wishes.on_battery and self._on_battery(),
        )
        return hindrance(window, names, around, never=wishes.never, battery=wishes.on_battery)

    def _worth(self, facts: Facts) -> tuple[bool, bool]:
        """Whether looking could tell more, and whether it is a stream; worked out once for the same facts."""
        from gamedetectd.detection.look import is_stream, worth_a_look

        if self._judged[0] is not facts:
            self._judged = (facts, worth_a_look(facts), is_stream(facts))
        return self._judged[1:]

    def _to_learn(self, program: Program) -> tuple[str, str] | None:
        """Title and id of a game whose looks are remembered, where the person wants that."""
        from gamedetectd.detection.look import surely_named

        verdict = program.verdict
        if not self._daemon.settings.vision.learn_silently or verdict is None or verdict.game is None:
            return None
        return (verdict.game.title, verdict.game.id) if surely_named(verdict) else None

    def _on_battery(self) -> bool:
        at, known = self._battery
        if time.monotonic() - at > BATTERY_SECONDS:
            import psutil

            battery = psutil.sensors_battery()  # None without a battery
            known = battery is not None and battery.power_plugged is False
            self._battery = (time.monotonic(), known)
        return known

    # --- what others see ---

    def handlers(self) -> Mapping[str, Handler]:
        """What the control channel answers."""
        return {SEEN: self._seen}

    def _seen(self, request: Request) -> Reply:
        pid = request.get("pid")
        program = self._daemon.engine.core.program(pid) if isinstance(pid, int) else None
        screen = program.facts.screen if program is not None else None
        return {"screen": msgspec.to_builtins(screen)}

    def row(self) -> VisionRow:
        """How it is, for ``status``."""
        sensor = self._sensor
        if sensor is None:
            return VisionRow(False, "off", None, 0, 0.0)
        report, unsupported = sensor.report, self._daemon.unsupported.get(sensor.name)
        if unsupported is not None:
            return VisionRow(True, "unsupported", redact(unsupported), report.sequences, report.seconds)
        if report.error is not None:
            return VisionRow(True, "failing", redact(report.error.cause), report.sequences, report.seconds)
        why = self._hindrance
        return VisionRow(True, "waiting" if why is None else "hindered", why, report.sequences, report.seconds)

    def counters(self) -> dict[str, float]:
        """Numbers for metrics; none while it is off."""
        if (sensor := self._sensor) is None:
            return {}
        return {"screen_looks": sensor.report.sequences, "screen_cpu_seconds": round(sensor.report.total, 3)}

    def choice(self) -> bool | None:
        """Whether it is on; None where it is off and could not be switched on, for want of what is not installed."""
        if self._daemon.settings.vision.enabled:
            return True
        from gamedetectd.vision.model_files import missing_reason

        return None if missing_reason() is not None else False

    def findings(self) -> Iterator[Finding]:
        """What is wrong with it, for health; nothing while it is off."""
        if self._sensor is not None:
            from gamedetectd.app.checks.vision import findings

            unsupported = self._daemon.unsupported.get(self._sensor.name) is not None
            yield from findings(self._sensor.report, unsupported=unsupported)


def seen_of(client: Client, pid: int) -> ScreenLabels | None:
    """What a running daemon saw of a process; None where it saw nothing, or does not tell."""
    try:
        reply = client.request(SEEN, pid=pid)
    except (NotRunningError, ControlError):
        return None
    return msgspec.convert(reply.get("screen"), ScreenLabels | None)

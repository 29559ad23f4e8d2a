"""Looking at the screen in a running daemon: on and off as the settings say, with what is in front and what is allowed.

What is off is not even imported: neither the sensor nor what talks to the vision child.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from gamedetectd.app.looking import Looking
from gamedetectd.app.title_reader import TitleReader
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

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.control.client import Client
    from gamedetectd.engine.core import Program
    from gamedetectd.engine.loop import Record
    from gamedetectd.sensors.screen_child import Report, Subject
    from gamedetectd.sensors.screen_limits import Hindrance

log = logging.getLogger(__name__)

SEEN = "seen"
"""The command of the control channel that tells what was seen of each process."""
BATTERY_SECONDS = 30.0
"""Seconds for which the answer whether we run on a battery is good enough."""


class Eyes:
    """The screen sensor of one daemon. ``apply`` and ``stop`` are called by one thread at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._looking = Looking(daemon)
        self._reader = TitleReader(daemon, self.in_front)
        self._front: Window | None = None
        self._locked = False
        self._hindrance: Hindrance | None = None
        self._judged: tuple[Facts | None, bool, bool] = (None, False, False)
        self._battery = (-BATTERY_SECONDS, False)

    # --- on and off ---

    def apply(self, settings: Settings) -> None:
        """Start or end looking, as these settings want it."""
        if settings.vision.enabled and self._looking.sensor is None:
            self._begin()
        elif not settings.vision.enabled:
            self._end()
        self._reader.apply(settings)
        self.wake()

    def stop(self) -> None:
        """End looking."""
        self._reader.stop()
        self._end()

    def wake(self) -> None:
        """Something has changed that looking depends on. For any thread."""
        self._looking.wake()
        self._reader.wake()

    def try_again(self) -> None:
        """Forget earlier failures."""
        self._looking.try_again()
        self._reader.try_again()

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
        from gamedetectd.sensors.screen import ScreenSensor
        from gamedetectd.vision.client import VisionChild, references_file
        from gamedetectd.vision.model_files import missing_reason

        daemon = self._daemon
        references = references_file(daemon.paths.data)
        self._looking.begin(
            ScreenSensor(daemon.machine.clock, lambda: VisionChild(references), self._subject, missing_reason)
        )
        log.info("the screen is looked at where nothing else tells")

    def _end(self) -> None:
        self._hindrance = None
        if self._looking.end():
            log.info("the screen is not looked at")

    # --- what is in front, in the sensor's thread ---

    def _subject(self) -> Subject | None:
        """What is in front, as far as it may be looked at."""
        from gamedetectd.sensors.screen_child import Subject, key_of
        from gamedetectd.sensors.screen_schedule import Wish

        self._hindrance, window, program = self.in_front()
        if window is None:
            return None
        key = key_of(window)
        if program is None or program.verdict is None:
            return Subject(window, Wish(key, wanted=False, undecided=True))
        wanted, stream = self._worth(program.facts)
        learn = None if wanted else self._to_learn(program)
        hindered = self._hindrance is not None
        return Subject(window, Wish(key, wanted=wanted or learn is not None, hindered=hindered), stream, learn)

    def in_front(self) -> tuple[Hindrance | None, Window | None, Program | None]:
        """What is in the way, the window in front and its program; no window where that must not be looked at.

        No program where the window was told before its process was.
        """
        from gamedetectd.sensors.screen_limits import PASSING

        window = self._front
        why = self._hindered(window)
        if window is None or (why is not None and why not in PASSING):
            return why, None, None
        return why, window, self._daemon.engine.core.program(window.pid)

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

    def _seen(self, _request: Request) -> Reply:
        programs = list(self._daemon.engine.core.programs.items())
        seen = {str(key.pid): program.facts.screen for key, program in programs if program.facts.screen is not None}
        return {"screens": msgspec.to_builtins(seen)}

    def row(self) -> VisionRow:
        """How it is, for ``status``."""
        sensor = self._looking.sensor
        if sensor is None:
            return VisionRow(False, "off", None, 0, 0.0)
        state, why = self._state(sensor.report)
        return VisionRow(True, state, why, sensor.report.sequences, sensor.report.seconds, *self._reader.cost())

    def _state(self, report: Report) -> tuple[Literal["waiting", "hindered", "unsupported", "failing"], str | None]:
        """In a word, and why."""
        if (unsupported := self._looking.unsupported) is not None:
            return "unsupported", redact(unsupported)
        if report.error is not None:
            return "failing", redact(report.error.cause)
        return ("waiting" if self._hindrance is None else "hindered"), self._hindrance

    def counters(self) -> dict[str, float]:
        """Numbers for metrics; none while it is off."""
        if (sensor := self._looking.sensor) is None:
            return {}
        spent = sensor.report.total + self._reader.total
        return {"screen_looks": sensor.report.sequences, "screen_cpu_seconds": round(spent, 3)}

    def choice(self) -> bool | None:
        """Whether it is on; None where it is off and could not be switched on, for want of what is not installed."""
        if self._daemon.settings.vision.enabled:
            return True
        from gamedetectd.vision.model_files import missing_reason

        return None if missing_reason() is not None else False

    def findings(self) -> Iterator[Finding]:
        """What is wrong with it, for health; nothing while it is off."""
        if (sensor := self._looking.sensor) is not None:
            from gamedetectd.app.checks.vision import findings

            yield from findings(sensor.report, unsupported=self._looking.unsupported is not None)

    def reading(self) -> Iterator[Finding]:
        """What is wrong with reading title screens, for health."""
        return self._reader.findings()


def what_was_seen(client: Client) -> dict[int, ScreenLabels]:
    """What a running daemon saw, by process; empty where there is none, or it does not tell."""
    try:
        reply = client.request(SEEN)
    except (NotRunningError, ControlError):
        return {}
    return msgspec.convert(reply.get("screens", {}), dict[int, ScreenLabels], strict=False)

"""One sensor that looks at the screen, with its worker: started and ended while the daemon runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from gamedetectd.worker import Worker

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.sensors.screen_child import ChildSensor

log = logging.getLogger(__name__)

END_LIMIT = 2.0
"""Seconds the sensor has to end, with its child."""


class Looking:
    """``begin`` and ``end`` are called by one thread at a time. ``sensor`` is None while it is off."""

    def __init__(self, daemon: Daemon) -> None:
        self.sensor: ChildSensor | None = None
        self.worker: Worker | None = None
        self._daemon = daemon

    def begin(self, sensor: ChildSensor) -> None:
        """Have it look."""
        from gamedetectd.app.sensors import sensing

        daemon = self._daemon
        worker = Worker(sensor.name, sensing(sensor, daemon.engine.emit, daemon.unsupported), daemon.watchdog.troubled)
        self.sensor, self.worker = sensor, worker
        daemon.workers = [*daemon.workers, worker]
        daemon.sensors = (*daemon.sensors, sensor)
        worker.start()

    def end(self) -> bool:
        """Have it look no more; False if it did not."""
        worker, sensor, daemon = self.worker, self.sensor, self._daemon
        self.worker = self.sensor = None
        if worker is None or sensor is None:
            return False
        daemon.sensors = tuple(one for one in daemon.sensors if one is not sensor)
        worker.stop()
        sensor.cut_short()
        if not worker.join(END_LIMIT):
            log.warning("%s did not end in time", worker.name)
        daemon.workers = [one for one in daemon.workers if one is not worker]
        daemon.unsupported.pop(sensor.name, None)
        return True

    def wake(self) -> None:
        """Something has changed that looking depends on. For any thread."""
        if (worker := self.worker) is not None:
            worker.wake()

    def try_again(self) -> None:
        """Forget earlier failures."""
        if self.sensor is not None:
            self.sensor.schedule.try_again()
            self.wake()

    @property
    def unsupported(self) -> str | None:
        """Why it cannot work here, as its worker found; None where it can, or is off."""
        return self._daemon.unsupported.get(self.sensor.name) if self.sensor is not None else None

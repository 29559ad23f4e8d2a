"""What the usual probes look for: each turns the state of one part into findings; ``app`` hands it the part."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from gamedetectd.health.conditions import (
    DISK_NEARLY_FULL,
    SENSOR_FALLBACK,
    SENSOR_UNSUPPORTED,
    WORKER_CRASHED,
    WORKER_GAVE_UP,
    WORKER_STUCK,
    Finding,
)
from gamedetectd.interfaces import Sensor
from gamedetectd.worker import STUCK_AFTER, WorkerState, WorkerStatus

ROOM_NEEDED = 50_000_000
"""Bytes that should be free where we write."""


def worker_findings(statuses: Iterable[WorkerStatus]) -> Iterator[Finding]:
    """Workers that were given up, crashed and rest, or do not get on."""
    for status in statuses:
        if status.state is WorkerState.GAVE_UP:
            yield Finding(WORKER_GAVE_UP, f"{status.name} failed again and again: {status.last_error}.", status.name)
        elif status.state is WorkerState.RESTING:
            yield Finding(WORKER_CRASHED, f"{status.name} failed: {status.last_error}.", status.name)
        elif status.stuck_for > STUCK_AFTER:
            seconds = int(status.stuck_for)
            yield Finding(WORKER_STUCK, f"{status.name} has not answered for {seconds} s.", status.name)


def sensor_findings(sensors: Iterable[Sensor]) -> Iterator[Finding]:
    """Sensors that cannot work here, or work the slower way."""
    for sensor in sensors:
        if (unsupported := sensor.unsupported_reason()) is not None:
            yield Finding(SENSOR_UNSUPPORTED, unsupported, sensor.name)
        elif (degraded := sensor.degraded_reason()) is not None:
            yield Finding(SENSOR_FALLBACK, degraded, sensor.name)


def disk_findings(directories: Iterable[Path]) -> Iterator[Finding]:
    """The first of the directories whose disk has less than ``ROOM_NEEDED`` bytes left."""
    for directory in directories:
        try:
            free = shutil.disk_usage(directory).free
        except OSError:
            continue  # whoever writes there says what is wrong with it
        if free < ROOM_NEEDED:
            yield Finding(DISK_NEARLY_FULL, f"{free // 1_000_000} MB are left where {directory} lies.")
            return


def problem_finding(code: str, problem: Exception | str | None, key: str = "") -> Iterator[Finding]:
    """A part's own word: a sentence or an error if something is wrong there, None if not."""
    if problem is not None:
        yield Finding(code, getattr(problem, "cause", None) or str(problem), key)

"""How busy a program keeps a graphics card, from the kernel's per-client counters.

Format: https://docs.kernel.org/gpu/drm-usage-stats.html (amdgpu, i915, xe, msm, panfrost, v3d …). The share needs two
readings about a second apart; the first is kept and the room is told when to ask again, so that nothing waits.
"""

from __future__ import annotations

import dataclasses
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import ClassVar, NamedTuple

from gamedetectd.domain import FactKind, Facts, ProcessKey
from gamedetectd.facts.later import Later
from gamedetectd.facts.procfs import PROC, read_up_to, still_runs
from gamedetectd.facts.reading import subject

INTERVAL = 1.0
"""Seconds between the two readings."""
STALE = 10.0
"""Seconds after which a first reading no longer tells of now."""
DESCRIPTORS_LIMIT = 4_096
KEPT_READINGS = 256
_FDINFO_LIMIT = 16_384

_NOT_DRAWING = re.compile(r"video|vcn|vcs|vecs|dec|enc|jpeg|vpe|copy|bcs|dma")
"""Engines that play films or move memory; a busy one does not speak for a game."""


class Counter(NamedTuple):
    """``used`` of ``total``, in any unit; ``total`` None means that ``used`` is nanoseconds of ``capacity`` engines."""

    used: int
    total: int | None = None
    capacity: int = 1


Counters = Mapping[tuple[str, str, str], Counter]
"""By device, client and engine."""


class GpuSource:
    """Reads ``/proc/PID/fdinfo`` of the program (Linux)."""

    kind: ClassVar[FactKind] = FactKind.GPU
    time_limit: ClassVar[float] = 2.0

    def __init__(self, root: str = PROC, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._readings: OrderedDict[ProcessKey, tuple[float, Counters]] = OrderedDict()

    def gather(self, facts: Facts) -> Facts:
        """Raises ``Later`` after the first of the two readings."""
        process = subject(facts)
        if process is None:
            return facts
        with self._lock:
            first = self._readings.get(process.key)
        if first is not None and (age := self._monotonic() - first[0]) < INTERVAL:
            raise Later(INTERVAL - age)
        counters = self._read(process.key)
        if not counters:
            self._forget(process.key)
            return facts
        now = self._monotonic()
        if first is None or now - first[0] > STALE:
            self._keep(process.key, now, counters)
            raise Later(INTERVAL)
        self._forget(process.key)
        share = busy_share(first[1], counters, now - first[0])
        return dataclasses.replace(facts, gpu=share)

    def _keep(self, key: ProcessKey, now: float, counters: Counters) -> None:
        with self._lock:
            self._readings[key] = (now, counters)
            while len(self._readings) > KEPT_READINGS:
                self._readings.popitem(last=False)

    def _forget(self, key: ProcessKey) -> None:
        with self._lock:
            self._readings.pop(key, None)

    def _read(self, key: ProcessKey) -> Counters:
        """Counters of every client the process holds open; several descriptors may share one client."""
        counters: dict[tuple[str, str, str], Counter] = {}
        try:
            for descriptor in self._drm_descriptors(key.pid):
                text = read_up_to(f"{self._root}/{key.pid}/fdinfo/{descriptor}", _FDINFO_LIMIT)
                counters |= parse_fdinfo(text.decode("ascii", "replace"))
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            return {}
        return counters if still_runs(self._root, key) else {}

    def _drm_descriptors(self, pid: int) -> Iterator[str]:
        for link in islice(Path(self._root, str(pid), "fd").iterdir(), DESCRIPTORS_LIMIT):
            try:
                target = os.readlink(link)  # noqa: PTH115 - Path.readlink makes a Path of each of thousands
            except FileNotFoundError:
                continue
            if target.startswith("/dev/dri/"):
                yield link.name


def parse_fdinfo(text: str) -> dict[tuple[str, str, str], Counter]:
    """The drawing engines' counters in one fdinfo text; empty for a descriptor that is no DRM client."""
    pairs = (line.partition(":") for line in text.splitlines())
    values = {key.strip(): value.strip() for key, colon, value in pairs if colon}
    client = values.get("drm-client-id", "")
    if not client:
        return {}
    device = values.get("drm-pdev") or values.get("drm-driver", "")
    counters: dict[tuple[str, str, str], Counter] = {}
    for key, value in values.items():
        engine = key.removeprefix("drm-engine-")
        if engine != key and not engine.startswith("capacity-") and not _NOT_DRAWING.search(engine):
            capacity = _number(values.get(f"drm-engine-capacity-{engine}")) or 1
            counters[device, client, engine] = Counter(_number(value), None, capacity)
    for key, value in values.items():
        engine = key.removeprefix("drm-cycles-")
        total = values.get(f"drm-total-cycles-{engine}")
        if engine != key and total is not None and not _NOT_DRAWING.search(engine):
            capacity = _number(values.get(f"drm-engine-capacity-{engine}")) or 1
            counters[device, client, engine] = Counter(_number(value), _number(total), capacity)
    return counters


def busy_share(first: Counters, second: Counters, seconds: float) -> float:
    """Share of the busiest engine's time between two readings, 0 to 1, its clients added up."""
    shares: dict[tuple[str, str], float] = {}
    for (device, client, engine), after in second.items():
        before = first.get((device, client, engine))
        if before is None:
            continue
        whole = seconds * 1e9 if after.total is None else float(after.total - (before.total or 0))
        if whole > 0 and after.used > before.used:
            share = (after.used - before.used) / (whole * after.capacity)
            shares[device, engine] = shares.get((device, engine), 0.0) + share
    return min(1.0, max(shares.values(), default=0.0))


def _number(text: str | None) -> int:
    """The leading integer of a value such as ``123 ns``; 0 where there is none."""
    digits = re.match(r"\d{1,20}", text or "")
    return int(digits[0]) if digits else 0

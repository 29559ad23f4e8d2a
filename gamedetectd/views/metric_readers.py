"""How each kind of metric is read from a daemon's numbers, for the table of metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gamedetectd.domain import Session
from gamedetectd.observability.histogram import Distribution
from gamedetectd.platforms.resources import Resources
from gamedetectd.views.metrics import Readings, Series

MOST_TITLES = 20
"""Sessions that get series of their own where titles are asked for."""
LONGEST_TITLE = 120
"""Characters of a title in a label."""


def one(read: Callable[[Readings], float | Distribution | None]) -> Callable[[Readings], Series]:
    """A metric without labels."""
    return lambda readings: [((), read(readings))]


def counter(name: str) -> Callable[[Readings], Series]:
    """One of the snapshot's counters; not there where that part does not run."""
    return one(lambda readings: readings.counters.get(name))


def own(read: Callable[[Resources], float | None]) -> Callable[[Readings], Series]:
    """A number of the resources."""
    return one(lambda readings: None if readings.resources is None else read(readings.resources))


def by_key(read: Callable[[Readings], Mapping[str, float | Distribution]]) -> Callable[[Readings], Series]:
    """A metric with one label, whose values are the keys."""
    return lambda readings: [((key,), value) for key, value in sorted(read(readings).items())]


def build(readings: Readings) -> Series:
    """What this is."""
    return [((readings.version, readings.python, readings.system), 1.0)]


def conditions(readings: Readings) -> Series:
    """Every condition there is, whether it stands or not: what is not there could not be told from what is well."""
    there = {condition.code for condition in readings.conditions}
    return [((code, severity), float(code in there)) for code, severity in readings.declared.items()]


def overall(readings: Readings) -> Series:
    """All states, one of which it is in."""
    return [((state,), float(state == readings.overall)) for state in ("healthy", "degraded", "unhealthy")]


def answers(readings: Readings) -> Series:
    """HTTP's answers by path and status."""
    return [((path, str(code)), count) for (path, code), count in sorted(readings.answers.items())]


def pressure(readings: Readings) -> Series:
    """What something waited for."""
    own = readings.resources
    if own is None:
        return []
    return [(("cpu",), own.cpu_pressure), (("memory",), own.memory_pressure), (("io",), own.io_pressure)]


def load(place: int) -> Callable[[Readings], Series]:
    """One of the three averages."""
    return own(lambda own: None if own.system_load is None else own.system_load[place])


def played(read: Callable[[Session], float]) -> Callable[[Readings], Series]:
    """A number of each running session, under its title; nothing where titles are not asked for."""

    def series(readings: Readings) -> Series:
        show = readings.titles
        if show is None:
            return []
        shown = readings.sessions[:MOST_TITLES]
        return [((one.id, _text(one.game.id), _text(show(one.game.title))), read(one)) for one in shown]

    return series


def _text(text: str) -> str:
    """What a label can hold: bytes of a file name that are no text become visible escapes."""
    return text[:LONGEST_TITLE].encode(errors="backslashreplace").decode()

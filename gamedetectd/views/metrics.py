"""What metrics are made of: the numbers they are read from, and what they are when read. The table is ``metric_table``.

Nothing here needs a library; ``exposition`` makes text of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from gamedetectd.domain import ActiveCondition, Session
from gamedetectd.observability.histogram import Distribution
from gamedetectd.platforms.resources import Resources
from gamedetectd.worker import WorkerStatus

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One series. Of a histogram ``value`` is the count, ``buckets`` are bounds with how many lie at or below each."""

    labels: dict[str, str]
    value: float
    sum: float | None = None
    buckets: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """One metric with its series, as of one moment."""

    name: str
    type: Kind
    help: str
    samples: tuple[Sample, ...]


class SourceBooks(Protocol):
    """What is read of one source of facts."""

    @property
    def asked(self) -> int: ...
    @property
    def failed(self) -> int: ...


class SinkBooks(Protocol):
    """What is read of one sink; ``failing_since`` is None while all is well."""

    @property
    def backlog(self) -> int: ...
    @property
    def failing_since(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Readings:
    """What the metrics are read from: every room's numbers at one moment. ``app`` brings them together.

    ``counters`` are the snapshot's. ``declared`` is every condition there is, with its severity. ``started``, ``ended``
    (by how it ended) and ``detected`` (by the kind of evidence that weighed most) count sessions since the start.
    ``answers`` counts HTTP's by path and status, ``refusals`` by reason. ``resources`` is None where the system does
    not tell. Distributions are of seconds.
    """

    version: str
    python: str
    system: str
    started_at: float
    sessions: tuple[Session, ...]
    paused: bool
    counters: Mapping[str, float]
    started: int
    ended: Mapping[str, int]
    detected: Mapping[str, int]
    latency: Distribution
    decisions: Distribution
    commits: Distribution
    facts_waiting: int
    facts: Mapping[str, SourceBooks]
    gathering: Mapping[str, Distribution]
    sinks: Mapping[str, SinkBooks]
    deliveries: Mapping[str, Distribution]
    workers: tuple[WorkerStatus, ...]
    conditions: tuple[ActiveCondition, ...]
    declared: Mapping[str, str]
    overall: str
    installed_games: int
    resources: Resources | None
    answers: Mapping[tuple[str, int], int] = field(default_factory=dict)
    refusals: Mapping[str, int] = field(default_factory=dict)
    titles: Callable[[str], str] | None = None
    """Makes a title fit to be shown; None where titles are not asked for."""


Series = Iterable[tuple[tuple[str, ...], "float | Distribution | None"]]
"""Values of the labels, and the value; None for what is not known."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table."""

    name: str
    kind: Kind
    help: str
    read: Callable[[Readings], Series]
    labels: tuple[str, ...] = ()

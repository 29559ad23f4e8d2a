"""The numbers of a running daemon as other programs read them. Fields are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec


class MetricSampleRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One series. Of a histogram ``value`` is the count, and ``buckets`` are upper bounds, each with how many lie at or
    below it.
    """

    labels: dict[str, str]
    value: float
    sum: float | None = None
    buckets: tuple[tuple[float, int], ...] = ()


class MetricRow(msgspec.Struct, frozen=True):
    """One metric as Prometheus names it; its unit is the name's end: seconds, bytes, a ratio of 0 to 1, or a number."""

    name: str
    type: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[MetricSampleRow, ...]


class MetricsRow(msgspec.Struct, frozen=True):
    """Every metric, as of ``at`` (RFC 3339)."""

    version: str
    at: str
    metrics: tuple[MetricRow, ...]


def metrics_row(version: str, at: str, families: Iterable[object]) -> MetricsRow:
    """``families`` have the fields of a ``MetricRow``, such as ``views.metrics.Family`` has."""
    return MetricsRow(version, at, msgspec.convert(tuple(families), tuple[MetricRow, ...], from_attributes=True))

"""Metrics as the text that Prometheus reads, and as a file for node_exporter's textfile collector.

The one place where ``prometheus_client`` is imported: by whoever shows metrics, never by a daemon that does not.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as PrometheusFamily
from prometheus_client.registry import Collector, CollectorRegistry

from gamedetectd.errors import TextfileError
from gamedetectd.views.metrics import Family

PLAIN = "text/plain; version=0.0.4"
"""The format of who does not say what it understands: the oldest, which all do."""
FORMATS = {
    ("application/openmetrics-text", "1.0.0"): "application/openmetrics-text; version=1.0.0",
    ("application/openmetrics-text", ""): "application/openmetrics-text; version=1.0.0",
    ("text/plain", "1.0.0"): "text/plain; version=1.0.0",
}
"""Newer ones, by media type and version."""
INFINITY = "+Inf"


class _Families(Collector):
    """Hands over what was read before: a scrape reads nothing itself."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[PrometheusFamily]:
        return map(_prometheus, self._families)


def expose(families: Iterable[Family], accept: str = PLAIN) -> tuple[str, bytes]:
    """The content type and the text, in the first format of those that a reader's ``accept`` names and we know."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families(tuple(families)))
    encode, kind = choose_encoder(_format(accept))  # which stumbles over a version that is no number
    return kind, encode(registry)


def _format(accept: str) -> str:
    for wanted in accept.split(","):
        kind, *parameters = (part.strip().lower() for part in wanted.split(";"))
        versions = [one.removeprefix("version=") for one in parameters if one.startswith("version=")]
        if (known := FORMATS.get((kind, versions[0] if versions else ""))) is not None:
            return known
    return PLAIN


def _prometheus(family: Family) -> PrometheusFamily:
    """As the library has it."""
    names = list(family.samples[0].labels)
    if family.type == "histogram":
        histogram = HistogramMetricFamily(family.name, family.help, labels=names)
        for one in family.samples:
            buckets = [(_bound(bound), float(count)) for bound, count in one.buckets]
            histogram.add_metric(list(one.labels.values()), [*buckets, (INFINITY, one.value)], one.sum)
        return histogram
    kind = CounterMetricFamily if family.type == "counter" else GaugeMetricFamily
    plain = kind(family.name, family.help, labels=names)
    for one in family.samples:
        plain.add_metric(list(one.labels.values()), one.value)
    return plain


def _bound(bound: float) -> str:
    return str(float(bound))


def write_textfile(path: Path, families: Iterable[Family], *, public: bool) -> None:
    """Replace ``path`` by the metrics as they are: whoever reads it finds the old or the new, never half of one.

    For this account alone, or for everybody's eyes where ``public``. node_exporter has ``process_`` metrics of its own
    and refuses a second kind, so ours begin with ``gamedetectd_`` there. Raises TextfileError.
    """
    _, text = expose([replace(one, name=_apart(one.name)) for one in families])
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # it does not end in .prom: nobody reads it
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(temporary, flags, 0o600)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                file.write(text)
                if public and sys.platform != "win32":
                    os.fchmod(descriptor, 0o644)  # whatever the umask says
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise TextfileError(
            f"{path} cannot be written ({error.strerror or error}).",
            "Make its directory, writable for you, or set another one: gamedetectd config set metrics.textfile FILE",
        ) from error


def remove_textfile(path: Path) -> None:
    """Numbers of a daemon that no longer runs are worse than none. Raises TextfileError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TextfileError(f"{path} cannot be removed ({error.strerror}).", "Remove it.") from error


def _apart(name: str) -> str:
    return name if name.startswith("gamedetectd_") else f"gamedetectd_{name}"

"""``gamedetectd metrics``: the daemon's numbers as monitoring reads them, or as a person does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.control.metrics_shapes import MetricRow, MetricSampleRow, MetricsRow

AS_TEXT = typer.Option("--text", help="Print Prometheus' format also on a terminal.")
WHERE = typer.Option("--url", help="Print where they are to be read over HTTP, and how.")


def metrics(
    as_json: AsJson = False,
    as_text: Annotated[bool, AS_TEXT] = False,
    url: Annotated[bool, WHERE] = False,
) -> None:
    """Print the daemon's numbers: a table on a terminal, Prometheus' text format elsewhere.

    Exit code 4 if it does not run.

    - `gamedetectd metrics`
    - `gamedetectd metrics | promtool check metrics`
    - `gamedetectd metrics --json | jq '.metrics[] | select(.name == "gamedetectd_sessions_open")'`
    - `gamedetectd metrics --url`
    """
    if as_json + as_text + url > 1:
        raise typer.BadParameter("Choose one of --json, --text and --url.")
    if url:
        _print_where()
        return
    row = _ask()
    if as_json:
        print_json(row)
    elif as_text or not sys.stdout.isatty():
        _print_text(row)
    else:
        _print_table(row)


def _ask() -> MetricsRow:
    import msgspec

    from gamedetectd.control.client import Client
    from gamedetectd.control.metrics_shapes import MetricsRow
    from gamedetectd.paths import Paths

    return msgspec.convert(Client(Paths.resolve()).request("metrics"), MetricsRow)


def _print_text(row: MetricsRow) -> None:
    import msgspec

    from gamedetectd.views.exposition import expose
    from gamedetectd.views.metrics import Family

    _, text = expose(msgspec.convert(row.metrics, tuple[Family, ...], from_attributes=True))
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def _print_table(row: MetricsRow) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("metric")
    table.add_column("labels")
    table.add_column("value", justify="right")
    for metric in row.metrics:
        rows = [(_labels(sample), _value(metric, sample)) for sample in _worth_showing(metric)]
        for number, (labels, value) in enumerate(rows or [("", "0")]):
            table.add_row("" if number else metric.name, plain(labels), value)
    console().print(table)


def _labels(sample: MetricSampleRow) -> str:
    return ", ".join(f"{key}={value}" for key, value in sample.labels.items())


def _worth_showing(metric: MetricRow) -> list[MetricSampleRow]:
    """Without what never happened and is not so. Of other gauges a 0 says something: that a part does not run."""
    if metric.type == "gauge" and not metric.name.startswith("gamedetectd_health"):
        return list(metric.samples)
    return [sample for sample in metric.samples if sample.value]


def _value(metric: MetricRow, sample: MetricSampleRow) -> str:
    """A number in the unit of its name, as people read it; a distribution as its count, its mean and its tail."""
    if metric.type == "histogram":
        if not sample.value:
            return "0"
        return f"{sample.value:,.0f} × {_seconds((sample.sum or 0.0) / sample.value)}, 95 % ≤ {_tail(sample)}"
    if metric.name.endswith("_bytes"):
        return f"{sample.value / 1e6:,.1f} MB"
    if metric.name.endswith("_start_time_seconds"):
        from gamedetectd.cli.output import local
        from gamedetectd.control.shapes import rfc3339

        return local(rfc3339(sample.value))
    if metric.name.endswith(("_seconds", "_seconds_total")):
        return _seconds(sample.value)
    return f"{sample.value:,.0f}" if sample.value == int(sample.value) else f"{sample.value:,.3f}"


def _tail(sample: MetricSampleRow) -> str:
    wanted = 0.95 * sample.value
    return next((_seconds(bound) for bound, count in sample.buckets if count >= wanted), "?")


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if 0 < seconds < 1 else f"{seconds:,.1f} s"


def _print_where() -> None:
    """Where HTTP answers. The token is named by its file: in a command line everybody could read it."""
    from gamedetectd.config import load
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    settings = load(paths).http
    host = "[::1]" if settings.listen == "ipv6" else "127.0.0.1"
    place = f"http://{host}:{settings.port}"
    for line in _where(place, str(paths.http_token_file), on=settings.enabled):
        typer.echo(line)


def _where(place: str, token_file: str, *, on: bool) -> Iterator[str]:
    import shlex

    if not on:
        yield "HTTP is off. Switch it on with: gamedetectd config set http.enabled true"
    yield f"metrics    {place}/metrics"
    yield f"status     {place}/api/v1/status"
    yield f"ready      {place}/readyz"
    yield f"alive      {place}/healthz (needs no token)"
    yield f"token      {token_file}"
    yield ""
    if sys.platform == "win32":
        yield "In PowerShell:"
        quoted = token_file.replace("'", "''")
        yield f"  Invoke-RestMethod {place}/metrics -Headers @{{Authorization = 'Bearer ' + (Get-Content '{quoted}')}}"
        return
    yield "With curl, the token out of everybody's sight:"
    quoted = shlex.quote(token_file)
    yield f'  printf \'header = "Authorization: Bearer %s"\' "$(cat {quoted})" | curl --config - {place}/metrics'

"""How ``status`` looks: what is played, what is wrong and what mends it; with ``--verbose`` each part of the daemon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from gamedetectd.cli.output import console, counted, duration, length, local, named, plain
from gamedetectd.control.daemon_shapes import DaemonRow, ResourcesRow, SecurityRow
from gamedetectd.control.shapes import ConditionRow, HealthRow, StatusRow

COLOURS = {"healthy": "green", "degraded": "yellow", "unhealthy": "red"}
_SEVERITIES = {"error": "bold red", "warning": "bold yellow", "info": "bold"}
_STATES = {"watching": "green", "fallback": "yellow", "unsupported": "dim"}


def print_status(row: StatusRow, *, verbose: bool) -> None:
    """A daemon that runs."""
    out = console()
    if row.health is None:
        return
    colour = COLOURS[row.health.overall]
    since = f", for {duration(row.daemon.uptime_seconds)}" if row.daemon is not None else ""
    out.print(f"gamedetectd {row.version} runs and is [{colour}]{row.health.overall}[/]{since}.")
    _print_sessions(out, row)
    if row.daemon is not None and row.daemon.yielding:
        out.print(f"[yellow]{plain(row.daemon.yielding)}[/]", soft_wrap=True)
    _print_conditions(out, row.health, verbose=verbose)
    if row.daemon is not None and verbose:
        _print_parts(out, row.daemon, row.counters)
    elif row.daemon is not None:
        out.print(f"[dim]{_summary(row.daemon)}[/]", soft_wrap=True)


def _print_sessions(out: Console, row: StatusRow) -> None:
    if row.paused:
        until = "until you resume it" if row.paused_until is None else f"until {local(row.paused_until)}"
        out.print(f"[yellow]Paused[/] {until}.")
    for session in row.sessions:
        played = duration(length(session.started_at, None).total_seconds())
        focus = duration(session.foreground_seconds)
        out.print(
            f"{named(session.game)} for {played}, {focus} in the foreground [dim](since {local(session.started_at)})[/]"
        )
    if not row.sessions and not row.paused:
        out.print("No game is being played.")


def _print_conditions(out: Console, health: HealthRow, *, verbose: bool) -> None:
    """Everything that costs something; what only should be known is counted, or told with ``--verbose``."""
    notes = [one for one in health.conditions if one.severity == "info"]
    for one in health.conditions:
        if verbose or one.severity != "info":
            _print_condition(out, one)
    if notes and not verbose:
        titles = dict.fromkeys(one.title for one in notes)
        out.print(
            f"[dim]{counted(len(notes), 'note')}: {plain('; '.join(titles))}. See: status --verbose[/]", soft_wrap=True
        )


def _print_condition(out: Console, one: ConditionRow) -> None:
    head = f"[{_SEVERITIES[one.severity]}]{one.severity}[/] {plain(one.title)}"
    out.print(f"{head}: {plain(one.message)}", soft_wrap=True)
    out.print(f"  [cyan]{plain(one.remedy)}[/]", soft_wrap=True)


def _summary(daemon: DaemonRow) -> str:
    """One line of everything that is well."""
    watching = sum(sensor.state in ("watching", "fallback") for sensor in daemon.sensors)
    parts = [f"{watching} of {len(daemon.sensors)} sensors watch"]
    if (waiting := sum(sink.backlog for sink in daemon.sinks)) > 0:
        parts.append(f"{counted(waiting, 'event')} wait for delivery")
    if daemon.resources is not None:
        parts += [_cpu(daemon.resources), f"{daemon.resources.rss_bytes / 1e6:.0f} MB"]
    if daemon.last_backup is not None:
        parts.append(f"history backed up {local(daemon.last_backup)}")
    return plain("; ".join(parts) + ".")


def _cpu(used: ResourcesRow) -> str:
    share = "" if used.cpu_share is None else f", {used.cpu_share:.2%} of a core now"
    return f"{used.cpu_seconds:.1f} s of CPU{share}"


# --- every part ---


def _print_parts(out: Console, daemon: DaemonRow, counters: dict[str, float]) -> None:
    _table(
        out,
        "Sensors",
        ("", "", "From", "Restarts", "Busy", ""),
        [
            (
                sensor.name.replace("_", " "),
                f"[{_STATES.get(sensor.state, 'red')}]{sensor.state}[/]",
                plain(sensor.source),
                str(sensor.restarts or ""),
                _busy(sensor.busy_seconds),
                f"[dim]{plain(sensor.reason or '')}[/]",
            )
            for sensor in daemon.sensors
        ],
    )
    _table(
        out,
        "Sinks",
        ("", "Delivered", "Waiting", "Failing since", ""),
        [
            (sink.name, f"{sink.delivered:,}", f"{sink.backlog:,}", _since(sink.failing_since), plain(sink.error or ""))
            for sink in daemon.sinks
        ],
    )
    _table(
        out,
        "Workers",
        ("", "", "Restarts", "Busy", ""),
        [
            (
                worker.name,
                worker.state,
                str(worker.restarts or ""),
                _busy(worker.busy_seconds),
                plain(worker.error or ""),
            )
            for worker in daemon.workers
        ],
    )
    _table(out, "Resources", (), _resources(daemon.resources) if daemon.resources is not None else [])
    _table(out, "Kept", (), [("last backup of the history", local(daemon.last_backup)), *_security(daemon.security)])
    _table(out, "Counters", (), [(plain(name), f"{value:,.10g}") for name, value in counters.items()])


def _table(out: Console, title: str, headings: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 1), show_header=any(headings), header_style="dim")
    found = list(rows)
    for number in range(max(map(len, found), default=0)):
        table.add_column(headings[number] if headings else "", overflow="fold")
    for row in found:
        table.add_row(*row)
    if found:
        out.print(f"[bold cyan]{title}[/]")
        out.print(table)


def _resources(used: ResourcesRow) -> list[tuple[str, str]]:
    files = f"{used.open_files}" + (f" of {used.open_files_limit:,}" if used.open_files_limit else "")
    free, whole = used.system_memory_available_bytes / 1e9, used.system_memory_bytes / 1e9
    share = (
        "" if used.system_cpu_share is None else f"{used.system_cpu_share:.0%} of {counted(used.system_cpus, 'core')}"
    )
    load = "" if used.system_load is None else ", ".join(f"{each:.2f}" for each in used.system_load)
    pressures = (("CPU", used.cpu_pressure), ("memory", used.memory_pressure), ("disk", used.io_pressure))
    waits = ", ".join(f"{name} {value:.0%}" for name, value in pressures if value is not None)
    rows = [
        ("this process", _cpu(used)),
        ("memory", f"{used.rss_bytes / 1e6:.1f} MB"),
        ("open files", files),
        ("threads", str(used.threads)),
        ("the machine", share or f"{counted(used.system_cpus, 'core')}"),
        ("its load", load),
        ("its memory", f"{free:.1f} GB of {whole:.1f} GB available"),
        ("waiting, last minute", waits),
    ]
    return [row for row in rows if row[1]]


def _security(row: SecurityRow | None) -> list[tuple[str, str]]:
    if row is None:
        return []
    audit = "sealed by its key" if row.audit == "sealed" else "chained, not sealed by a key"
    told = {"auto": "the keyring, or a file without one", "keyring": "the keyring", "file": "an encrypted file"}
    return [
        ("new secrets", told.get(row.secrets, row.secrets)),
        ("secrets", f"[yellow]{plain(row.problem)}[/]" if row.problem else "nothing is wrong"),
        ("audit trail", f"[red]{plain(row.audit_problem)}[/]" if row.audit_problem else audit),
    ]


def _busy(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds else ""


def _since(moment: str | None) -> str:
    return "" if moment is None else local(moment)

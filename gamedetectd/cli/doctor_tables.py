"""How ``doctor`` looks on a terminal: a table for each thing looked at, and last what is wrong, where it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from gamedetectd.cli.output import console, counted, local, plain
from gamedetectd.control.doctor_shapes import CapabilityRow, DoctorRow, FindingRow, PlaceRow

COLOURS = {"healthy": "green", "degraded": "yellow", "unhealthy": "red"}
SEVERITIES = {"error": "bold red", "warning": "bold yellow", "info": "bold"}
_STATES = {"used": "green", "available": "green", "fallback": "yellow", "unsupported": "dim", "off": "dim"}
_DAEMON = {"running": "runs", "hung": "runs and does not answer", "died": "is gone", "not-running": "does not run"}


def print_doctor(row: DoctorRow) -> None:
    """Everything, in the order in which one would look oneself."""
    out = console()
    _table(out, "System", _system(row))
    _table(out, "Places", (_place(place) for place in row.places), "", "Path", "Mode", "Owner", "Size", "Free", "")
    _table(out, "What this system can do", (_capability(one) for one in row.capabilities), "", "By", "", "Tried", "")
    _table(out, "Settings that are no defaults", _settings(row), "Setting", "Value", "From")
    _table(out, "Kept", _kept(row))
    _table(out, "Logging", ((plain(line),) for line in row.logging_tree))
    _findings(out, row.findings)
    colour = COLOURS[row.overall]
    found = counted(sum(one.severity != "info" for one in row.findings), "problem")
    out.print(
        f"gamedetectd {row.version} is [bold {colour}]{row.overall}[/]: {found}. The daemon {_DAEMON[row.daemon]}."
        f" [dim]{row.seconds:.1f} s[/]"
    )


def _table(out: Console, title: str, rows: Iterable[tuple[str, ...]], *headings: str) -> None:
    """One section; nothing where it has no rows."""
    table = Table(box=None, padding=(0, 2, 0, 1), show_header=any(headings), header_style="dim")
    found = list(rows)
    for number in range(max(map(len, found), default=0)):
        table.add_column(headings[number] if headings else "", overflow="fold")
    for row in found:
        table.add_row(*row)
    if found:
        out.print(f"[bold cyan]{title}[/]")
        out.print(table)
        out.print()


def _system(row: DoctorRow) -> Iterator[tuple[str, ...]]:
    for name, value in row.system.items():
        yield name, plain(value)
    missing = [part for part in row.parts if part.problem is not None]
    there = ", ".join(f"{part.name} {part.version or '?'}" for part in row.parts if part.problem is None)
    yield "parts", plain(there)
    if missing:
        yield "missing", f"[red]{plain(', '.join(part.name for part in missing))}[/]"


def _place(place: PlaceRow) -> tuple[str, ...]:
    size = "" if place.bytes is None else f"{place.bytes:,}"
    a_file = place.bytes is not None or "file" in place.name
    free = "" if place.free_bytes is None or a_file else f"{place.free_bytes / 1e9:.1f} GB"
    state = "[red]![/]" if place.problem else "" if place.exists else "[dim]not there yet[/]"
    return place.name, plain(place.path), place.mode or "", place.owner or "", size, free, state


def _capability(one: CapabilityRow) -> tuple[str, ...]:
    state = f"[{_STATES[one.state]}]{one.state}[/]"
    return one.purpose.replace("_", " "), plain(one.mechanism), state, one.verified, f"[dim]{plain(one.detail)}[/]"


def _settings(row: DoctorRow) -> Iterator[tuple[str, ...]]:
    for one in row.settings:
        if one.origin != "default":
            value = counted(one.value, "pattern") if one.hidden else str(one.value)
            yield plain(one.option), plain(value), plain(one.origin)


def _kept(row: DoctorRow) -> Iterator[tuple[str, ...]]:
    history = row.history
    if history is not None and history.exists:
        sound = {True: "sound", False: "[red]damaged[/]", None: "[red]not readable[/]"}[history.sound]
        yield "history", f"{sound}, {counted(history.sessions or 0, 'session')}, version {history.version or '?'}"
        newest = history.backups[0] if history.backups else None
        copies = counted(len(history.backups), "backup")
        yield "backups", f"{copies}, the newest of {local(newest.made_at)}" if newest else "none yet"
    elif history is not None:
        yield "history", "none yet"
    if row.rules is not None:
        yield "your rules", str(row.rules)
    for one in row.catalogue:
        yield f"list {plain(one.name)}", f"{counted(one.games, 'title')} [dim]{plain(one.detail)}[/]"
    stores = [one for one in row.library if one.games]
    held = ", ".join(f"{one.name} {one.games}" for one in stores)
    yield "stores", f"{counted(sum(one.games for one in stores), 'installed game')} [dim]{plain(held)}[/]"
    if row.secrets is not None:
        kept = "" if row.secrets.kept is None else f", {counted(row.secrets.kept, 'secret')}"
        problem = f" [dim]{plain(row.secrets.problem)}[/]" if row.secrets.problem else ""
        yield "secrets", f"{plain(row.secrets.store)}{kept}{problem}"


def _findings(out: Console, findings: Iterable[FindingRow]) -> None:
    for one in findings:
        out.print(f"[{SEVERITIES[one.severity]}]{one.severity}[/] [bold]{plain(one.title)}[/]", soft_wrap=True)
        out.print(f"  {plain(one.message)}", soft_wrap=True)
        out.print(f"  [cyan]{plain(one.remedy)}[/]", soft_wrap=True)
    out.print()

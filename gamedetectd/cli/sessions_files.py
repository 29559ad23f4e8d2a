"""``gamedetectd sessions export`` and ``import``: the history for other programs, and theirs for the history."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import ACTS_IN_JSON, console, counted, duration, leave_stores_out, plain
from gamedetectd.cli.sessions_choice import OfGame, Since, wanted

if TYPE_CHECKING:
    from gamedetectd.app.imports.found import Found
    from gamedetectd.paths import Paths
    from gamedetectd.sessions.importing import Standing


def export(
    form: Annotated[
        str, typer.Option("--format", metavar="csv|json|ics", help="A spreadsheet, JSON, or a calendar.")
    ] = "csv",
    since: Since = None,
    game: OfGame = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here; else to standard output.")
    ] = None,
) -> None:
    """Every session for another program, the newest first: all there are, unless you choose.

    A calendar gets one event a session. Importing the same file into a calendar again doubles nothing.

    - `gamedetectd sessions export --format ics -o played.ics`
    - `gamedetectd sessions export --since 2026-01-01 > this-year.csv`
    - `gamedetectd sessions export --format json | jq -r '.[].game.title' | sort | uniq -c`
    """
    from gamedetectd.app.history_export import FORMS
    from gamedetectd.app.history_export import export as pieces_of
    from gamedetectd.cli.progress import Bar
    from gamedetectd.paths import Paths

    if form not in FORMS:
        raise typer.BadParameter(f"There is no format {form!r}. Formats: {', '.join(FORMS)}.", param_hint="--format")
    pieces = pieces_of(Paths.resolve().history_file, form, wanted(since, game))
    written = 0
    with _opened(output) as file, Bar("Exporting sessions") as bar:
        for piece in _harmless(pieces) if form == "json" else pieces:
            file.write(piece)
            written += len(piece)
            bar.show(written, 0)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What another program exported, or Steam's own file.")],
    source: Annotated[
        str, typer.Option("--from", metavar="activitywatch|playnite|steam", help="Whose it is; else found out.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be imported.")] = False,
) -> None:
    """Take over what other programs recorded. Importing a file twice changes nothing.

    From ActivityWatch (Raw Data, Export all buckets as JSON) come sessions: its windows are judged as ours are.
    Playnite (its library as JSON, made by an export add-on) and Steam (`localconfig.vdf`) only counted: their play
    times are kept apart from sessions, and only what goes beyond our own sessions adds to a game's total.

    - `gamedetectd sessions import aw-buckets-export.json --dry-run`
    - `gamedetectd sessions import aw-buckets-export.json`
    - `gamedetectd sessions import ~/.local/share/Steam/userdata/1234567/config/localconfig.vdf`
    - `gamedetectd sessions import library.json --from playnite`
    """
    from gamedetectd.app.history_changes import Changes
    from gamedetectd.app.imports.read import SOURCES
    from gamedetectd.cli.progress import Bar
    from gamedetectd.paths import Paths

    if source and source not in SOURCES:
        raise typer.BadParameter(f"There is no source {source!r}. Sources: {', '.join(SOURCES)}.", param_hint="--from")
    paths = Paths.resolve()
    found = _found(paths, file, source)
    rows = _planned(paths, found)
    if not dry_run:
        with Bar("Importing") as bar:
            Changes(paths).take_in(found.source, found.sessions, found.times, bar.show)
    _print_rows(rows, found)
    console().print("[dim]Nothing was written.[/]" if dry_run else "[dim]The history has it now.[/]")


# --- writing ----------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a new file that takes its name when it is whole. Raises ExportError."""
    from gamedetectd.errors import ExportError

    if output is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    fresh = output.with_name(f"{output.name}.new")
    try:
        with fresh.open("wb") as file:
            yield file
        fresh.replace(output)
    except OSError as error:
        raise ExportError(
            f"{output} cannot be written: {error.strerror or error}.", "Give a file in a directory of yours."
        ) from error
    finally:
        if fresh.is_file():
            fresh.unlink(missing_ok=True)


def _harmless(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """JSON with nothing in it that acts on a terminal."""
    for piece in pieces:
        yield ACTS_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", piece.decode()).encode()


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """What an import brings of one game."""

    title: str
    sessions: int
    seconds: float
    standings: Counter[Standing]


def _found(paths: Paths, file: Path, source: str) -> Found:
    from gamedetectd.app.imports.read import read
    from gamedetectd.app.machine import this_machine
    from gamedetectd.cli.progress import Bar
    from gamedetectd.config import load, load_rules
    from gamedetectd.errors import NotFoundError
    from gamedetectd.sessions.reader import HistoryReader

    leave_stores_out()
    rules, problems = load_rules(paths.rules_file)
    for problem in problems:
        typer.echo(str(problem), err=True)
    try:
        with HistoryReader.open(paths.history_file) as history:
            played = [total.game for total in history.totals()]
    except NotFoundError:
        played = []
    with Bar(f"Reading {file.name}") as bar:
        return read(file, source, lambda: this_machine(paths, load(paths)), rules, played, bar.show)


def _planned(paths: Paths, found: Found) -> list[_Row]:
    """What becomes of what was found, per game, the longest first."""
    from gamedetectd.errors import NotFoundError
    from gamedetectd.sessions.importing import Plan, Standing

    try:
        with Plan.open(paths.history_file) as plan:
            of_sessions = plan.standings(found.source, found.sessions)
            of_times = plan.standings_of_times(found.times)
    except NotFoundError:
        of_sessions, of_times = [Standing.NEW] * len(found.sessions), [Standing.NEW] * len(found.times)
    rows: dict[str, _Row] = {}
    for session, standing in zip(found.sessions, of_sessions, strict=True):
        _count(rows, session.game.id, session.game.title, 1, session.foreground_seconds, standing)
    for time, standing in zip(found.times, of_times, strict=True):
        _count(rows, time.game_id, time.title, 0, time.seconds, standing)
    return sorted(rows.values(), key=lambda row: -row.seconds)


def _count(rows: dict[str, _Row], game_id: str, title: str, sessions: int, seconds: float, standing: Standing) -> None:
    row = rows.get(game_id, _Row(title, 0, 0.0, Counter()))
    rows[game_id] = _Row(row.title, row.sessions + sessions, row.seconds + seconds, row.standings + Counter([standing]))


def _print_rows(rows: Sequence[_Row], found: Found) -> None:
    from rich.table import Table

    out = console()
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, justify in (("Game", "left"), ("Sessions", "right"), ("Played", "right"), ("", "left")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        sessions = f"{row.sessions:,}" if row.sessions else "[dim]-[/]"
        table.add_row(f"[bold]{plain(row.title)}[/]", sessions, duration(row.seconds), f"[dim]{_standing(row)}[/]")
    if rows:
        out.print(table)
    what = "session" if found.sessions else "play time"
    whole = sum(row.seconds for row in rows)
    out.print(f"{counted(sum(row.standings.total() for row in rows), what)} of {counted(len(rows), 'game')}, "
              f"{duration(whole)} in all.")  # fmt: skip
    for sentence in found.passed_over:
        out.print(f"[dim]Left out: {plain(sentence)}[/]")


_SAID: dict[str, Callable[[int], str]] = {
    "new": lambda number: f"{number:,} new",
    "changed": lambda number: f"{number:,} with more than before",
    "known": lambda number: f"{number:,} there already",
    "taken": lambda number: f"{number:,} at times that are taken",
}


def _standing(row: _Row) -> str:
    return ", ".join(_SAID[kind](number) for kind, number in sorted(row.standings.items()))

"""``judge``: facts in, verdicts out, line by line; nothing of this machine is looked at."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

if TYPE_CHECKING:
    from gamedetectd.domain import Facts

Completed = Callable[["Facts"], "Facts"]
"""Adds to facts what the catalogue knows."""

PART_WAS_BAD = 3
"""Exit code where some lines could not be read and the rest was judged."""


def judge(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Facts, one JSON object a line; - for standard input.")],
    catalogue: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Known games besides the built-in ones: Ludusavi's manifest, Discord's list, or an index made of one.",
        ),
    ] = None,
) -> None:
    """Judge programs by their facts. Uses nothing of this machine.

    Writes one JSON object for each line, in the same order: id, is_game, game, probability, evidence. A line that
    cannot be understood is named on stderr and gets {"id", "error"}; the rest goes on, and the exit code is 3 then.

    - `gamedetectd judge facts.jsonl`
    - `gamedetectd judge - < facts.jsonl | jq .game.title`
    - `gamedetectd judge facts.jsonl --catalogue manifest.yaml`
    """
    with open_lines(file) as lines, knowing(catalogue) as completed:
        bad = judge_lines(lines, completed)
    if bad:
        raise typer.Exit(PART_WAS_BAD)


@contextmanager
def open_lines(file: str) -> Iterator[Iterator[tuple[int, bytes]]]:
    """The numbered lines of a file, or of standard input for ``-``; FactsError where it cannot be read."""
    from gamedetectd.cli.edge import nobody_reads
    from gamedetectd.errors import FactsError

    try:
        if file == "-":
            yield numbered(sys.stdin.buffer)
        else:
            with Path(file).open("rb") as stream:
                yield numbered(stream)
    except OSError as error:
        if nobody_reads(error):
            raise  # the caller's business
        why = error.strerror or str(error)
        raise FactsError(f"{file} cannot be read: {why}.", "Give the name of a file you may read, or -.") from error


@contextmanager
def knowing(file: Path | None) -> Iterator[Completed]:
    """What adds to facts the built-in catalogue's rows, and those of a file, which is imported for this once.

    Raises CatalogueError where the file is no catalogue.
    """
    from gamedetectd.app.known import with_catalogue

    if file is None:
        yield with_catalogue()
        return
    from gamedetectd.catalogue.importing import import_file
    from gamedetectd.catalogue.memory import builtin
    from gamedetectd.catalogue.room import Room
    from gamedetectd.cli.progress import Bar

    with tempfile.TemporaryDirectory(prefix="gamedetectd-") as scratch:
        directory = Path(scratch)
        with Bar(f"Importing {file.name}") as bar:
            import_file(file, directory, progress=bar.show)
        room = Room(builtin(), directory)
        try:
            yield with_catalogue(room)
        finally:
            room.close()


def judge_lines(lines: Iterable[tuple[int, bytes]], completed: Completed) -> int:
    """Judge every line onto standard output; the number of lines that were bad."""
    from gamedetectd.cli.output import print_line
    from gamedetectd.errors import FactsError

    bad = 0
    for number, line in lines:
        try:
            row = _judged(line, completed)
        except FactsError as error:
            bad += 1
            row = {"id": _id_of(line), "error": error.cause}
            typer.echo(f"line {number}: {error.cause} {error.remedy}", err=True)
        print_line(row)
    return bad


def numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that are not blank. Of a line that is too long only enough is kept to refuse it."""
    from gamedetectd.facts.wire import LONGEST_LINE

    number = 0
    while piece := stream.readline(LONGEST_LINE + 2):
        number += 1
        line = piece
        while piece and not piece.endswith(b"\n"):
            piece = stream.readline(LONGEST_LINE)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # some editors on Windows begin a file with this mark
        if line.strip():
            yield number, line


def _judged(line: bytes, completed: Completed) -> dict[str, object]:
    from gamedetectd.detection.judge import verdict_on
    from gamedetectd.facts.format import parse, verdict_row
    from gamedetectd.facts.wire import decode

    value = decode(line)
    return verdict_row(value.get("id"), verdict_on(completed(parse(value))))


def _id_of(line: bytes) -> str | int | None:
    """The id of a line whose facts are wrong but whose JSON is not; None where it is unreadable."""
    from gamedetectd.errors import FactsError
    from gamedetectd.facts.wire import decode

    try:
        ident = decode(line).get("id")
    except FactsError:
        return None
    return ident if isinstance(ident, str | int) else None

"""``record`` and ``replay``: what happened on a machine, as a file that plays it again anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.judge import PART_WAS_BAD, open_lines
from gamedetectd.cli.output import (
    AsJson,
    console,
    counted,
    duration,
    length,
    local,
    plain,
    print_evidence,
    print_line,
)

if TYPE_CHECKING:
    from gamedetectd.control.shapes import EventRow
    from gamedetectd.domain import Facts, Observation
    from gamedetectd.facts.record import Recorder
    from gamedetectd.facts.redact import RecordingRedactor


def record(
    file: Annotated[Path, typer.Argument(help="A new file to write to; one that exists is not overwritten.")],
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="Stop by itself after so many seconds; otherwise Ctrl-C ends it.")
    ] = None,
) -> None:
    """Record what happens on this machine, with personal things taken out, for a bug report or a test.

    The file holds facts about programs and observations (processes, windows, idle, sleep) as JSON lines. Your user
    name, home directory, private titles and anything that looks like a secret are replaced; still, have a look at it
    before you give it away. It works beside a running daemon and changes nothing of yours.

    - `gamedetectd record what-happened.jsonl`
    - `gamedetectd replay what-happened.jsonl`
    """
    import getpass
    import signal
    import socket
    import tempfile

    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.machine import this_system
    from gamedetectd.config import load
    from gamedetectd.domain import Facts
    from gamedetectd.errors import FactsError
    from gamedetectd.facts.redact import RecordingRedactor
    from gamedetectd.observability.redaction import redactor
    from gamedetectd.paths import Paths

    settings = load(Paths.resolve())
    redactor().set_private_titles(settings.privacy.private_titles)
    cleaner = RecordingRedactor(redactor(), str(Path.home()), getpass.getuser(), socket.gethostname())
    full = threading.Event()
    trouble: list[OSError] = []
    with tempfile.TemporaryDirectory(prefix="gamedetectd-") as home, _new(file, cleaner) as out:

        def write(value: Facts | Observation) -> None:
            try:
                taken = not trouble and out.write(value)
            except OSError as error:
                trouble.append(error)
                taken = False
            if not taken and not full.is_set():
                full.set()
                daemon.ask_to_stop()

        daemon = Daemon(Paths.below(Path(home)), settings, record=write)
        signal.signal(signal.SIGTERM, lambda *_: daemon.ask_to_stop())
        write(Facts(id="recording", system=this_system()))
        daemon.start()
        console().print(
            f"Recording to {plain(str(file))}; {'Ctrl-C ends it.' if seconds is None else duration(seconds)}"
        )
        try:
            daemon.wait(seconds)
        except KeyboardInterrupt:
            pass
        daemon.stop()
        lines = out.lines
    if trouble:
        raise FactsError(
            f"{file} could not be written to its end: {trouble[0].strerror}.",
            f"The {lines} lines in it can be used; free some space to record more.",
        )
    console().print(f"{counted(lines, 'line')} written." + (" The file is full." if full.is_set() else ""))


def replay(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A recording, or - for standard input.")],
    as_json: AsJson = False,
) -> None:
    """Play a recording through the engine: which sessions it opens and closes, and why. Uses nothing of this machine.

    A line that cannot be understood is named on stderr and left out; the exit code is 3 then.

    - `gamedetectd replay what-happened.jsonl`
    - `gamedetectd replay --json what-happened.jsonl | jq .session.game.title`
    """
    from gamedetectd.control.shapes import event_row
    from gamedetectd.engine.replay import replay as play
    from gamedetectd.sessions.machine import Policy

    bad: list[int] = []
    with open_lines(file) as lines:
        for events in play(_values(lines, bad), Policy()):
            for event in events:
                if as_json:
                    print_line(event_row(event, str))
                else:
                    _show(event_row(event, str))
    if bad:
        raise typer.Exit(PART_WAS_BAD)


def _new(file: Path, cleaner: RecordingRedactor) -> Recorder:
    from gamedetectd.errors import FactsError
    from gamedetectd.facts.format import dump, dump_observation
    from gamedetectd.facts.record import Recorder

    try:
        return Recorder(file, cleaner, dump, dump_observation)
    except OSError as error:
        raise FactsError(f"{file} cannot be made: {error.strerror}.", "Give the name of a new file.") from error


def _values(lines: Iterable[tuple[int, bytes]], bad: list[int]) -> Iterator[Facts | Observation]:
    """Every line's value; the numbers of bad lines are added to ``bad`` and named on stderr."""
    from gamedetectd.errors import FactsError
    from gamedetectd.facts.format import parse, parse_observation
    from gamedetectd.facts.wire import decode

    for number, line in lines:
        try:
            value = decode(line)
            yield parse_observation(value) if value.get("type") == "observation" else parse(value)
        except FactsError as error:
            bad.append(number)
            typer.echo(f"line {number}: {error.cause} {error.remedy}", err=True)


def _show(row: EventRow) -> None:
    lasted = duration(length(row.session.started_at, row.session.ended_at or row.at).total_seconds())
    console().print(f"{local(row.at)}  {row.kind:9}  [bold]{plain(row.session.game.title)}[/]  {lasted}")
    if row.kind == "started":
        print_evidence(row.session.evidence)

"""``record`` and ``replay``: what happened on a machine, as a file that plays it again anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
    from gamedetectd.config.sections import Privacy
    from gamedetectd.control.shapes import EventRow
    from gamedetectd.domain import Facts, Observation
    from gamedetectd.facts.record import Recorder
    from gamedetectd.facts.redact import RecordingRedactor
    from gamedetectd.paths import Paths


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
    import tempfile

    from gamedetectd.config import load
    from gamedetectd.errors import FactsError
    from gamedetectd.observability.redaction import redactor
    from gamedetectd.paths import Paths

    privacy = load(Paths.resolve()).privacy
    redactor().set_private_titles(privacy.private_titles)
    with tempfile.TemporaryDirectory(prefix="gamedetectd-") as home, _new(file, cleaner()) as out:
        tape = _Tape(out)
        _run(tape, _home_of_its_own(Path(home), privacy), file, seconds)
        lines = out.lines
    if tape.trouble is not None:
        raise FactsError(
            f"{file} could not be written to its end: {tape.trouble.strerror}.",
            f"The {lines} lines in it can be used; free some space to record more.",
        )
    console().print(f"{counted(lines, 'line')} written." + (" The file is full." if tape.is_full else ""))


class _Tape:
    """Takes what the daemon notices until the file is full or cannot be written, then calls ``over``, once."""

    def __init__(self, out: Recorder) -> None:
        self._out = out
        self.over: Callable[[], None] = lambda: None
        self.is_full = False
        self.trouble: OSError | None = None

    def write(self, value: Facts | Observation) -> None:
        """Add one line."""
        try:
            taken = self.trouble is None and self._out.write(value)
        except OSError as error:
            self.trouble = error
            taken = False
        if not taken and not self.is_full:
            self.is_full = True
            self.over()


def _home_of_its_own(home: Path, privacy: Privacy) -> Paths:
    """Where a daemon finds of the person's settings only what is private: it serves, sends and writes nothing else."""
    import msgspec

    from gamedetectd.paths import Paths

    paths = Paths.below(home)
    paths.config.mkdir(mode=0o700, parents=True)
    titles = msgspec.json.encode(privacy.private_titles).decode()  # JSON's texts are TOML's too
    paths.settings_file.write_text(f"[privacy]\nprivate_titles = {titles}\n", encoding="utf-8")
    paths.settings_file.chmod(0o600)
    return paths


def _run(tape: _Tape, paths: Paths, file: Path, seconds: float | None) -> None:
    """Have a daemon of its own fill the tape until it is told to stop, the time is up, or the tape is over."""
    import signal

    from gamedetectd.app.daemon import Daemon
    from gamedetectd.app.machine import this_system
    from gamedetectd.config import load
    from gamedetectd.domain import Facts

    daemon = Daemon(paths, load(paths), record=tape.write)
    tape.over = daemon.ask_to_stop
    signal.signal(signal.SIGTERM, lambda *_: daemon.ask_to_stop())
    tape.write(Facts(id="recording", system=this_system()))
    daemon.start()
    console().print(f"Recording to {plain(str(file))}; {'Ctrl-C ends it.' if seconds is None else duration(seconds)}")
    try:
        daemon.wait(seconds)
    except KeyboardInterrupt:
        pass
    daemon.stop()


def cleaner() -> RecordingRedactor:
    """Takes out what is this person's and this computer's, and the titles that the redactor was told are private."""
    import getpass
    import socket

    from gamedetectd.facts.redact import RecordingRedactor
    from gamedetectd.observability.redaction import redactor

    return RecordingRedactor(redactor(), str(Path.home()), getpass.getuser(), socket.gethostname())


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

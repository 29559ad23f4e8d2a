"""Commands that look at this machine now, with or without a daemon: ``scan`` and ``explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import (
    AsJson,
    console,
    duration,
    leave_stores_out,
    length,
    local,
    named,
    plain,
    print_evidence,
    print_json,
)

if TYPE_CHECKING:
    from gamedetectd.app.machine import Machine
    from gamedetectd.control.shapes import ExplainRow
    from gamedetectd.domain import Rule

MANY = 20
"""Programs of one name that are told apart; beyond, the name must be more exact."""


def scan(as_json: AsJson = False) -> None:
    """What is being played right now, with the reasons.

    - `gamedetectd scan`
    - `gamedetectd scan --json | jq -r '.[].game.title'`
    """
    from gamedetectd.app.look import scan as look
    from gamedetectd.control.shapes import scan_row
    from gamedetectd.observability.redaction import redact

    rows = [scan_row(one.session, one.foreground, redact) for one in look(*_machine_and_rules())]
    if as_json:
        print_json(rows)
        return
    if not rows:
        console().print("No game is running. `gamedetectd explain NAME` says why a program is none.")
    for row in rows:
        played = duration(length(row.started_at, None).total_seconds())
        focus = ", in the foreground" if row.foreground else ""
        console().print(
            f"{named(row.game)} [dim]({plain(row.game.id)})[/] since {local(row.started_at)}, {played}{focus}"
        )
        print_evidence(row.evidence)


def explain(
    program: Annotated[
        str, typer.Argument(metavar="PID|NAME", help="A process id, or part of a name or window title.")
    ],
    as_json: AsJson = False,
) -> None:
    """Every reason for and against one running program being a game, what a running daemon saw of it included.

    With --json the facts come along, in the format that `gamedetectd judge` reads and without personal things, as in a
    recording.

    - `gamedetectd explain 4711`
    - `gamedetectd explain supertux`
    """
    from gamedetectd.app.look import find
    from gamedetectd.observability.redaction import redact

    if not program.strip():
        raise typer.BadParameter("Give a process id, or a part of the program's name or title.")
    machine, rules = _machine_and_rules()
    pids = [int(program)] if program.isdecimal() else [process.pid for process in find(machine, program)][:MANY]
    rows = _explained(machine, rules, pids)
    best = max(rows, key=lambda row: row.probability)
    if as_json:
        print_json(best)
        return
    argv = best.facts["processes"][-1]["argv"]
    console().print(f"Process {best.id}: {plain(redact(' '.join(argv)))}", overflow="ellipsis", no_wrap=True)
    answer = f"is a game: [bold green]{plain(best.game.title)}[/]" if best.game else "is [bold]not[/] taken for a game"
    console().print(f"It {answer} (probability {best.probability:.3f}).")
    print_evidence(best.evidence)
    if len(rows) > 1:
        others = ", ".join(row.id for row in rows if row is not best)
        console().print(f"[dim]Other processes of that name: {others}[/]")


def _explained(machine: Machine, rules: tuple[Rule, ...], pids: list[int]) -> list[ExplainRow]:
    """One row for each process that is still there. Raises NotFoundError where none is."""
    from gamedetectd.app.eyes import what_was_seen
    from gamedetectd.app.look import explain as look
    from gamedetectd.cli.recording import cleaner
    from gamedetectd.control.client import Client
    from gamedetectd.control.shapes import explain_row
    from gamedetectd.errors import NotFoundError
    from gamedetectd.facts.format import dump
    from gamedetectd.observability.redaction import redact
    from gamedetectd.paths import Paths

    seen = what_was_seen(Client(Paths.resolve()))
    rows: list[ExplainRow] = []
    for pid in pids:
        try:
            facts, verdict = look(machine, rules, pid, seen.get(pid))
        except NotFoundError:
            if pid == pids[-1] and not rows:
                raise
            continue  # one of several ended just now
        rows.append(explain_row(str(pid), verdict, dump(cleaner().facts(facts)), redact))
    return rows


def _machine_and_rules() -> tuple[Machine, tuple[Rule, ...]]:
    from gamedetectd.app.machine import this_machine
    from gamedetectd.config import load, load_rules
    from gamedetectd.observability.redaction import redactor
    from gamedetectd.paths import Paths

    leave_stores_out()
    paths = Paths.resolve()
    settings = load(paths)
    redactor().set_private_titles(settings.privacy.private_titles)
    rules, problems = load_rules(paths.rules_file)
    for problem in problems:
        typer.echo(str(problem), err=True)
    return this_machine(paths, settings), rules

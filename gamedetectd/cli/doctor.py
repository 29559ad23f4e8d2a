"""``gamedetectd doctor``: what is wrong with this installation, this session and the daemon, and what mends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.control.doctor_shapes import DoctorRow, StepRow

EXIT = {"healthy": 0, "degraded": 6, "unhealthy": 7}
"""Exit codes for what the doctor found; a failed self-test and a changed audit trail are unhealthy."""


def doctor(
    as_json: AsJson = False,
    self_test: Annotated[
        bool,
        typer.Option("--self-test", help="Instead, try this installation from end to end, in a home of its own."),
    ] = False,
    verify_audit: Annotated[
        bool, typer.Option("--verify-audit", help="Instead, check that nobody changed the audit trail.")
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle", metavar="FILE", help="Write a redacted support archive (zip), after showing its list."
        ),
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Put the last sessions and the games' titles into the archive.")
    ] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, max=100_000, help="Lines of the log that go into the archive.")
    ] = 2_000,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write the archive without asking.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an archive of that name.")] = False,
) -> None:
    """Look at everything, daemon or not, and say of each thing that is wrong what mends it. Changes nothing.

    Exit code 0 healthy, 6 degraded (something costs), 7 unhealthy (the main job is not done, the self-test failed, or
    the audit trail was changed).

    - `gamedetectd doctor`
    - `gamedetectd doctor --json | jq '.findings[] | {severity, message, remedy}'`
    - `gamedetectd doctor --self-test` after installing: a harmless process is seen, logged and kept, within seconds
    - `gamedetectd doctor --verify-audit`
    - `gamedetectd doctor --bundle support.zip`
    """
    if self_test + verify_audit + (bundle is not None) > 1:
        raise typer.BadParameter("Choose one of --self-test, --verify-audit and --bundle.")
    if bundle is None and (with_history or yes or force):
        raise typer.BadParameter("--with-history, --yes and --force belong to --bundle.")
    if self_test:
        _self_test(as_json=as_json)
    elif verify_audit:
        _verify_audit(as_json=as_json)
    elif bundle is not None:
        _bundle(bundle, lines, with_history=with_history, yes=yes, force=force)
    else:
        _examination(as_json=as_json)


def _examination(*, as_json: bool) -> None:
    from gamedetectd.cli.doctor_tables import print_doctor

    row = _examined()
    if as_json:
        print_json(row)
    else:
        print_doctor(row)
    raise typer.Exit(EXIT[row.overall])


def _examined() -> DoctorRow:
    from gamedetectd.app.doctor.examine import examine
    from gamedetectd.cli.edge import say
    from gamedetectd.errors import GamedetectdError
    from gamedetectd.paths import Paths

    try:
        paths = Paths.resolve()
    except GamedetectdError as error:  # there is no place for anything: nothing else can be looked at
        say(error)
        raise typer.Exit(EXIT["unhealthy"]) from None
    with _progress() as tell:
        return examine(paths, tell)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being looked at, on a terminal, while it is."""
    if not sys.stderr.isatty():
        yield lambda _what: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Looking …") as status:
        yield lambda what: status.update(f"Looking at the {what} …")


def _self_test(*, as_json: bool) -> None:
    from gamedetectd.app.doctor.self_test import self_test

    row = self_test((lambda _step: None) if as_json else _print_step)
    if as_json:
        print_json(row)
    elif row.passed:
        console().print(f"[bold green]This installation works.[/] {row.seconds:.1f} s")
    else:
        console().print(f"[bold red]This installation does not work.[/] {row.seconds:.1f} s")
    raise typer.Exit(EXIT["healthy" if row.passed else "unhealthy"])


def _print_step(step: StepRow) -> None:
    mark = "[green]ok    [/]" if step.passed else "[bold red]FAILED[/]"
    out = console()
    out.print(f"{mark} {plain(step.name)} [dim]({step.seconds:.2f} s)[/] {plain(step.detail)}", soft_wrap=True)
    if step.remedy is not None:
        out.print(f"       {plain(step.remedy)}", soft_wrap=True)


def _verify_audit(*, as_json: bool) -> None:
    from gamedetectd.app.doctor import kept
    from gamedetectd.cli.secret_input import at_the_terminal
    from gamedetectd.control.doctor_shapes import AuditProblemRow, AuditRow
    from gamedetectd.paths import Paths
    from gamedetectd.security.audit_verify import verify
    from gamedetectd.security.credentials import SecretStore

    paths = Paths.resolve()
    chosen, _ = kept.settings(paths, running=False)
    report = verify(paths, SecretStore(paths, chosen.secrets.store, at_the_terminal()))
    if as_json:
        problems = [AuditProblemRow(one.place, one.meaning, one.noted or None) for one in report.problems]
        counts = (report.lines, report.sealed, report.unsealed, report.other)
        print_json(AuditRow(report.ok, report.summary, *counts, problems))
    else:
        out = console()
        out.print(plain(report.summary), soft_wrap=True)
        for problem in report.problems:
            noted = f" (noted in the trail at {problem.noted})" if problem.noted else ""
            out.print(f"[red]![/] {plain(problem.place)}: {plain(problem.meaning + noted)}", soft_wrap=True)
        if not report.ok:
            out.print("  If it was not you, find out who it was; docs/security.md says what this means.")
    raise typer.Exit(EXIT["healthy" if report.ok else "unhealthy"])


def _bundle(file: Path, lines: int, *, with_history: bool, yes: bool, force: bool) -> None:
    from rich.table import Table

    from gamedetectd.app.doctor.bundle import check_free, pieces, write
    from gamedetectd.paths import Paths

    check_free(file, force=force)
    found = pieces(Paths.resolve(), _examined(), lines=lines, with_history=with_history)
    out = console()
    table = Table("File", "Bytes", "What it is", box=None, padding=(0, 2, 0, 0))
    table.columns[1].justify = "right"
    for piece in found:
        table.add_row(piece.name, f"{len(piece.data):,}", plain(piece.what))
    out.print(table)
    if not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise typer.BadParameter("Nobody is there to be asked: say --yes to write it.", param_hint="--bundle")
        if not typer.confirm(f"Write these to {file}?"):
            out.print("Nothing was written.")
            raise typer.Exit(1)
    write(file, found, force=force)
    out.print(
        f"Wrote {plain(str(file))} with {counted(len(found), 'file')}. Nothing was sent anywhere.", soft_wrap=True
    )

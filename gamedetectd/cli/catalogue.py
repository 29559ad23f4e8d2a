"""``catalogue``: the lists of known games: what is in, how old, from where; fetching and importing them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, local, plain, print_json
from gamedetectd.cli.progress import Bar

if TYPE_CHECKING:
    from gamedetectd.catalogue.state import Standing
    from gamedetectd.catalogue.updater import Fetched

app = typer.Typer(
    no_args_is_help=True,
    help="The lists of known games: the built-in one, and those you fetch or import.",
    rich_markup_mode="markdown",
)


@app.command()
def status(as_json: AsJson = False) -> None:
    """What lists are in, how many titles, how old, from where, and what is wrong with any.

    A list of the world's games names programs that no store on this machine knows. The built-in one needs nothing; the
    others are fetched only when you say so.

    - `gamedetectd catalogue status`
    - `gamedetectd catalogue status --json | jq '.[].titles'`
    """
    from gamedetectd.catalogue.state import standing

    rows = standing(_directory())
    if as_json:
        print_json(rows)
    else:
        _print_status(rows)


@app.command("import")
def import_list(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Ludusavi's manifest.yaml, Discord's list, or an index that an import made."
        ),
    ],
) -> None:
    """Take in a list from a file. The one before is kept; whatever is wrong with the new one leaves it in force.

    What kind of list it is, is found out from its content. A running gamedetectd uses it at once.

    - `gamedetectd catalogue import manifest.yaml`
    - `curl -O https://raw.githubusercontent.com/mtkennerly/ludusavi-manifest/master/data/manifest.yaml`
    """
    from gamedetectd.catalogue.importing import import_file

    with Bar(f"Importing {file.name}") as bar:
        about = import_file(file, _directory(), progress=bar.show)
    _tell_the_daemon()
    left_out = f", {counted(about.skipped, 'entry', 'entries')} could not be read" if about.skipped else ""
    held = f"{counted(about.titles, 'title')} with {counted(about.programs, 'program')}"
    console().print(f"{about.source}: {held}{left_out}.")


@app.command()
def update() -> None:
    """Fetch the lists anew from the addresses in the settings, those that have changed.

    Nothing is fetched unless you run this, or set `auto_update = true` below `[catalogue]` in the settings: then a
    running gamedetectd does it every few days.

    - `gamedetectd catalogue update`
    """
    from gamedetectd import config
    from gamedetectd.catalogue.updater import addresses
    from gamedetectd.catalogue.updater import update as fetch_all
    from gamedetectd.paths import Paths

    wanted = addresses(config.load(Paths.resolve()))
    if not wanted:
        console().print("The settings name no address to fetch a list from; see `gamedetectd config show`.")
        return
    with _Bars() as bars:
        found = fetch_all(_directory(), wanted, progress=bars.show)
    _tell_the_daemon()
    for one in found:
        _print_fetched(one)
    if any(one.error is not None for one in found):
        raise typer.Exit(1)


class _Bars(ExitStack):
    """One bar after the other: each list is fetched, then imported."""

    _source = ""

    def show(self, source: str, done: int, total: int) -> None:
        """Tell how far one list is."""
        if source != self._source:
            self.close()
            self._bar, self._source = self.enter_context(Bar(f"Updating {source}")), source
        self._bar.show(done, total)


def _tell_the_daemon() -> None:
    """Programs that run are judged again with what is known now."""
    from gamedetectd.control.client import Client
    from gamedetectd.errors import NotRunningError
    from gamedetectd.paths import Paths

    with suppress(NotRunningError):
        Client(Paths.resolve()).request("catalogue_changed")


def _directory() -> Path:
    from gamedetectd.catalogue.parts import FOLDER
    from gamedetectd.paths import Paths

    return Paths.resolve().data / FOLDER


def _print_fetched(one: Fetched) -> None:
    from gamedetectd.cli.edge import say

    titles = counted(one.about.titles, "title") if one.about is not None else "no titles"
    if one.error is not None:
        say(one.error)
        console().print(f"{one.source}: {titles}, as before.")
    elif one.result == "unchanged":
        console().print(f"{one.source}: nothing new, {titles}.")
    else:
        console().print(f"{one.source}: {titles} now.")


def _print_status(rows: Sequence[Standing]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("List", "Titles", "Programs", "Age", "From"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        if row.titles:
            table.add_row(row.source, f"{row.titles:,}", f"{row.programs:,}", _age(row.made_at), plain(row.origin))
        else:
            table.add_row(row.source, "-", "-", "", "not in; see `gamedetectd catalogue update` and `import`")
    console().print(table)
    _print_troubles(rows)


def _print_troubles(rows: Sequence[Standing]) -> None:
    from gamedetectd.observability.escaping import visible

    for row in rows:
        for version in row.versions:
            if version.problem:
                typer.secho(f"Damaged: {visible(version.problem)}", fg="red", err=True)
        if row.checked:
            failed = f" ({row.error.rstrip('.')})" if row.error else ""
            console().print(f"{row.source}: last fetch {local(row.checked_at)}, {row.checked}{plain(failed)}.")


def _age(made_at: str) -> str:
    """``today``, ``1 day``, ``12 days``; nothing for what has no age."""
    if not made_at:
        return ""
    days = (datetime.now(UTC) - datetime.fromisoformat(made_at)).days
    return "today" if days < 1 else f"{days} day{'s' * (days != 1)}"

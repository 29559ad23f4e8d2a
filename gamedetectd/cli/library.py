"""``library``: what the stores have installed on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, leave_stores_out, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.library.room import Library

app = typer.Typer(
    no_args_is_help=True, help="The games that stores have installed on this machine.", rich_markup_mode="markdown"
)


@app.command("list")
def list_games(
    store: Annotated[
        str, typer.Option("--store", metavar="NAME", help="Only this store's games, such as steam or gog.")
    ] = "",
    stores: Annotated[
        bool, typer.Option("--stores", help="A line for each store instead: how many games, or why none.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Every installed game with its store and directory, and what could not be read.

    Reads the stores' own files; the daemon need not run, and nothing is asked over the network.

    - `gamedetectd library list`
    - `gamedetectd library list --store gog`
    - `gamedetectd library list --stores`
    - `gamedetectd library list --json | jq -r '.games[].title'`
    """
    found = read_library()
    known = found.shelves()
    if store and store not in known and store not in {game.store for game in found.games()}:
        raise typer.BadParameter(f"There is no store {store!r}. Stores: {', '.join(sorted(known))}.")
    if as_json:
        print_json(_as_json(found, store))
    elif stores:
        _print_stores(found)
    else:
        _print_games(found, store)


@app.command("refresh")
def refresh() -> None:
    """Have the daemon read everything again, now; without a daemon, check that everything can be read.

    It is never needed in daily use: what stores install is noticed within seconds.

    - `gamedetectd library refresh`
    """
    from gamedetectd.control.client import Client
    from gamedetectd.errors import NotRunningError
    from gamedetectd.paths import Paths

    try:
        reply = Client(Paths.resolve()).request("refresh_library")
        games, problems = int(str(reply["games"])), int(str(reply["problems"]))
        who = "The daemon knows"
    except NotRunningError:
        found = read_library()
        games, problems = len(found.games()), len(found.problems())
        who = "The daemon does not run; here are"
    console().print(f"{who} {counted(games, 'installed game')} and {counted(problems, 'problem')}.")
    if problems:
        console().print("`gamedetectd library list` tells them.")


def read_library() -> Library:
    """The library of this machine, read now, with a sign of life where that takes longer."""
    from gamedetectd.app.machine import this_library, this_system

    leave_stores_out()  # it is printed below the games
    found = this_library(this_system())
    with _progress() as tell:
        found.refresh(everything=True, progress=tell)
    return found


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    with Console(stderr=True).status("Reading what stores have installed …") as status:
        yield lambda store: status.update(f"Reading what {store} has installed …")


def _as_json(found: Library, store: str) -> dict[str, object]:
    from gamedetectd.observability.redaction import hide_secrets

    return {
        "games": [
            {"store": game.store, "id": game.id, "title": game.title, "install_dir": game.install_dir}
            | ({"platform": game.platform} if game.platform else {})
            for game in found.games()
            if store in ("", game.store)
        ],
        "problems": [
            {"store": name}
            | {
                what: hide_secrets(text)
                for what, text in (("place", problem.place), ("cause", problem.cause), ("remedy", problem.remedy))
            }
            for name, problem in found.problems()
        ],
        "stores": {
            name: {"games": len(shelf.games), "nothing": shelf.nothing} for name, shelf in found.shelves().items()
        },
    }


def _print_games(found: Library, store: str) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Title", "Store", "Where"):
        table.add_column(heading, overflow="fold")
    games = sorted(
        (game for game in found.games() if store in ("", game.store)), key=lambda game: game.title.casefold()
    )
    for game in games:
        place = game.install_dir or next(iter(game.executables), "")
        table.add_row(plain(game.title), plain(game.store), f"[dim]{plain(place)}[/]")
    if games:
        console().print(table)
    console().print(
        f"{counted(len(games), 'installed game')}."
        if games
        else "No installed games. `--stores` says of each store why not."
    )
    for name, problem in found.problems():
        console().print(
            f"[yellow]{plain(name)}[/]: {plain(problem.place)}: {plain(problem.cause)} {plain(problem.remedy)}"
        )


def _print_stores(found: Library) -> None:
    from rich.table import Table

    table = Table("Store", "Games", "", box=None, padding=(0, 2, 0, 0))
    for name, shelf in found.shelves().items():
        table.add_row(name, str(len(shelf.games)), f"[dim]{plain(shelf.nothing)}[/]")
    console().print(table)

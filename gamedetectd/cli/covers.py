"""``gamedetectd covers``: pictures of games, kept on this computer: how many there are, fetching and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, plain, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gamedetectd.domain import Game
    from gamedetectd.paths import Paths

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Covers of games, from SteamGridDB if you ask for them: how many there are, fetching and removing them.",
)
MOST = 200
"""Games of the history that are asked for, those played most."""


@app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show how many covers there are, how much room they take, and whether more are fetched.

    - `gamedetectd covers status`
    """
    from gamedetectd.app.covers import covers_of
    from gamedetectd.config import load
    from gamedetectd.control.covers_shapes import CoversRow
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    settings, held = load(paths).covers, covers_of(paths).holding()
    row = CoversRow(
        enabled=settings.enabled,
        covers=held.covers,
        without=held.without,
        bytes=held.size,
        max_bytes=settings.max_bytes,
        directory=str(paths.cache / "covers"),
    )
    if as_json:
        print_json(row)
        return
    state = "fetched while you play" if settings.enabled else "switched off: gamedetectd config set covers.enabled true"
    typer.echo(f"{row.covers} covers in {row.bytes / 1e6:.1f} of {row.max_bytes / 1e6:.0f} MB; they are {state}.")
    if row.without:
        typer.echo(f"{row.without} games have none.")


@app.command("fetch")
def fetch(
    titles: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TITLE]...", help="Titles of games; those played most, if left out."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch what is there already, too.")] = False,
) -> None:
    """Fetch covers now. Exit code 1 where the key or the server does not do, and nothing more is asked then.

    - `gamedetectd covers fetch`
    - `gamedetectd covers fetch 'Beneath a Steel Sky'`
    """
    from gamedetectd.app.covers import covers_of, fetch_cover
    from gamedetectd.cli.secret_input import at_the_terminal
    from gamedetectd.config import load
    from gamedetectd.observability.redaction import redactor
    from gamedetectd.paths import Paths
    from gamedetectd.security.credentials import SecretStore

    paths = Paths.resolve()
    settings, covers = load(paths), covers_of(paths)
    redactor().set_private_titles(settings.privacy.private_titles)
    store = SecretStore(paths, settings.secrets.store, at_the_terminal())
    fetched = 0
    for game in _games(paths, titles):
        if not again and not titles and not covers.due(game.id, settings.covers.max_age_days):
            continue
        note = fetch_cover(covers, settings.covers, store.get, game)  # what it raises is told at the edge
        fetched += bool(note.kind)
        typer.echo(f"{plain(game.title)}: {'fetched' if note.kind else 'there is no cover'}")
    typer.echo(f"{fetched} fetched.")


@app.command("clear")
def clear() -> None:
    """Remove every cover from this computer.

    - `gamedetectd covers clear`
    """
    from gamedetectd.app.covers import covers_of
    from gamedetectd.paths import Paths

    count = covers_of(Paths.resolve()).clear()
    typer.echo(f"{count} {'cover was' if count == 1 else 'covers were'} removed.")


def _games(paths: Paths, titles: Sequence[str] | None) -> Sequence[Game]:
    """The games to ask for: those of these titles, of the history or not; or those played most that are not private."""
    from gamedetectd.domain import Game
    from gamedetectd.errors import NotFoundError
    from gamedetectd.observability.redaction import is_private_title
    from gamedetectd.sessions.reader import HistoryReader

    try:
        with HistoryReader.open(paths.history_file) as reader:
            played = [one.game for one in reader.totals()]
    except NotFoundError:
        if not titles:
            raise
        played = []
    if not titles:
        return [game for game in played if not is_private_title(game.title)][:MOST]
    by_title = {game.title.casefold(): game for game in reversed(played)}
    return [by_title.get(title.casefold(), Game(f"name:{title.casefold()}", title)) for title in titles]

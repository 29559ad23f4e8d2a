"""``gamedetectd dashboard``: the pages of the running daemon, in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

PATIENCE = 30.0
"""Seconds in which the daemon answers: the first time it loads what it serves the pages with."""


def dashboard(
    print_: Annotated[
        bool, typer.Option("--print", "--no-browser", help="Print the link instead of opening the browser.")
    ] = False,
) -> None:
    """Open the dashboard in the browser: what is played and why, play time, sessions, health, the log, the settings.

    It is served by the running daemon, to this computer alone, from now until nobody has looked at it for a quarter of
    an hour. The link lets one browser in, once, within two minutes: keep it to yourself.

    - `gamedetectd dashboard`
    - `gamedetectd dashboard --print`
    """
    from gamedetectd.control.client import Client
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.opening import open_url

    url = str(Client(Paths.resolve(), PATIENCE).request("dashboard")["url"])
    if print_:
        typer.echo(url)
    else:
        open_url(url)
        typer.echo("The dashboard is open in your browser.")

"""``vision allow``: has the desktop ask the person whether the screen may be seen, or takes that back."""

from __future__ import annotations

from typing import Annotated

import typer

from gamedetectd.cli.output import console, plain

NOT_GIVEN = 1
"""Exit code where the screen may not be seen."""


def allow(
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the leave back that was given before.")] = False,
) -> None:
    """Let the daemon see the screen on GNOME and KDE, which ask you before they show it to a program.

    Their dialog comes up once: choose the monitor you play on, leave "remember" ticked. After that only the window in
    front is cut out, as everywhere else. The daemon has to run: the leave is given to the program that asks.

    - `gamedetectd vision allow`
    - `gamedetectd vision allow --revoke`
    """
    from gamedetectd.app.audit import note
    from gamedetectd.app.screen_leave import COMMAND
    from gamedetectd.control.client import Client
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.capture.cast_leave import Leave
    from gamedetectd.platforms.capture.portal import ASK_SECONDS, give_back

    paths = Paths.resolve()
    if revoke:
        gone = give_back(Leave.below(paths.data))
        if gone:
            note(paths, "screen-revoked", "The person took back the leave to see the screen.")
        console().print("The screen may not be seen any more." if gone else "Nothing was allowed.")
        return
    typer.echo("If a dialog of your desktop comes up now, answer it.", err=True)
    reply = Client(paths, timeout=ASK_SECONDS + 30).request(COMMAND)
    if not reply["given"]:
        console().print(plain(str(reply["why"])), soft_wrap=True)
        raise typer.Exit(NOT_GIVEN)
    console().print("The screen may be seen: the window in front, where nothing else tells about it.")

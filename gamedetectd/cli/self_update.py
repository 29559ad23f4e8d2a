"""``gamedetectd self-update --check``: tells whether there is a newer version, and nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_json


def self_update(
    check: Annotated[bool, typer.Option("--check", help="Ask the feed that the settings name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell whether there is a newer version. It never downloads or installs one, and asks nobody by itself.

    The address it asks is the setting `update.feed_url`, which is empty at first. Exit code 1 if nobody answers.

    - `gamedetectd config set update.feed_url https://example.org/gamedetectd.json`
    - `gamedetectd self-update --check`
    """
    if not check:
        raise typer.BadParameter("Say --check. It only tells: what installed gamedetectd also updates it.")
    from gamedetectd.app.self_update import check as ask
    from gamedetectd.config import load
    from gamedetectd.paths import Paths

    row = ask(load(Paths.resolve()))
    if as_json:
        print_json(row)
        return
    said = {
        "current": f"This is {row.version}, the newest version.",
        "ahead": f"This is {row.version}; the newest that was published is {row.newest}.",
        "newer": f"Version {row.newest} is there; this is {row.version}.",
    }[row.state]
    output = console()
    output.print(plain(said))
    for more in (row.notes, row.url) if row.state == "newer" else ():
        if more:
            output.print(plain(more))

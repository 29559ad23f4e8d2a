"""``vision on``, ``off`` and ``status``: whether the screen is looked at, and what stands in the way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.control.daemon_shapes import VisionRow
    from gamedetectd.control.vision_shapes import VisionStatusRow

_IN_THE_WAY = {
    "no_window": "no window is in front",
    "locked": "the screen is locked",
    "paused": "watching is paused",
    "starved": "the machine is very busy",
    "battery": "the computer runs on its battery",
    "secret": "what is in front keeps secrets, and is never looked at",
    "private": "what is in front is marked private",
    "opted_out": "you said that what is in front is never looked at",
}
"""What ``VisionRow.reason`` says in a word."""


def on(
    read_titles: Annotated[
        bool | None,
        typer.Option(
            "--read-titles/--no-read-titles",
            help="Also read title screens, where a container does not say what runs in it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Look at the window in front where nothing else says whether it is a game, or which.

    Pictures stay in the process that takes them, are never kept and never leave this computer. A running daemon begins
    at once. `docs/vision.md` says what is looked at, when, and what never is.

    - `gamedetectd vision on`
    - `gamedetectd vision on --read-titles`
    """
    from gamedetectd.vision import reading_parts
    from gamedetectd.vision.model_files import insist_on_parts, models

    insist_on_parts()
    models()
    if read_titles:
        reading_parts.insist_on_parts()
    _switch(on=True, read_titles=read_titles)


def off() -> None:
    """Do not look at the screen any more. What titles look like is kept.

    - `gamedetectd vision off`
    """
    _switch(on=False)


def status(as_json: AsJson = False) -> None:
    """Whether the screen is looked at, what stands in the way, and what it cost in the last hour.

    - `gamedetectd vision status`
    - `gamedetectd vision status --json | jq .daemon.state`
    """
    row = _status()
    if as_json:
        print_json(row)
        return
    out = console()
    out.print(f"Looking at the screen is [bold]{'on' if row.enabled else 'off'}[/].")
    for missing in (row.missing, row.reading_missing if row.read_titles else None):
        if missing is not None:
            out.print(f"[yellow]{plain(missing)}[/]", soft_wrap=True)
    if row.daemon is None:
        out.print("gamedetectd does not run." if row.enabled else "Switch it on: gamedetectd vision on")
    elif row.enabled:
        out.print(plain(_told(row.daemon)), soft_wrap=True)
    if row.enabled:
        out.print(_reading(row))
    if row.enabled and not row.on_battery:
        out.print("It rests while the computer runs on its battery.")
    if row.never:
        out.print(f"{counted(row.never, 'pattern')} of yours: never looked at (gamedetectd config show).")
    if row.enabled and row.learn_silently:
        out.print("The looks of games whose titles are known for sure are remembered, as numbers.")


def _reading(row: VisionStatusRow) -> str:
    """What is done about title screens, in a sentence."""
    if not row.read_titles:
        return "Title screens are not read; for that: gamedetectd vision on --read-titles"
    if row.daemon is None:
        return "Title screens are read, where a container does not say what runs in it."
    took = f"{counted(row.daemon.title_reads, 'time')} so far, for {row.daemon.title_cpu_seconds:.1f} s"
    return f"Title screens are read: {took} of the processor in the last hour."


def _status() -> VisionStatusRow:
    import msgspec

    from gamedetectd import config
    from gamedetectd.control.client import Client
    from gamedetectd.control.shapes import StatusRow
    from gamedetectd.control.vision_shapes import VisionStatusRow
    from gamedetectd.errors import GamedetectdError
    from gamedetectd.paths import Paths
    from gamedetectd.vision import model_files, reading_parts

    paths = Paths.resolve()
    wishes = config.load(paths).vision
    daemon = None
    with suppress(GamedetectdError):  # none runs, or it is too busy to say
        told = msgspec.convert(Client(paths).request("status"), StatusRow)
        daemon = told.daemon.vision if told.daemon is not None else None
    return VisionStatusRow(
        wishes.enabled,
        wishes.on_battery,
        wishes.learn_silently,
        len(wishes.never),
        model_files.missing_reason(),
        daemon,
        wishes.read_titles,
        reading_parts.missing_reason(),
    )


def _told(row: VisionRow) -> str:
    """What the daemon does about it, in a sentence or two."""
    looked = f"It looked {counted(row.looks, 'time')}, for {row.cpu_seconds:.1f} s of the processor in the last hour."
    if row.state == "off":
        return "The daemon has not taken that over yet: gamedetectd reload"
    if row.state in ("unsupported", "failing"):
        return f"It does not work now: {row.reason} {looked}"
    if row.state == "hindered":
        return f"It waits: {_IN_THE_WAY.get(row.reason or '', row.reason)}. {looked}"
    return f"It waits for a window that nothing else tells about. {looked}"


def _switch(*, on: bool, read_titles: bool | None = None) -> None:
    import os

    from gamedetectd import config
    from gamedetectd.config.edit import set_option
    from gamedetectd.control.client import Client
    from gamedetectd.errors import GamedetectdError
    from gamedetectd.paths import Paths

    paths = Paths.resolve()
    set_option(paths, "vision.enabled", "true" if on else "false")
    if read_titles is not None:
        set_option(paths, "vision.read_titles", "true" if read_titles else "false")
    told = False
    with suppress(GamedetectdError):  # without a daemon it counts from its next start
        Client(paths).request("reload")
        told = True
    when = "at once" if told else "as soon as gamedetectd runs"
    if on:
        console().print(f"The screen is looked at where nothing else tells, {when}.")
        if read_titles:
            console().print("Title screens are read, where a container does not say what runs in it.")
        console().print("See what it never looks at, or add to it: gamedetectd config set vision.never …")
    else:
        console().print("The screen is not looked at.")
    variable = config.options()["vision.enabled"].variable
    if variable in os.environ:
        console().print(f"The environment overrules it: {variable} is set.")

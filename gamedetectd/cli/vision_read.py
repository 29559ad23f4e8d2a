"""``vision test --read``: the text that is found in pictures or in a window, and the one title that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from gamedetectd.cli.output import console, plain, print_line

if TYPE_CHECKING:
    from gamedetectd.vision import wire
    from gamedetectd.vision.client import ReadingChild

MEMORY = 600_000_000
"""Bytes: a person's own pictures may be larger than a screen. What the daemon looks at has less."""
PATIENCE = 60.0
"""Seconds for one answer."""


def insist(*, sequence: bool, stream: bool) -> None:
    """Raises ReadingMissingError where a part is missing, BadParameter for options that mean nothing here."""
    from gamedetectd.vision.reading_parts import insist_on_parts

    if sequence or stream:
        raise typer.BadParameter("--read looks at each picture by itself; leave --sequence and --stream out.")
    insist_on_parts()


def read(window: wire.AWindow | None, names: Sequence[str], as_json: bool) -> bool:
    """Read the window, or else the pictures. True where some could not be read."""
    from gamedetectd.vision import wire
    from gamedetectd.vision.client import ReadingChild

    with ReadingChild(patience=PATIENCE, memory=MEMORY) as child:
        _tell_titles(child)
        if window is not None:
            _show(child, f"0x{window.handle:x}", wire.ReadWindow(window, lines=True), as_json)
            return False
        bad = [_bad(child, name, as_json) for name in names]
    return any(bad)


def _tell_titles(child: ReadingChild) -> None:
    """Every title that may be found here: the library's and the catalogue's."""
    from gamedetectd import config
    from gamedetectd.app.machine import this_machine
    from gamedetectd.app.title_reader import known_titles
    from gamedetectd.paths import Paths
    from gamedetectd.vision import wire

    paths = Paths.resolve()
    machine = this_machine(paths, config.load(paths))
    machine.library.refresh()
    for some in known_titles(machine):
        list(child.ask(wire.AddTitles(tuple(some))))
    machine.catalogue.room.close()


def _bad(child: ReadingChild, name: str, as_json: bool) -> bool:
    """Show what one picture reads; True where it cannot be read."""
    from gamedetectd.cli.edge import say
    from gamedetectd.errors import PictureError
    from gamedetectd.vision import wire

    try:
        _show(child, name, wire.ReadPicture(name, lines=True), as_json)
    except PictureError as error:
        say(error)
        if as_json:
            print_line({"file": name, "error": error.cause})
        return True
    return False


def _show(child: ReadingChild, name: str, request: wire.Reading, as_json: bool) -> None:
    from gamedetectd.control.vision_shapes import VisionReadLine, VisionReadRow
    from gamedetectd.errors import WindowUnseenError
    from gamedetectd.vision import wire

    for told in list(child.ask(request)):
        if isinstance(told, wire.Unseen):
            raise WindowUnseenError(told.sentence, "Bring it to the front, and try again.")
        if isinstance(told, wire.Read) and as_json:
            rows = [VisionReadLine(line.text, line.confidence, line.height) for line in told.lines]
            print_line(VisionReadRow(name, told.title, told.likeness, rows))
        elif isinstance(told, wire.Read):
            _print(name, told)


def _print(name: str, told: wire.Read) -> None:
    out = console()
    way = f", {told.way}" if told.way else ""
    out.print(f"[bold]{plain(name)}[/] [dim]{told.size[0]} x {told.size[1]} px{way}[/]")
    for line in told.lines:
        out.print(f"  {plain(line.text)} [dim]({line.confidence:.2f}, {line.height:.0f} px)[/]", soft_wrap=True)
    if told.title is not None:
        out.print(f"  Reads [bold]{plain(told.title)}[/] (likeness {told.likeness:.3f}).")
    else:
        out.print("  Reads no title beyond doubt." if told.lines else "  There is nothing to read.")
    stages = ", ".join(f"{stage} {1000 * seconds:.0f} ms" for stage, seconds in told.seconds.items())
    out.print(f"  [dim]{stages}[/]")

"""``vision references``: what titles are known by, to be looked through, forgotten, given away and taken in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, counted, local, plain, print_json

if TYPE_CHECKING:
    from gamedetectd.control.vision_shapes import VisionReferenceRow
    from gamedetectd.vision import wire

app = typer.Typer(
    no_args_is_help=True,
    help="What titles are known by their looks: numbers, of which no picture can be made again.",
    rich_markup_mode="markdown",
)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every title that is known by its looks.

    - `gamedetectd vision references list`
    """
    from gamedetectd.vision import wire

    rows = [told for told in _ask(wire.ListReferences()) if isinstance(told, wire.KnownTitle)]
    if as_json:
        print_json([_row(row) for row in rows])
        return
    if not rows:
        console().print('No title is known by its looks yet: `gamedetectd vision learn "Title"`.')
        return
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Title", "References", "Learned", "By"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(plain(row.title), str(row.references), _when(row.learned_at), _ORIGINS.get(row.origin, "others"))
    console().print(table)


@app.command()
def forget(
    title: Annotated[str, typer.Argument(metavar="[TITLE]", help="The title.", show_default=False)] = "",
    everything: Annotated[bool, typer.Option("--all", help="Forget every title.")] = False,
) -> None:
    """Forget what a title looks like, or all of them.

    - `gamedetectd vision references forget "Pitfall!"`
    """
    from gamedetectd.vision import wire

    if bool(title) == everything:
        raise typer.BadParameter("Name a title, or give --all.")
    changed = _changed(_ask(wire.Forget(None if everything else title)))
    console().print("All forgotten." if everything else f"Forgotten: {counted(changed.references, 'reference')}.")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the pack goes.")],
    titles: Annotated[
        list[str] | None, typer.Argument(metavar="[TITLE…]", help="Only these titles.", show_default=False)
    ] = None,
) -> None:
    """Write a pack that others can import. There is no picture in it, and nothing about you.

    - `gamedetectd vision references export atari.gdr "Pitfall!" "Breakout"`
    """
    from gamedetectd.vision import wire

    changed = _changed(_ask(wire.Export(str(file.absolute()), tuple(titles or ()))))
    console().print(f"{plain(str(file))}: {_amount(changed)}.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack that somebody exported.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take its titles in place of yours.")] = False,
) -> None:
    """Take in somebody's pack. Titles that you know already stay as they are, unless --replace.

    - `gamedetectd vision references import atari.gdr`
    """
    from gamedetectd.vision import wire

    changed = _changed(_ask(wire.Import(str(file.absolute()), replace)))
    left = f", {counted(changed.left, 'title')} known already and left as they are" if changed.left else ""
    console().print(f"Taken in: {_amount(changed)}{left}.")


_ORIGINS = {"person": "you", "silent": "itself"}


def _ask(request: wire.Request) -> list[wire.Told]:
    from gamedetectd.cli.vision_look import open_eyes

    with open_eyes() as eyes:
        return list(eyes.ask(request))


def _changed(told: Iterable[wire.Told]) -> wire.Changed:
    from gamedetectd.vision import wire

    return next((one for one in told if isinstance(one, wire.Changed)), wire.Changed(0, 0))


def _amount(changed: wire.Changed) -> str:
    return f"{counted(changed.titles, 'title')} with {counted(changed.references, 'reference')}"


def _row(row: wire.KnownTitle) -> VisionReferenceRow:
    from gamedetectd.control.vision_shapes import VisionReferenceRow

    return VisionReferenceRow(row.title, row.references, row.learned_at, row.origin)


def _when(moment: str) -> str:
    """A pack may say anything."""
    try:
        return local(moment)
    except ValueError:
        return "-"

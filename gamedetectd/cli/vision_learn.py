"""``vision learn``: makes a title's references, from pictures or from the game while it is played."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import console, counted, plain

if TYPE_CHECKING:
    from gamedetectd.vision import wire

MOST = 40
"""References that one title may have."""
PAUSE = 2.0
"""Seconds between two frames while the person plays."""
SETTLED, LOOK = 2.0, 0.25
"""Seconds that a window must be in front to be meant, and between two looks at which one is."""
WAIT_SECONDS = 120.0
"""How long the person may take to go to the game."""


def learn(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the game is called.")],
    images: Annotated[
        list[str] | None,
        typer.Argument(metavar="[IMAGE…]", help="Pictures of it, after --from.", show_default=False),
    ] = None,
    first: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="IMAGE…", help="Learn from these pictures instead of a window."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST, help="Frames to keep: of a window 5, of pictures all if not said.", show_default=False
        ),
    ] = None,
    window: Annotated[
        str, typer.Option(metavar="ID", help="The game's window, if not the one you go to.", show_default=False)
    ] = "",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Play at most so long.")] = 300.0,
    anew: Annotated[bool, typer.Option("--anew", help="Forget what the title was known by.")] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also write the chosen frames there, as PNG. Otherwise none is written."),
    ] = None,
) -> None:
    """Learn what a game looks like, so that it is named where nothing else tells: in an emulator, in a stream.

    Kept are a few hundred numbers for each frame, of which no picture can be made again. Without --from: start this,
    go to the game and play; it takes five frames that differ, two seconds apart at least.

    - `gamedetectd vision learn "Pitfall!"`
    - `gamedetectd vision learn "Pitfall!" --from shots/*.png`
    """
    from gamedetectd.cli.vision_look import MEMORY, open_eyes
    from gamedetectd.vision import wire
    from gamedetectd.vision.model_files import insist_on_parts

    files = (*(first or ()), *(images or ()))
    if images and not first:
        raise typer.BadParameter("Pictures come after --from.")
    if files and window:
        raise typer.BadParameter("Learn from pictures or from a window, not from both.")
    insist_on_parts()
    request = wire.Learn(
        title,
        files=tuple(str(Path(file).absolute()) for file in files),
        window=None if files else _window(window),
        frames=count or (min(len(files), MOST) if files else 5),
        pause=0.0 if files else PAUSE,
        attempts=int(seconds / PAUSE) + 1,
        anew=anew,
        pictures=str(pictures.absolute()) if pictures is not None else "",
    )
    with open_eyes(MEMORY if files else None) as eyes:
        learned = _followed(eyes.ask(request), request)
    if learned is not None:
        _tell(learned, request)


def _window(number: str) -> wire.AWindow:
    """The window that is named, or the one that the person goes to. Raises WindowUnseenError."""
    from gamedetectd.cli.vision_look import window_named
    from gamedetectd.errors import WindowUnseenError
    from gamedetectd.platforms.windows.listing import WindowLister
    from gamedetectd.vision import wire

    if number:
        return window_named(number)
    lister = WindowLister()
    here = lister.foreground()
    typer.echo("Go to the game now, and play.", err=True)
    until = time.monotonic() + WAIT_SECONDS
    since, seen = time.monotonic(), 0
    while time.monotonic() < until:
        front = lister.foreground()
        handle = front.handle if front is not None else 0
        if handle != seen:
            since, seen = time.monotonic(), handle
        elsewhere = front is not None and (here is None or front.handle != here.handle)
        if front is not None and elsewhere and time.monotonic() - since >= SETTLED:
            return wire.AWindow.of(front)
        time.sleep(LOOK)
    raise WindowUnseenError(
        "No other window came to the front, as far as this session tells.",
        "Go to the game within two minutes, or name its window: --window ID.",
    )


def _followed(answers: Iterable[wire.Told], request: wire.Learn) -> wire.Learned | None:
    """Show how far it is; what was learned in the end."""
    from gamedetectd.cli.progress import Bar
    from gamedetectd.vision import wire

    learned = None
    live = not request.files
    with Bar("Looking at pictures" if request.files else "Learning while you play", pieces=True) as bar:
        for told in answers:
            if isinstance(told, wire.Learned):
                learned = told
            elif isinstance(told, wire.Kept):
                bar.show(told.kept if live else told.looked, told.wanted if live else len(request.files))
                if live and not sys.stderr.isatty():
                    why = f" ({told.why_not})" if told.why_not else ""
                    typer.echo(f"{told.kept} of {told.wanted} different frames{why}", err=True)
    return learned


def _tell(learned: wire.Learned, request: wire.Learn) -> None:
    console().print(
        f"Learned: [bold]{plain(learned.title)}[/] by {counted(learned.added, 'frame')}, "
        f"{counted(learned.references, 'reference')} in all."
    )
    if learned.added < request.frames:
        console().print(
            f"That is fewer than the {request.frames} wanted: the others told nothing, or the same as these."
        )
    for file in learned.pictures:
        console().print(f"Written: {plain(file)}")

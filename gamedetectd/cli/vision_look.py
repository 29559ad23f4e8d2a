"""``vision test``: what the eyes see in pictures or in a window, and what that tells them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from gamedetectd.cli.output import AsJson, console, plain, print_line

if TYPE_CHECKING:
    from gamedetectd.control.vision_shapes import VisionPictureRow
    from gamedetectd.vision import wire
    from gamedetectd.vision.client import VisionChild

PART_WAS_BAD = 3
"""Exit code where some pictures could not be read and the rest was looked at."""
MEMORY = 500_000_000
"""Bytes: a person's own pictures may be larger than a screen. What the daemon looks at has less."""
PATIENCE = 60.0
"""Seconds for one answer; there is no limit on how many pictures there are."""
PAUSE = 0.5
"""Seconds between two frames of a window."""
GAME, NO_GAME = 0.8, 0.2
"""Probabilities from which a picture is called one in words; what is between is called open."""
TELLING = 0.5
"""Log-odds that are worth a sentence."""


def look(
    images: Annotated[
        list[str] | None,
        typer.Argument(metavar="[IMAGE…|ID]", help="Pictures; with --window a window's number.", show_default=False),
    ] = None,
    window: Annotated[
        bool, typer.Option("--window", help="Look at a window: that of the number given, or the one in front.")
    ] = False,
    sequence: Annotated[
        bool, typer.Option("--sequence", help="The pictures are consecutive frames of one window.")
    ] = False,
    stream: Annotated[
        bool, typer.Option("--stream", help="They were streamed, as by a browser: colours are not compared.")
    ] = False,
    frames: Annotated[int, typer.Option(min=1, max=1000, help="Frames of a window to look at.")] = 5,
    after: Annotated[float, typer.Option(min=0, max=600, metavar="SECONDS", help="Wait before looking.")] = 0.0,
    read: Annotated[
        bool, typer.Option("--read", help="Read the text instead, and tell the one title that it is, if any.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What the screen tells: a game or not, which title, and how sure that is.

    Nothing is kept and nothing is sent anywhere. With --json, one line a picture: file, blank, game_probability (0 for
    a blank one), title, title_score; with --sequence also decision and decided_title. Of a picture that cannot be read
    it is {"file", "error"}, and the exit code is 3 then. With --read and --json: file, title, likeness, lines.

    - `gamedetectd vision test screenshot.png`
    - `gamedetectd vision test --json --sequence frames/*.png | jq -r .decision`
    - `gamedetectd vision test --window --after 5`
    - `gamedetectd vision test --read title-screen.png`
    """
    from gamedetectd.cli import vision_read
    from gamedetectd.vision.model_files import insist_on_parts

    names = images or []
    if not window and not names:
        raise typer.BadParameter("Name pictures, or give --window.")
    if window and len(names) > 1:
        raise typer.BadParameter("One window at a time.")
    if read:
        vision_read.insist(sequence=sequence, stream=stream)
    else:
        insist_on_parts()
    time.sleep(after)
    if read:
        bad = vision_read.read(window_named(names[0] if names else "") if window else None, names, as_json)
        raise typer.Exit(PART_WAS_BAD if bad else 0)
    if window:
        target = window_named(names[0] if names else "")
        with open_eyes() as eyes:
            _test_window(eyes, target, frames, stream, as_json)
    elif _test_pictures(names, sequence, stream, as_json):
        raise typer.Exit(PART_WAS_BAD)


def open_eyes(memory: int | None = None) -> VisionChild:
    """The child that looks, with the person's references."""
    from gamedetectd.paths import Paths
    from gamedetectd.vision import client

    file = client.references_file(Paths.resolve().data)
    return client.VisionChild(file, patience=PATIENCE, memory=memory or client.MEMORY)


def window_named(number: str) -> wire.AWindow:
    """The window of that number (decimal, or hexadecimal after 0x), or the one in front. Raises WindowUnseenError."""
    from gamedetectd.errors import WindowUnseenError
    from gamedetectd.platforms.windows.listing import WindowLister
    from gamedetectd.vision import wire

    lister = WindowLister()
    if not number:
        front = lister.foreground()
        if front is None:
            raise WindowUnseenError(
                "No window is in front, as far as this session tells.",
                "Run it inside the desktop's session, or name a window's number.",
            )
        return wire.AWindow.of(front)
    try:
        handle = int(number, 0)
    except ValueError:
        raise typer.BadParameter(f"{number} is not the number of a window, such as 0x3c00007.") from None
    known = next((one for one in lister.windows() if one.handle == handle), None)
    return wire.AWindow.of(known) if known is not None else wire.AWindow(handle)


def tell_of_titles(told: object) -> None:
    """Say on standard error why no titles are told, where the child says so."""
    from gamedetectd.cli.edge import say
    from gamedetectd.errors import ReferencesError
    from gamedetectd.vision import wire

    if isinstance(told, wire.NoTitles):
        say(ReferencesError(told.cause, told.remedy))


def _test_pictures(names: Iterable[str], sequence: bool, stream: bool, as_json: bool) -> bool:
    """True where some could not be read."""
    from gamedetectd.cli.edge import say
    from gamedetectd.errors import GamedetectdError, PictureError, VisionChildError

    bad = False
    looked = 0
    with ExitStack() as open_ones:
        eyes = open_ones.enter_context(open_eyes(MEMORY))
        for name in names:
            try:
                _test_picture(eyes, name, sequence, stream, as_json)
            except VisionChildError as error:  # the picture was too much for it: the next one finds another child
                if not looked:
                    raise
                open_ones.close()
                eyes = open_ones.enter_context(open_eyes(MEMORY))
                problem: GamedetectdError = VisionChildError(f"{name} was not looked at. {error.cause}", error.remedy)
            except PictureError as error:
                problem = error
            else:
                looked += 1
                continue
            bad = True
            say(problem)
            if as_json:
                print_line({"file": name, "error": problem.cause})
    return bad


def _test_picture(eyes: VisionChild, name: str, sequence: bool, stream: bool, as_json: bool) -> None:
    from gamedetectd.vision import wire

    for told in eyes.ask(wire.LookAtPicture(name, sequence, stream)):
        tell_of_titles(told)
        if isinstance(told, wire.Seen):
            _show(name, told, sequence, as_json)


def _test_window(eyes: VisionChild, window: wire.AWindow, frames: int, stream: bool, as_json: bool) -> None:
    from gamedetectd.errors import WindowUnseenError
    from gamedetectd.vision import wire

    unseen = ""
    looked = 0
    for told in eyes.ask(wire.LookAtWindow(window, frames, PAUSE, attempts=frames, stream=stream)):
        tell_of_titles(told)
        if isinstance(told, wire.Unseen):
            unseen = told.sentence
            if as_json:
                print_line({"file": f"0x{window.handle:x}", "outcome": told.outcome, "error": told.sentence})
        elif isinstance(told, wire.Seen):
            looked += 1
            _show(f"0x{window.handle:x}", told, True, as_json)
    if not looked:
        raise WindowUnseenError(unseen or "There was no picture of it.", "Bring it to the front, and try again.")


def _show(name: str, seen: wire.Seen, decided: bool, as_json: bool) -> None:
    if as_json:
        print_line(json_row(name, seen, decided))
        return
    out = console()
    out.print(f"[bold]{plain(name)}[/] [dim]{seen.size[0]} x {seen.size[1]} px{_way(seen)}[/]")
    for text in _sentences(seen):
        out.print(f"  {text}")
    if decided:
        title = f", and the title is [bold]{plain(seen.decided_title)}[/]" if seen.decided_title else ""
        out.print(f"  After {seen.informative} of 5 frames: [bold]{seen.decision.replace('_', ' ')}[/]{title}")
    stages = ", ".join(f"{stage} {1000 * seconds:.1f} ms" for stage, seconds in seen.seconds.items())
    out.print(f"  [dim]{stages}[/]")


def json_row(name: str, seen: wire.Seen, decided: bool) -> VisionPictureRow:
    """What programs are told of one picture."""
    import msgspec

    from gamedetectd.control.vision_shapes import VisionPictureRow

    return VisionPictureRow(
        file=name,
        blank=bool(seen.blank),
        game_probability=round(seen.game_probability, 4),
        title=seen.title,
        title_score=round(seen.title_score, 4),
        decision=seen.decision if decided else msgspec.UNSET,
        decided_title=seen.decided_title if decided else msgspec.UNSET,
    )


def _of_shape(width: int, height: int) -> list[str]:
    """What its proportions added to that, as a sentence."""
    from gamedetectd.vision.shape import mode_of, shape_of

    if mode := mode_of(width, height):
        return [f"Its sides are as {mode}, a shape that many games keep: that speaks for one."]
    if shape_of(width, height) == "wide":
        return ["It is wide, but not as a screen is: programs fill what bars leave of one. That speaks against a game."]
    return []


def _of_drawing(drawn: float) -> list[str]:
    """What the way it is drawn added to that, as a sentence, where that is more than a little."""
    if abs(drawn) < TELLING:
        return []
    side = "games" if drawn > 0 else "other programs"
    return [f"It is drawn as {side} are, by its flat fields, straight lines and colours ({drawn:+.1f} of log-odds)."]


def _way(seen: wire.Seen) -> str:
    return f", {seen.way}" if seen.way else ""


_BLANK = {"black": "it is black", "one_colour": "it is of one colour", "tiny": "it is too small"}


def _sentences(seen: wire.Seen) -> list[str]:
    if seen.blank:
        return [f"It tells nothing: {_BLANK.get(seen.blank, seen.blank)}."]
    chance = seen.game_probability
    word = (
        "Looks like a game" if chance >= GAME else "Looks like no game" if chance <= NO_GAME else "May be a game or not"
    )
    said = [f"{word} (probability {chance:.3f}); it is one reason among others, and never enough alone."]
    said += [*_of_drawing(seen.drawn), *_of_shape(*seen.size)]
    if seen.title is not None:
        said.append(f"Looks like [bold]{plain(seen.title)}[/] (likeness {seen.title_score:.3f}).")
    elif seen.title_score:
        said.append(f"Like no title that was learned (the nearest has a likeness of {seen.title_score:.3f}).")
    else:
        said.append('No title is known by its looks yet: `gamedetectd vision learn "Title"`.')
    return said

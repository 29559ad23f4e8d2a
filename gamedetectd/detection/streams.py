"""Games that run elsewhere and are only shown here: cloud gaming in a browser or its own program, and remote play.

What shows the picture is a browser or a launcher, and stays one whatever it shows. A window whose title has exactly the
shape that a service gives to a running game is judged by that alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gamedetectd.detection import paths, picture
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import operands
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.streams import (
    APP_CLASS,
    APP_WINDOW,
    BROWSERS,
    CLIENTS,
    HEADLINE,
    MENUS,
    NO_GAMES,
    PAGES,
    REMOTE,
    SERVICE_ALONE,
    SERVICES,
    TAIL,
    Shape,
)
from gamedetectd.detection.titles import clean, is_generic_name, slug, squeezed
from gamedetectd.domain import Game

_PAGE_OF_APP = Pattern(
    r"^(?:nvidia )?(?:geforce now|xbox cloud gaming|amazon luna|luna|boosteroid|xbox)\s+-\s+(?=\S)", re.IGNORECASE
)
"""A page shown as a program of its own: that program's name comes first."""
_COUNT = Pattern(r"^\(\d+\)\s+|^[▶►🔊🔇●•]\s*")
_MOONLIGHT = Pattern(r"moonlight(-qt|-embedded|gamestreaming)?", re.IGNORECASE)
_MOONLIGHT_VALUED = names(
    """
    resolution width height fps bitrate packetsize display-mode audio-config video-codec video-decoder capture-system-keys
    remote codec mapping platform input audio keydir sdl-video-driver rotate surround localaudio app
    """
)
"""Its options that a value follows, without their dashes."""
_STEAM = Pattern(r"streaming-?client", re.IGNORECASE)
_SIGNS_ITS_TITLES = Pattern(r"(google-?)?chrom|(microsoft-?|ms)edge|brave|vivaldi|opera", re.IGNORECASE)
"""Browsers that put their name behind the title of every window but those that show one page as a program."""
_SUBPROCESS = Pattern(r"--type=.+|-contentproc|--headless(=.*)?")


@dataclass(frozen=True, slots=True)
class Stream:
    """A game shown from elsewhere. ``id`` is "" where only the title is known."""

    title: str
    service: str
    where: str
    id: str = ""


def streamed(case: Case) -> Stream | None:
    """The game that is streamed to the program's window, or None; where nothing else says which, by its picture."""
    found = _said(case)
    if found is not None:
        return found
    seen, source = picture.named(case)
    service = _service(case) if seen else ""
    return Stream(seen, service, source) if service else None


def unnamed(case: Case) -> bool:
    """True where a window shows a screen from elsewhere, and nothing says which game is on it."""
    return case.window is not None and bool(_service(case)) and _said(case) is None


def shown(case: Case) -> bool:
    """True where the program's window shows a screen from elsewhere."""
    return bool(_service(case)) or _said(case) is not None


def _service(case: Case) -> str:
    """The service whose picture the program's window shows, or ""."""
    key = case.program.key
    if _MOONLIGHT.fullmatch(key) or key in REMOTE:
        return "remote play"
    if _STEAM.fullmatch(key):
        return "Steam's remote play"
    if key in CLIENTS:
        return "its cloud service"
    window = case.window
    if key not in BROWSERS or window is None:
        return ""
    alone = SERVICE_ALONE.fullmatch(TAIL.sub("", _COUNT.sub("", case.title)).strip())
    if alone is not None:
        return alone["service"]
    shown = [one for one in case.program.arguments if APP_WINDOW.fullmatch(one)]
    return "its cloud service" if any(PAGES.search(one) for one in (*shown, window.class_name)) else ""


def _said(case: Case) -> Stream | None:
    """The game that program, arguments and window say is streamed."""
    key = case.program.key
    if _MOONLIGHT.fullmatch(key):
        return _moonlight(case)
    if _STEAM.fullmatch(key):
        return _steam(case)
    if key in CLIENTS:
        return _client(case)
    return _browser(case) if key in BROWSERS and case.window is not None else None


def testify(case: Case) -> Iterator[Sign]:
    """One sign for the game that is streamed."""
    stream = streamed(case)
    if stream is not None:
        game = Game(stream.id or f"name:{slug(stream.title)}", stream.title, stream.where)
        yield Sign(
            "container.stream", f"{case.called} shows {stream.title} from {stream.service}, by {stream.where}.", game
        )


def _browser(case: Case) -> Stream | None:
    """A page in a browser. Unless it fills the screen or is a program of its own, only a shape nobody else writes counts."""
    window = case.window
    if window is None or any(_SUBPROCESS.fullmatch(one) for one in case.program.arguments):
        return None
    title = TAIL.sub("", _COUNT.sub("", case.title))
    apart = bool(_SIGNS_ITS_TITLES.match(case.program.key)) and not TAIL.search(case.title)
    apart = (
        apart
        or any(APP_WINDOW.fullmatch(one) for one in case.program.arguments)
        or bool(APP_CLASS.search(window.class_name))
    )
    return _shaped(_PAGE_OF_APP.sub("", title), alone=apart or window.fullscreen)


def _client(case: Case) -> Stream | None:
    """A service's own program; its streamer bears the game's name alone."""
    title = _PAGE_OF_APP.sub("", TAIL.sub("", case.title))
    found = _shaped(title, alone=True)
    if found is None and case.program.key == "geforcenowstreamer" and _is_game(clean(title)):
        return Stream(clean(title), "GeForce NOW", "its window's title")
    return found


def _shaped(text: str, *, alone: bool) -> Stream | None:
    """The first service whose shape the whole title has. ``alone``: the window shows nothing but this page."""
    for service, shapes, whose in SERVICES:
        for shape in shapes if alone or whose is not Shape.ALONE else ():
            found = shape.fullmatch(text.strip())
            title = clean(found["title"]) if found else ""
            if not title or not _is_game(title):
                continue
            if alone or whose is Shape.ITS_OWN or not HEADLINE.fullmatch(title):
                return Stream(title, service, "its window's title")
    return None


def _is_game(title: str) -> bool:
    """False for a service's own pages, for a launcher it runs, and for another service's name."""
    return not (
        MENUS.fullmatch(title.strip())
        or is_generic_name(title)
        or len(title) > 90
        or re.search(r"geforce\s*now|xbox cloud|\s[|]\s", title, re.I)
    )


def _moonlight(case: Case) -> Stream | None:
    """``moonlight stream HOST "App"``; its window tells only the host."""
    arguments = list(case.program.arguments)
    if "stream" not in arguments:
        return None
    after = arguments[arguments.index("stream") + 1 :]
    named = [value for option, value in pairwise(after) if option in ("-app", "--app")]
    given = list(operands(after, lambda option: option.lstrip("-") in _MOONLIGHT_VALUED))
    app = named[0] if named else (given[1] if len(given) > 1 else "")
    if not app or squeezed(app) in NO_GAMES or is_generic_name(app):
        return None
    return Stream(app, "Moonlight's host", "its command line")


def _steam(case: Case) -> Stream | None:
    """Steam's remote play: its number for the game, whose title the library or the window tells."""
    arguments = case.program.arguments
    number = next(
        (value for option, value in pairwise(arguments) if option in ("--gameid", "-gameid")),
        "",
    )
    number = number or next((one.partition("=")[2] for one in arguments if one.startswith("--gameid=")), "")
    row = next((row for row in case.facts.library if row.store == "steam" and row.id == number), None)
    title = row.title if row else clean(re.sub(r"\s+-\s+steam.*$|^steam link.*$", "", case.title, flags=re.IGNORECASE))
    if not number.isdigit() or not title or not _is_game(title) or paths.key(title).startswith("stream"):
        return None
    return Stream(title, "Steam's remote play", "the library" if row else "its window's title", f"steam:{number}")

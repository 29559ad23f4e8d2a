"""What the picture of a program's window says: a reason with a weight, and the title where somebody taught it.

Pixels cannot tell a game from a video of one. So a picture counts only beside evidence from the process itself, never
for a game in what plays videos; and its title only names a game, or a container that does not say what runs in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from gamedetectd.detection import fusion
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.tables.mapped import VIDEO
from gamedetectd.detection.titles import squeezed
from gamedetectd.detection.weights import SIGNALS, THRESHOLD
from gamedetectd.domain import ScreenLabels

SOURCE = "its picture"
"""Where a title came from, as a sentence part."""
TITLE_SCREEN = "its title screen"
"""The same of a title that was read."""
GAME = "screen.game"
TITLE = "screen.title"
READ = "screen.read"
OTHER = "screen.other"
_LINE = math.log(THRESHOLD / (1 - THRESHOLD))
_SURE = 0.9
"""Probability from which on a picture is called a game's, and score from which on its title is believed, where one
picture alone was looked at; several are decided upon by thresholds of their models' own."""
_PROCESS = frozenset(["store", "library", "engine", "files", "place", "entry", "container", "catalogue", "maker"])
"""Groups of signs that come from the process, and not from what it shows."""


def testify(case: Case) -> Iterator[Sign]:
    """Signs from what its picture looks like."""
    screen = case.facts.screen
    if screen is None:
        return
    looks = f"its picture looks like a game with probability {screen.game_probability:.0%}"
    decision = screen.decision or _of_one(screen)
    if decision == "game" and (player := _plays_videos(case)):
        yield Sign("screen.unsupported", f"On the screen {looks}, but it has loaded {player}, which plays videos.")
    elif decision == "game":
        yield Sign(GAME, f"On the screen {looks}.")
    elif decision == "not_game":
        yield Sign(OTHER, f"On the screen {looks}.")
    if decision != "not_game" and (seen := title(case)) and not _plays_videos(case):
        yield Sign(TITLE, f"On the screen it looks like {seen}, as learned before.")
    if screen.read and not _plays_videos(case):
        yield _read(case, screen.read)


def _read(case: Case, title_screen: str) -> Sign:
    """The sign for what its title screen read; what was learned is believed before it, since that is looked at again."""
    learned = title(case)
    if learned and squeezed(learned) != squeezed(title_screen):
        return Sign("screen.unsupported", f"Its title screen reads {title_screen}, but by now it looks like {learned}.")
    return Sign(READ, f"Its title screen reads {title_screen}.")


def supported(signs: Sequence[Sign]) -> list[Sign]:
    """The signs; a picture that looks like a game counts for nothing where the process itself does not speak for one,
    and one that does not takes nothing back that all else establishes: games have menus, and pages of text.
    """
    others = [sign for sign in signs if sign.signal not in (GAME, TITLE, READ, OTHER)]
    if len(others) == len(signs):
        return others
    likely = any(_of_the_process(sign) for sign in others)
    stands = fusion.log_odds(fusion.weigh(others)) >= _LINE
    return [_weighed(sign, likely=likely, stands=stands) for sign in signs]


def _weighed(sign: Sign, *, likely: bool, stands: bool) -> Sign:
    """The sign as it counts beside the others, which make a game ``likely`` or by themselves certain."""
    if sign.signal in (GAME, TITLE, READ) and not likely:
        return _unsupported(sign, "nothing about the program itself speaks for one")
    if sign.signal == OTHER and stands:
        return _unsupported(sign, "all else says that this is a game")
    return sign


def title(case: Case) -> str:
    """The title that several frames agree on, or one picture beyond doubt; "" where there is none."""
    screen = case.facts.screen
    if screen is None or not screen.title or not (screen.decision or screen.title_score >= _SURE):
        return ""
    return screen.title


def named(case: Case) -> tuple[str, str]:
    """The title that a container's picture tells, and where it came from: learned, else read; "" and "" for none."""
    if seen := title(case):
        return seen, SOURCE
    read = case.facts.screen.read if case.facts.screen is not None else ""
    return (read, TITLE_SCREEN) if read else ("", "")


def _of_one(screen: ScreenLabels) -> str:
    if screen.game_probability >= _SURE:
        return "game"
    return "not_game" if screen.game_probability <= 1 - _SURE else "unknown"


def _plays_videos(case: Case) -> str:
    names = sorted(name.rpartition("/")[2].lower() for name in case.facts.mapped)
    return next((name for name in names if VIDEO.match(name)), "")


def _of_the_process(sign: Sign) -> bool:
    row = SIGNALS[sign.signal]
    return row.weight > 0 and (row.group in _PROCESS or sign.signal.startswith(("mapped.", "person.")))


def _unsupported(sign: Sign, why: str) -> Sign:
    return Sign("screen.unsupported", f"{sign.reason.removesuffix('.')}, but {why}.")

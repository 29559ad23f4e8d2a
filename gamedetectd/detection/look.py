"""Whether a look at the screen could tell more: what makes it worth its cost, and excuses it before the person."""

from __future__ import annotations

from dataclasses import replace

from gamedetectd.detection import containers, picture, streams
from gamedetectd.detection.case import build
from gamedetectd.detection.judge import verdict_on
from gamedetectd.domain import Facts, ScreenLabels, Verdict, is_store_id

_LIKE_A_GAME = ScreenLabels(1.0, "Title", 1.0, "game")
_SURE = 0.99
_UNLIKE_A_GAME = ScreenLabels(0.0, decision="not_game")


def worth_a_look(facts: Facts) -> bool:
    """True where the picture could change what is said of a program: a container or a stream that nothing names, or a
    decision that it could turn. Never where the person has said what the program is.
    """
    like = verdict_on(replace(facts, screen=_LIKE_A_GAME))
    if any(one.source.startswith("person.") for one in like.evidence):
        return False
    if _is_unnamed(facts):
        return True
    return like.is_game is not verdict_on(replace(facts, screen=_UNLIKE_A_GAME)).is_game


def worth_reading(facts: Facts) -> bool:
    """True where a title screen could name what runs: in a container or a stream that nothing names. Never where the
    person has said what the program is.
    """
    if not _is_unnamed(facts):
        return False
    evidence = verdict_on(replace(facts, screen=_LIKE_A_GAME)).evidence
    return not any(one.source.startswith("person.") for one in evidence)


def _is_unnamed(facts: Facts) -> bool:
    unseen = build(replace(facts, screen=None))
    return containers.unnamed(unseen) or streams.unnamed(unseen)


def is_stream(facts: Facts) -> bool:
    """True for a window that shows a screen from elsewhere: its colours are those of a video."""
    return streams.shown(build(facts))


def surely_named(verdict: Verdict) -> bool:
    """True where the game's title is known for sure and not by its picture, so that its looks can be remembered."""
    game = verdict.game
    if game is None or game.title_source in (picture.SOURCE, picture.TITLE_SCREEN) or verdict.probability < _SURE:
        return False
    return is_store_id(game.id) or any(one.source in ("person.game", "container.content") for one in verdict.evidence)

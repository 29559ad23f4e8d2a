"""Values as JSON that can always be stored and read again.

Titles and arguments come from other programs: they may hold half characters that no encoding takes, weights may be
infinite, and either may be a megabyte long. None of that may cost a session.
"""

from __future__ import annotations

import math
import sys

import msgspec

from gamedetectd.domain import Evidence, Game, Instant, ProcessKey, Session

LONGEST_TEXT = 2048
"""Characters of one text that are kept."""
MOST_EVIDENCE = 64
"""Reasons of one session that are kept."""
ALSO_KEPT = 16
"""Other ids of one game that are kept."""


def plain(text: str) -> str:
    """The text as every encoding takes it: half characters become U+FFFD, and what is too long is cut."""
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def finite(number: float) -> float:
    """The number, or the nearest one that JSON can hold; 0 for not-a-number."""
    if -sys.float_info.max <= number <= sys.float_info.max:
        return number
    return math.copysign(sys.float_info.max, number) if math.isinf(number) else 0.0


def pack(value: object) -> bytes:
    """Compact JSON of what is storable."""
    return msgspec.json.encode(value)


def storable(session: Session) -> Session:
    """The session with no text, number or count that could not be stored: itself, nearly always."""
    if _fits(session):
        return session
    return Session(
        id=plain(session.id),
        game=storable_game(session.game),
        started_at=finite(session.started_at),
        started_elapsed=finite(session.started_elapsed),
        root=_key(session.root),
        processes=tuple(map(_key, session.processes)),
        evidence=tuple(map(_reason, session.evidence[:MOST_EVIDENCE])),
        probability=finite(session.probability),
        ended_at=None if session.ended_at is None else finite(session.ended_at),
        ended_by=session.ended_by,
        foreground_seconds=finite(session.foreground_seconds),
        active_seconds=finite(session.active_seconds),
        idle_seconds=finite(session.idle_seconds),
    )


def _fits(session: Session) -> bool:
    """True if every part of the session can be stored as it is."""
    texts = [session.id, *(key.boot_id for key in (session.root, *session.processes))]
    numbers = [
        session.started_at,
        session.started_elapsed,
        session.probability,
        session.ended_at or 0.0,
        session.foreground_seconds,
        session.active_seconds,
        session.idle_seconds,
    ]
    games = [session.game]
    for reason in session.evidence:
        texts += (reason.source, reason.reason)
        numbers.append(reason.weight)
        if reason.game is not None:
            games.append(reason.game)
    for game in games:
        texts += (game.id, game.title, game.title_source, game.install_dir, game.platform, *game.also)
    short = len(session.evidence) <= MOST_EVIDENCE and max(map(len, texts)) <= LONGEST_TEXT
    return short and all(map(math.isfinite, numbers)) and _encodable("".join(texts))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable_game(game: Game) -> Game:
    """The game, each other id of it once, and no more of them than are looked at."""
    return Game(
        plain(game.id),
        plain(game.title),
        plain(game.title_source),
        plain(game.install_dir),
        plain(game.platform),
        tuple(dict.fromkeys(plain(other) for other in game.also[:ALSO_KEPT] if other != game.id)),
    )


def storable_moment(at: Instant) -> Instant:
    """The moment in numbers that can be stored."""
    return Instant(finite(at.awake), finite(at.elapsed), finite(at.wall))


def _key(key: ProcessKey) -> ProcessKey:
    return ProcessKey(plain(key.boot_id), key.pid, key.start_ticks)


def _reason(evidence: Evidence) -> Evidence:
    game = None if evidence.game is None else storable_game(evidence.game)
    return Evidence(plain(evidence.source), finite(evidence.weight), plain(evidence.reason), game)

"""The games of the history: one row each, under its most stable id; its other ids are kept as aliases with the reason.

A game first known by its name and later by a store's id stays one game: its sessions, sums and events go over to the
id that lasts.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from gamedetectd.domain import Game, is_store_id
from gamedetectd.sessions.sameness import begins_alike, may_be_one, most_stable, nowhere_else, same_place
from gamedetectd.sessions.storable import finite, storable_game

_COLUMNS = "id, title, title_source, install_dir, platform"
_PUT_GAME = f"""
    INSERT INTO games ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,
        title_source = excluded.title_source, install_dir = excluded.install_dir, platform = excluded.platform
    WHERE (title, title_source, install_dir, platform)
        IS NOT (excluded.title, excluded.title_source, excluded.install_dir, excluded.platform)
"""  # noqa: S608 (constants)
_PUT_ALIAS = """
    INSERT INTO aliases (alias, game_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT (alias) DO UPDATE SET
        game_id = excluded.game_id, reason = excluded.reason, at = excluded.at
    WHERE game_id IS NOT excluded.game_id
"""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another id of a game, why it is the same game's, and since when that is known (wall time)."""

    alias: str
    game_id: str
    reason: str
    at: float


def put_game(connection: sqlite3.Connection, game: Game, at: float) -> str:
    """Write what is known of a game by now, merge the rows that are it, and return the id it has in the history.

    ``at`` is wall time. Raises sqlite3.Error.
    """
    told = storable_game(game)
    own = replace(told, id=_resolved(connection, told))
    reasons = _others(connection, own, told)
    ids = [own.id, *(other for other in reasons if _row(connection, other) is not None)]
    if not any(map(is_store_id, ids)):
        ids += [other for other in reasons if is_store_id(other)]
    survivor = most_stable(ids)
    there = _row(connection, survivor)
    best = there if there is not None and _knows_more(there, told) else own
    values = (survivor, best.title, best.title_source, own.install_dir, own.platform or best.platform)
    connection.execute(_PUT_GAME, values)
    if survivor != told.id:
        reasons.setdefault(told.id, reasons.get(survivor, ""))
    for other, reason in reasons.items():
        if other != survivor:
            _merge(connection, Alias(other, survivor, reason, finite(at)))
    return survivor


def _knows_more(there: Game, told: Game) -> bool:
    """A store's title is not replaced by a guess at it; the person's word replaces both."""
    guessed = not any(is_store_id(one) or one.startswith("user:") for one in (told.id, *told.also))
    return guessed and is_store_id(there.id)


def _resolved(connection: sqlite3.Connection, game: Game) -> str:
    """The id that the game's id became, unless that is a mere name and the game lies elsewhere."""
    found = connection.execute("SELECT game_id FROM aliases WHERE alias = ?", (game.id,)).fetchone()
    target = _row(connection, found[0]) if found is not None else None
    if target is None:
        return game.id
    if not (is_store_id(game.id) or same_place(game, target)):
        apart = not nowhere_else(game, target) or game.platform != target.platform
        elsewhere = _row(connection, game.id) is not None or apart
        return game.id if elsewhere else target.id
    return target.id


def _others(connection: sqlite3.Connection, own: Game, told: Game) -> dict[str, str]:
    """The other ids that are this game's, each with the reason."""
    reasons: dict[str, str] = {}
    for other in told.also:
        why = "You named it so." if other.startswith("user:") else f"What knows it as {told.id} lists {other} too."
        for one in (other, _resolved(connection, replace(own, id=other))):
            there = _row(connection, one)
            row = there or replace(own, id=one, install_dir="")
            promised = there is None and one.startswith("name:")  # whatever bears that name one day may be another game
            if one != own.id and not promised and may_be_one(own, row):
                reasons.setdefault(one, why)
    for row in _in_its_place(connection, own):
        reasons.setdefault(row.id, f"Both lie in {own.install_dir}.")
    return reasons


def _in_its_place(connection: sqlite3.Connection, own: Game) -> list[Game]:
    """Rows of the same directory of which one is a store's and the other a name; none where stores disagree."""
    if not own.install_dir:
        return []
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM games WHERE install_dir = ? AND id <> ?",  # noqa: S608 (constants)
        (own.install_dir, own.id),
    )
    here = [row for row in (Game(*found) for found in rows.fetchall()) if row.platform == own.platform]
    if not is_store_id(own.id):
        stores = [row for row in here if is_store_id(row.id)]
        return stores if len(stores) == 1 and begins_alike(own.title, stores[0].title) else []
    named = [row for row in here if not is_store_id(row.id)]
    if len(named) == 1 and _row(connection, own.id) is None:
        return named  # the one name the place had before the store was known; it may have been a code name
    return [row for row in named if begins_alike(own.title, row.title)]


def _row(connection: sqlite3.Connection, game_id: str) -> Game | None:
    query = f"SELECT {_COLUMNS} FROM games WHERE id = ?"  # noqa: S608 (constants)
    found = connection.execute(query, (game_id,)).fetchone()
    return Game(*found) if found is not None else None


def _merge(connection: sqlite3.Connection, alias: Alias) -> None:
    """Make everything of an id the surviving game's; triggers bring the sums over."""
    old, new = alias.alias, alias.game_id
    connection.execute("UPDATE sessions SET game_id = ? WHERE game_id = ?", (new, old))
    connection.execute("UPDATE aliases SET game_id = ? WHERE game_id = ?", (new, old))
    connection.execute("DELETE FROM periods WHERE game_id = ?", (old,))
    connection.execute("DELETE FROM games WHERE id = ?", (old,))
    connection.execute("DELETE FROM aliases WHERE alias = ?", (new,))
    connection.execute(_PUT_ALIAS, (old, new, alias.reason, alias.at))

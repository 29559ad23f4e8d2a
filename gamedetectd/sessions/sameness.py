"""Which of two games are one: by their ids, and by the directory they are installed in. Pure.

A store's id names one product for ever. ``name:``, ``exe:`` and ``user:`` are what a program was called, which two
different programs may be; they mean the same game only where nothing says that they lie in different places.
"""

from __future__ import annotations

import re
import unicodedata

from gamedetectd.domain import Game, is_store_id, stability

_EDITIONS = re.compile(
    r"\b(?:goty|game of the year|remaster(?:ed)?|remake|definitive|demo|play ?test|beta|alpha|vr|anniversary|enhanced"
    r"|legacy|classic|redux|hd|special|deluxe|complete|collectors?|gold|ultimate|royal|directors cut|prologue|trial"
    r"|(?:public )?test|reloaded|plus|next ?gen)\b"
)


def editions(title: str) -> frozenset[str]:
    """The words of a title that tell one edition of a game from another."""
    plain = re.sub("['’]", "", unicodedata.normalize("NFKD", title).casefold())
    return frozenset(_EDITIONS.findall(re.sub(r"[\W_]+", " ", plain)))


def same_place(one: Game, other: Game) -> bool:
    """Both are installed in one directory, and it is known which."""
    return one.install_dir != "" and _place(one) == _place(other)


def nowhere_else(one: Game, other: Game) -> bool:
    """Nothing says that they are installed in different directories."""
    return "" in (one.install_dir, other.install_dir) or same_place(one, other)


def may_be_one(one: Game, other: Game) -> bool:
    """True unless something tells the two apart whose ids are said to be the same game's.

    Two numbers of one store are two products. Two editions are two games, unless the directory is the same. A name is
    no more than a name.
    """
    if one.id == other.id:
        return True
    if _two_products(one.id, other.id):
        return False
    if same_place(one, other):
        return True
    if not (is_store_id(one.id) and is_store_id(other.id)):
        return nowhere_else(one, other) and one.platform == other.platform
    return editions(one.title) == editions(other.title)


def begins_alike(one: str, other: str) -> bool:
    """One title, without its signs, begins with the other: ``Hollow Knight`` and ``hollow_knight``."""
    shorter, longer = sorted((_letters(one), _letters(other)), key=len)
    return bool(shorter) and longer.startswith(shorter)


def most_stable(ids: list[str]) -> str:
    """The id that lasts; the first of equal ones."""
    return min(ids, key=stability)


def _two_products(one: str, other: str) -> bool:
    return is_store_id(one) and one.partition(":")[0] == other.partition(":")[0]


def _letters(title: str) -> str:
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", title).casefold()))


def _place(game: Game) -> str:
    return game.install_dir.rstrip("/\\")

"""The title: which of the names a program bears is the one its player would say, and where that name came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.names import TRUST, Name, candidates, readable_stem
from gamedetectd.detection.person import PERSON, fitting
from gamedetectd.detection.titles import initials, is_generic_name, slug, squeezed
from gamedetectd.domain import Game, is_store_id, stability

__all__ = ["TRUST", "Name", "best", "candidates", "decides", "game"]

_DECIDING = (
    "person.game",
    "library.installed",
    "library.window_title",
    "store.environment",
    "store.argument",
    "store.windows_list",
    "container.content",
    "container.stream",
    "place.builtin",
    "desktop_entry.game",
    "catalogue.exclusive",
    "catalogue.path",
    "catalogue.title",
    "catalogue.word",
)
"""Signals whose game is the game, in order of trust; one without a title gives the id and leaves the title open."""

_HINTING: Mapping[str, float] = {
    "catalogue.edition": 58,
    "catalogue.name": 58,
    "catalogue.directory": 55,
    "catalogue.shown": 52,
    "catalogue.shared": 45,
}
"""Signals whose game is only likely, and how far its title is trusted, 0 to 100, beside what the program itself says."""

_IDS = {"steam_id": "steam", "gog_id": "gog", "epic_id": "epic", "itch_id": "itch"}
"""Ids among the facts of files beside the program, and the stores whose they are."""

_AGREEING = 0.5
_SUBTITLE = 0.4
_PREFIX = 0.2
"""Shares of another source's trust that a name gains where that source says the same, where the name goes on with a
subtitle (and not with a joke, as some games' windows do), or where one is the beginning or the end of the other."""


def game(case: Case, signs: Sequence[Sign]) -> Game:
    """The game with its most stable id; the title is the best there is, at worst the executable's readable name."""
    named = _told(signs, _DECIDING)
    likely = _told(signs, tuple(_HINTING))
    told = next((one for _, one in named if one.title_source == PERSON or _tells(one.title)), None)
    if told is not None:
        likely = [(signal, one) for signal, one in likely if _is_named(one, told.title)]
        return _identified(case, [*named, *likely], told.title, told.title_source)
    hints = [Name(one.title, _HINTING[signal], one.title_source, hint=True) for signal, one in likely]
    name = best([*candidates(case), *hints])
    if name is not None:
        named += [(signal, one) for signal, one in likely if squeezed(one.title) == squeezed(name.title)]
        return _identified(case, named or [("", _nameless(case, f"name:{slug(name.title)}"))], name.title, name.source)
    title = readable_stem(case) or case.called
    unnamed = _nameless(case, f"exe:{case.program.base or slug(title)}")
    return _identified(case, named or [("", unnamed)], title, "its executable's name alone")


def decides(sign: Sign) -> bool:
    """True for a sign that brings a title which no other fact replaces."""
    return sign.signal not in _HINTING and sign.game is not None and bool(sign.game.title)


def _told(signs: Sequence[Sign], signals: Sequence[str]) -> list[tuple[str, Game]]:
    """The games that signs of these signals tell, with the signal, in the signals' order."""
    found = {sign.signal: sign.game for sign in reversed(signs) if sign.game is not None}
    return [(signal, found[signal]) for signal in signals if signal in found]


def _nameless(case: Case, game_id: str) -> Game:
    return Game(game_id, "", "", case.directory)


def _identified(case: Case, named: Sequence[tuple[str, Game]], title: str, source: str) -> Game:
    """The first of the games that were told, under the id that lasts, with the ids that the others give it."""
    signal, first = named[0]
    others = [one for _, one in named[1:] if _is_named(one, title) or signal == "person.game"]
    inside = signal.startswith("container.") or (signal == "person.game" and _tells_by_argument(case))
    if inside:
        others = []  # one of the executable's games, and the other ids are those of the executable
    ids = [first.id, *first.also]
    for other in others:
        ids += [one for one in (other.id, *other.also) if is_store_id(one) or _is_named(other, title)]
    if not inside:
        ids += _beside(case)
    ids = _one_of_each_store(ids)
    lasting = first.id if _is_a_stores(first.id) else min(ids, key=stability)
    kept = [one for one in ids if one != lasting and not one.startswith("exe:")]
    place = next((one.install_dir for _, one in named if one.install_dir), "")
    platform = next((one.platform for _, one in named if one.platform), "")
    return Game(lasting, title, source, place, platform, tuple(kept))


def _is_a_stores(game_id: str) -> bool:
    """A store's own id, and not what a launcher for several stores, or a list of the system, calls the game."""
    return is_store_id(game_id) and game_id.partition(":")[0] not in (
        "heroic",
        "lutris",
        "umu",
        "windows",
        "desktop",
        "mac",
    )


def _is_named(one: Game, title: str) -> bool:
    return not one.title or squeezed(one.title) == squeezed(title)


def _tells_by_argument(case: Case) -> bool:
    rule = fitting(case)
    return rule is not None and bool(rule.argument)


def _beside(case: Case) -> list[str]:
    """The ids that files beside the program tell."""
    told = case.facts.metadata
    return [f"{store}:{told[key]}" for key, store in _IDS.items() if key in told]


def _one_of_each_store(ids: Sequence[str]) -> list[str]:
    """Two numbers of one store are two products: the first is believed."""
    kept: dict[str, str] = {}
    for one in ids:
        kept.setdefault(one.partition(":")[0], one)
    return list(kept.values())


def _tells(title: str) -> bool:
    """True for a title that names one game; ``140`` and ``2048`` do where a store or a menu says so."""
    return title.isdigit() or (bool(title) and not is_generic_name(title))


def best(names: Sequence[Name]) -> Name | None:
    """The name with the most trust, its own and that of the sources that agree; spelt as the best of those spell it."""
    if not names:
        return None

    def standing(name: Name) -> float:
        gained = 0.0
        for source in sorted({other.source for other in names} - {name.source}):
            others = [other for other in names if other.source == source]
            gained += max(_support(name, other.title) * other.trust for other in others)
        return name.trust + gained

    chosen = max(names, key=standing)
    same = [name for name in names if squeezed(name.title) == squeezed(chosen.title)]
    return replace(max(same, key=_spelling), source=chosen.source)


def _support(name: Name, other: str) -> float:
    title = name.title
    own, theirs = squeezed(title), squeezed(other)
    if own == theirs or (len(theirs) >= 2 and theirs == initials(title)):
        return _AGREEING
    if name.hint and squeezed(title.rpartition(": ")[2]) == theirs:
        return _AGREEING  # people say Oblivion
    shorter, longer = sorted((own, theirs), key=len)
    subtitled = not name.hint and any(squeezed(part) == theirs for part in re.split(r":\s+|\s-\s", title))
    if own == longer and subtitled and not title.endswith(("!", "?", "…")):
        return _SUBTITLE
    related = len(shorter) >= 4 and (longer.startswith(shorter) or longer.endswith(shorter))
    return _PREFIX if related else 0.0


def _spelling(name: Name) -> tuple[bool, bool, int, float]:
    """Mixed case before all capitals or none, then as somebody wrote it, then more words and signs, then trust."""
    mixed = name.title not in (name.title.upper(), name.title.lower()) or len(name.title) <= 4
    return mixed, not name.guessed, len(re.findall(r"[\W_]", name.title)), name.trust

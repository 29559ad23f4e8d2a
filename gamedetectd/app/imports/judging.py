"""Judges a window that another program saw: by its application's name and its title, all there is to know of it now.

What stores have installed, the catalogue and the person's own rules are asked as for a program that runs; what can
only be seen of a running one is taken for seen and empty. Where that leaves it open, a window that is called like a
game of the history or of a store is that game's.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from gamedetectd.app.machine import Machine
from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.domain import (
    ALL_KINDS,
    Evidence,
    FactKind,
    Facts,
    Game,
    Needs,
    ProcessInfo,
    ProcessKey,
    Rule,
    Verdict,
    Window,
)

ASKED = frozenset([FactKind.LIBRARY, FactKind.CATALOGUE])
"""The kinds of fact that can still be had."""
OPEN = 0.01
"""From this probability on nothing speaks against a game, and its name may decide."""
_CALLED_SO = Evidence("import.title", 5.0, "A game that you have is called exactly so.")
_KEY = ProcessKey("", 1, 0)


def window_judge(machine: Machine, rules: Sequence[Rule], played: Iterable[Game]) -> Callable[[str, str], Verdict]:
    """What judges an application's name and a window's title on this machine; ``played`` are games of the history."""
    titles = _by_title(machine, played)

    def verdict(app: str, title: str) -> Verdict:
        process = ProcessInfo(_KEY, exe=app if "/" in app or "\\" in app else None, argv=(app,), comm=app)
        window = Window(handle=1, pid=_KEY.pid, title=title, class_name=app)
        facts = Facts(
            system=machine.system, processes=(process,), window=window, rules=tuple(rules), gathered=ALL_KINDS - ASKED
        )
        while isinstance(answer := judge(facts), Needs):
            known = facts.gathered | frozenset(answer.kinds)
            facts = dataclasses.replace(machine.gather(facts, answer.kinds), gathered=known)
        return _named(verdict_on(facts), titles.get(_folded(app)) or titles.get(_folded(title)))

    return verdict


def _named(verdict: Verdict, game: Game | None) -> Verdict:
    if verdict.is_game or game is None or verdict.probability < OPEN:
        return verdict
    odds = math.log(verdict.probability / max(1.0 - verdict.probability, 1e-12)) + _CALLED_SO.weight
    return Verdict(game, 1.0 / (1.0 + math.exp(-odds)), (_CALLED_SO, *verdict.evidence))


def _by_title(machine: Machine, played: Iterable[Game]) -> Mapping[str, Game]:
    """Games by what they are called; a title that two have names neither."""
    machine.library.refresh()
    owned = [Game(f"{one.store}:{one.id}", one.title, "its store", one.install_dir) for one in machine.library.games()]
    titles: dict[str, Game | None] = {}
    for game in (*owned, *played):
        folded = _folded(game.title)
        same = titles.get(folded, game)
        titles[folded] = same if same is not None and same.id == game.id else None
    return {title: game for title, game in titles.items() if game is not None and title}


def _folded(text: str) -> str:
    return text.removesuffix(".exe").strip().casefold()

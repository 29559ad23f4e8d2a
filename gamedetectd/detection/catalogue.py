"""The catalogue: is the program one that the world knows as a game's, and which game's?

The row that fits best names the game; where several fit equally well and nothing decides, nobody does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gamedetectd.detection import engines, paths, stores
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.containers import is_container
from gamedetectd.detection.known_games import Fit, Match, Matcher, called, same_game
from gamedetectd.detection.roles import named_as_tool
from gamedetectd.detection.stores import started_by_launcher
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import initials, is_generic_name, slug, squeezed
from gamedetectd.domain import Game, KnownGame

SOURCE = "the catalogue"
"""Where a title comes from that a row told."""
_SIGNALS = {
    Fit.EXCLUSIVE: "catalogue.exclusive",
    Fit.PATH: "catalogue.path",
    Fit.EDITION: "catalogue.edition",
    Fit.NAME: "catalogue.name",
    Fit.SHARED: "catalogue.shared",
    Fit.DIRECTORY: "catalogue.directory",
}
_ONE_WORD = 8
"""Letters up to which one word may be many a program's title."""
_TELLING = 6
"""Letters from which on a title by itself tells a game from a program that is called alike."""
_SEVERAL = 5
"""Letters from which on initials are hardly another word."""
_NAMED = 3
"""How many titles a sentence lists."""


def testify(case: Case) -> Iterator[Sign]:
    """One sign at most: for the game that fits best, for several of which nothing tells which, or against."""
    if case.family is None or not case.facts.catalogue:
        return
    matcher = Matcher(case)
    found = [match for row in case.facts.catalogue if _is_game(row) for match in matcher.matches(row)]
    games = [match for match in found if not match.launcher]
    launchers = [match for match in found if match.launcher]
    best = _agreeing(case, games)
    if (launcher := _launcher(case, launchers, best)) is not None:
        yield launcher
    elif best and best[0].fit is not Fit.SHARED:
        yield from _sign(case, best)
    elif (shown := _by_title_alone(case)) is not None:
        yield shown
    elif best:
        yield from _sign(case, best)
    elif matcher.demanding and case.row is None and not case.program.runtime:
        reason = f"{case.called} is known with arguments that tell its game, and none of them is among its own."
        yield Sign("catalogue.contrary", reason)


def _is_game(row: KnownGame) -> bool:
    """False for what the lists hold beside games: servers, editors, benchmarks, tools."""
    store, _, ident = row.id.partition(":")
    return not is_software(store, ident, row.title) and not named_as_tool(row.title)


def _best(matches: Sequence[Match]) -> list[Match]:
    """The best match of each game among those that fit equally well, the most trusted catalogue's first."""
    top = max(((match.fit, match.length) for match in matches), default=None)
    chosen: list[Match] = []
    for match in matches:
        if (match.fit, match.length) == top and not any(same_game(match.game, one.game) for one in chosen):
            chosen.append(match)
    return chosen


def _agreeing(case: Case, games: Sequence[Match]) -> list[Match]:
    """The best, minding the number by which a store says that it started a game.

    The row that bears it is the game, however little else fits; a row that bears another number of that store is not.
    An exclusive name stays: betas and demos have numbers of their own.
    """
    told = {sign.game.id for sign in stores.testify(case) if sign.game is not None and sign.game.id}
    numbered = max((match for match in games if told & _ids(match.game)), key=lambda match: match.fit, default=None)
    if numbered is not None:
        by = f"{numbered.by} and the number its store gives"
        return [replace(numbered, fit=max(numbered.fit, Fit.PATH), by=by)]
    told_by = {ident.partition(":")[0] for ident in told}
    return [
        match
        for match in _best(games)
        if match.fit is Fit.EXCLUSIVE or told_by.isdisjoint(ident.partition(":")[0] for ident in _ids(match.game))
    ]


def _ids(game: KnownGame) -> frozenset[str]:
    return frozenset((game.id, *game.also)) - {""}


def _launcher(case: Case, launchers: Sequence[Match], best: Sequence[Match]) -> Sign | None:
    """Against, where the program is known as a launcher at least as well as it is as a game and does not fill the screen."""
    known = _best([match for match in launchers if match.fit >= Fit.NAME])
    if not known or (best and best[0].fit >= known[0].fit) or (case.window is not None and case.window.fullscreen):
        return None
    return Sign("catalogue.launcher", f"{case.called} is known to start {known[0].game.title} and not to be it.")


def _sign(case: Case, best: Sequence[Match]) -> Iterator[Sign]:
    fit, program = best[0].fit, case.called
    chosen = best[0] if len(best) == 1 else _by_title(case, best)
    if fit is Fit.DIRECTORY:
        if chosen is not None and _among_games(case):
            place = paths.base_name(case.directory) or program
            reason = f"{program} lies in {place}, where {chosen.game.title} is installed."
            yield Sign(_SIGNALS[fit], reason, _game(case, chosen))
    elif fit is Fit.SHARED or (chosen is None and fit is Fit.NAME):
        reason = f"{program} is the name of a program of {_titles(best)}, and perhaps of others."
        yield Sign("catalogue.shared", reason, _game(case, best[0]) if _is_short_for(case, best) else None)
    elif chosen is None:
        yield Sign(_SIGNALS[fit], f"{program} is a program of one of {_titles(best)}, by {best[0].by}.")
    else:
        reason = f"{program} is a program of {chosen.game.title}, by {chosen.by}."
        yield Sign(_SIGNALS[fit], reason, _game(case, chosen))


def _is_short_for(case: Case, best: Sequence[Match]) -> bool:
    """The name is the initials of the only game that has such a program: ``GTAIV.exe``, should it be a game at all."""
    name = squeezed(case.program.stem)
    return len(best) == 1 and len(name) >= _SEVERAL and name == initials(best[0].game.title)


def _by_title(case: Case, best: Sequence[Match]) -> Match | None:
    shown = squeezed(case.shown) if case.shown else ""
    return next((match for match in best if shown and squeezed(called(match.game)) == shown), None)


def _by_title_alone(case: Case) -> Sign | None:
    """A protected program hides its path; its window then says which of the games it is, or what it tells of. One that
    does not hide it must fill the screen under a title of several words.
    """
    shown, hidden = case.shown, not paths.is_absolute(case.program.path)
    if len(squeezed(shown)) < _TELLING or is_generic_name(shown) or not (hidden or _fills_the_screen(case)):
        return None
    row = next((row for row in case.facts.catalogue if squeezed(row.title) == squeezed(shown) and _is_game(row)), None)
    if row is None:
        return None
    game = Game(row.id or f"name:{slug(row.title)}", row.title, SOURCE, also=row.also)
    if not hidden:
        return Sign("catalogue.shown", f"It fills the screen under the title of {row.title}.", game)
    several = " " in shown or len(shown) > _ONE_WORD
    signal = "catalogue.title" if several else "catalogue.word"
    return Sign(signal, f"Its window's title is that of {row.title}, and its path is hidden.", game)


def _fills_the_screen(case: Case) -> bool:
    several = " " in case.shown and len(squeezed(case.shown)) >= _ONE_WORD
    return several and case.window is not None and case.window.fullscreen and not is_container(case)


def _among_games(case: Case) -> bool:
    """In a folder that holds games, started by a launcher of games, or with an engine's marks beside it."""
    return started_by_launcher(case) or case.games_folder is not None or any(True for _ in engines.testify(case))


def _titles(matches: Sequence[Match]) -> str:
    told = [match.game.title for match in matches[:_NAMED]]
    return ", ".join(told) + (" …" if len(matches) > _NAMED else "")


def _game(case: Case, match: Match) -> Game:
    row = match.game
    return Game(row.id or f"name:{slug(row.title)}", called(row), SOURCE, case.directory, also=row.also)

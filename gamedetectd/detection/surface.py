"""What can be seen of a running program: its window, the libraries it has mapped, its use of the GPU."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection import engines, paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.places import installed_name
from gamedetectd.detection.tables.mapped import ENGINES, GRAPHICS, PACKAGES, PAD, SOUND, TOOLKIT
from gamedetectd.detection.tables.windows import CLASSES, PURPOSES, TITLES
from gamedetectd.detection.titles import squeezed
from gamedetectd.domain import Bounds, Window

_SMALL_PX = 200_000
"""Area in px below which a window is a dialog: 500 by 400."""
_IN_A_BROWSER = frozenset(["engine.adventure", "engine.rpg_maker", "engine.construct"])
_BUSY = 0.2
"""Share of the GPU's time from which on it counts as busy: desktops and videos stay below."""


def testify_window(case: Case) -> Iterator[Sign]:
    """Signs from the window's class, title, size and whether it fills the screen."""
    window = case.window
    if window is None:
        return
    yield from (sign for sign in _window_class(window) if not _is_a_games_window(case, sign))
    yield from _window_title(case)
    folder = case.games_folder
    if folder is not None and folder.signal == "place.store" and case.title:
        yield Sign("window.in_store", f"It shows a window and lies in {folder.called}.")
    yield from _purpose(case)
    if window.fullscreen:
        yield Sign("window.fullscreen", "Its window fills the whole screen.")
    elif window.bounds is not None and _is_small(window.bounds):
        yield Sign(
            "window.small", f"Its window is only {window.bounds.width} by {window.bounds.height} px, like a dialog."
        )
    own = _own_names(case)
    shown = case.shown
    title = squeezed(shown) if shown else ""
    if len(title) >= 3 and title in own:
        yield Sign("window.own_name", f'Its window title "{case.title[:60]}" is its own name alone, as games have it.')
        if own.count(title) > 1 and case.games_folder is not None:
            yield Sign("window.names_agree", "Its directory among games, its executable and its window bear one name.")


def testify_mapped(case: Case) -> Iterator[Sign]:
    """Signs from the libraries it has loaded: the three that games need, and those that only applications use."""
    names = sorted(name.rpartition("/")[2].lower() for name in case.facts.mapped)
    kinds = {
        "graphics": next((name for name in names if GRAPHICS.match(name)), None),
        "sound": next((name for name in names if SOUND.match(name)), None),
        "gamepad": next((name for name in names if PAD.match(name)), None),
    }
    present = {kind: name for kind, name in kinds.items() if name}
    toolkit = next((name for name in names if TOOLKIT.match(name)), None)
    if toolkit:
        yield Sign("mapped.toolkit", f"It has loaded {toolkit}, which applications use.")
    if len(present) == len(kinds):
        yield Sign(
            "mapped.game", f"It has loaded libraries for graphics, sound and gamepads: {', '.join(present.values())}."
        )
    elif "graphics" in present and len(present) > 1:
        yield Sign("mapped.some", f"It has loaded {' and '.join(present.values())}.")
    engine = next((name for name in names if name.startswith(ENGINES)), None)
    if engine:
        yield Sign("mapped.engine", f"It has loaded {engine}, which games use.")
    if package := next((name for name in names if name in PACKAGES), None):
        yield Sign("mapped.package", f"It has loaded {package}, with which games are written in Python.")


def testify_gpu(case: Case) -> Iterator[Sign]:
    """A sign for heavy use of the graphics processor."""
    if case.facts.gpu >= _BUSY:
        yield Sign("gpu.busy", f"It uses {case.facts.gpu:.0%} of the graphics processor's time.")


def _window_class(window: Window) -> Iterator[Sign]:
    classes = [part.strip().strip('"') for part in window.class_name.split(",") if part.strip()]
    for name in (*classes, window.class_name):
        for signal, pattern in CLASSES:
            if pattern.fullmatch(name):
                yield Sign(signal, f"Its window is of the class {name}.")
                return


def _is_a_games_window(case: Case, sign: Sign) -> bool:
    """A game in an application's window: by an engine that shows games in a browser's, or as the catalogue knows it."""
    if sign.signal != "window.application":
        return False
    return case.exclusive or any(one.signal in _IN_A_BROWSER for one in engines.testify(case))


def _window_title(case: Case) -> Iterator[Sign]:
    title = case.title
    for signal, called, pattern in TITLES:
        if pattern.search(title) and not _is_its_name(case, signal, pattern):
            yield Sign(signal, f'Its window title "{title[:80]}" is that of {called}.')
            return


def _is_its_name(case: Case, signal: str, pattern: Pattern) -> bool:
    """The store's own title for it reads so; or it is no document that stands there, but the program: ``BeamNG.drive``."""
    if signal == "title.tool":
        return case.row is not None and bool(pattern.search(case.row.title))
    first = case.title.partition(" ")[0]
    return signal == "title.document" and "." in first and squeezed(case.program.base).startswith(squeezed(first))


def _is_small(bounds: Bounds) -> bool:
    return 0 < bounds.width * bounds.height < _SMALL_PX


def _purpose(case: Case) -> Iterator[Sign]:
    """A program made like a game whose names say what else it is for; not where a store lists it among its games."""
    if case.row is not None:
        return
    bundle = case.facts.bundle
    for text in (case.title, paths.base_name(case.directory), bundle.display_name if bundle else ""):
        if found := PURPOSES.search(text.replace("_", " ")):
            yield Sign(
                "window.purpose", f'Its name "{text[:60]}" says that it is for something else ({found[0].lower()}).'
            )
            return


def _own_names(case: Case) -> list[str]:
    """The names of its directory and of its executable. Applications put a document beside them sooner or later."""
    own = [squeezed(installed_name(case.directory, case.program.path))] if case.directory else []
    return own if case.program.generic else [*own, squeezed(case.program.stem)]

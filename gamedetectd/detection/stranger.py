"""What lies in a game's directory and is not the game: people unpack mod managers, editors and compilers there.

Such a program bears a name of its own, is started by hand, and shows that name. The game itself is called after the game,
is known to the catalogue, has an engine's data of its own, or is started by the store that installed it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection import engines, paths, stores
from gamedetectd.detection.case import Case, Sign, words
from gamedetectd.detection.places import is_structure
from gamedetectd.detection.tables.windows import CLASSES
from gamedetectd.detection.titles import initials, is_generic_name, squeezed
from gamedetectd.detection.version import of_program
from gamedetectd.domain import FactKind, System

_OWN_DATA = frozenset(
    ["engine.unity_data", "engine.godot", "engine.unreal_program", "engine.love_game", "engine.renpy"]
)
"""Signs of engines that mean exactly this program."""
_WORD = 4
"""Letters from which on a word in common is no chance."""
_ENGINE_CLASSES = dict(CLASSES)["window.engine"]


def testify(case: Case) -> Iterator[Sign]:
    """One sign against at most: it lies where a store installed a game, and nothing says that it is that game."""
    title = _installed(case)
    if not title or FactKind.CATALOGUE not in case.facts.gathered or not _is_told(title):
        return
    if _bears_another_name(case, title) and not _is_known(case) and not _is_the_stores(case):
        yield Sign("library.stranger", f"{case.called} lies with {title}, and neither name nor window are the game's.")


def _installed(case: Case) -> str:
    """The title of what a store installed around the program, at least its directory's name; "" elsewhere."""
    folder = case.games_folder
    if case.row is not None and paths.within(case.program.path, case.row.install_dir, ignore_case=True):
        return case.row.title
    return folder.title if folder is not None and folder.signal == "place.store" else ""


def _is_told(title: str) -> bool:
    """True for a title that names can be compared with: most executables are spelt in Latin letters."""
    return title.isascii() and not is_generic_name(title)


def _bears_another_name(case: Case, title: str) -> bool:
    """Program and window are called otherwise; a window may name the game beside the program: ``LOOT | Skyrim``."""
    stem, window = case.program.stem, case.window
    telling = len(squeezed(stem)) >= _WORD and not is_generic_name(stem) and not case.program.runtime
    if not telling or _related(stem, title) or _related(stem, paths.base_name(case.directory)):
        return False
    if any(_related(of_program(case).get(field, ""), title) for field in ("ProductName", "FileDescription")):
        return False
    if window is None:
        return _lies_apart(case)
    if not case.title or window.fullscreen or _ENGINE_CLASSES.fullmatch(window.class_name) or not case.title.isascii():
        return False
    shown = squeezed(case.title)
    return squeezed(stem) in shown or not (is_generic_name(case.shown) or _related(case.title, title))


def _lies_apart(case: Case) -> bool:
    """In a directory of its own within the game's: in ``plugins`` or ``CKAN``, not in ``bin`` or the game's root."""
    place = paths.base_name(case.program.directory)
    root = paths.base_name(case.row.install_dir if case.row is not None else case.directory)
    return place.casefold() != root.casefold() and not is_structure(place)


def _related(name: str, title: str) -> bool:
    """True where one contains the other or begins with its initials, or they share a word."""
    if not name.strip():
        return False
    own, theirs, short = squeezed(name), squeezed(title), initials(title)
    if own in theirs or theirs in own or (len(short) > 1 and own.startswith(short)):
        return True
    return any(len(word) >= _WORD and word in own for word in words(title))


def _is_known(case: Case) -> bool:
    """The catalogue or the library has the program among what starts a game, or its engine's data is named after it."""
    name = case.program.base.casefold()
    launches = (launch for row in case.facts.catalogue for launch in row.launches if not launch.launcher)
    if any(paths.base_name(launch.path) == name for launch in launches):
        return True
    started = case.row.executables if case.row is not None else ()
    if any(paths.base_name(path).casefold() == name for path in started):
        return True
    return any(sign.signal in _OWN_DATA for sign in engines.testify(case))


def _is_the_stores(case: Case) -> bool:
    """A store started it, or it is one of the many under Linux whose names and windows say little."""
    return case.facts.system is System.LINUX or any(
        sign.signal.startswith("store.") for sign in stores.testify(case) if sign.signal != "store.gamemode"
    )

"""Programs that run a game which is not themselves: emulators, ScummVM, DOSBox, shared engines, Minecraft's Java.

With content they are that game; with nothing loaded they are none. Each kind has a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gamedetectd.detection import dos, emulators, java, paths, picture, scumm, shared_engines
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.emulators import DOSBOX, Emulator, emulator, is_emulator
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import from_content, from_directory, is_generic_name, slug, squeezed
from gamedetectd.domain import Game

_SHOWS_ITSELF = Pattern(r"[\s(]|$")


def is_container(case: Case) -> bool:
    """True for an emulator or a virtual machine for games, loaded or not."""
    return bool(DOSBOX.fullmatch(case.program.key)) or _emulator(case) is not None


def may_be_told(case: Case) -> bool:
    """True where the container's own files may say what it runs: RetroArch, ScummVM and DOSBox."""
    kind = _emulator(case)
    return bool(DOSBOX.fullmatch(case.program.key)) or (kind is not None and kind.name in ("RetroArch", "ScummVM"))


def inside(case: Case) -> Inside | None:
    """What runs inside; None for an empty container, or for no container at all.

    Where nothing says it, or only a file that could be called anything, its picture does.
    """
    found = _said(case)
    seen, source = picture.named(case) if is_unnamed(case, found) else ("", "")
    if not seen or (source == picture.TITLE_SCREEN and names_itself(case, seen)):
        return found
    return Inside(seen, source, _only_machine(case, found))


def is_unnamed(case: Case, found: Inside | None) -> bool:
    """True for a container with something in it, as ``found`` tells, that nobody calls by a name which tells a game."""
    if not is_container(case) or (found is None and _says_empty(case)):
        return False
    if found is None or is_generic_name(found.title):
        return True
    alone = found.where == emulators.ARGUMENT and " " not in found.title
    return alone and squeezed(found.title) not in squeezed(case.title)


def unnamed(case: Case) -> bool:
    """True for a container of which neither process nor window say what it runs."""
    return is_unnamed(case, _said(case))


def _says_empty(case: Case) -> bool:
    """True where the container itself says that it runs nothing, or works as something else."""
    content = case.facts.content
    empty = content is not None and bool(content.source) and not (content.path or content.title)
    return empty or (bool(DOSBOX.fullmatch(case.program.key)) and dos.works(case))


def _only_machine(case: Case, found: Inside | None) -> str:
    """The machine that runs inside, where there is only one that it can be."""
    kind = _emulator(case)
    if found is not None and found.platform:
        return found.platform
    return kind.platforms[0] if kind is not None and len(kind.platforms) == 1 else ""


def _said(case: Case) -> Inside | None:
    """What process and window say that runs inside."""
    if case.program.runtime and (found := java.loaded(case)):
        return found
    if case.program.runtime and case.program.base.lower().endswith(".swf"):
        return Inside(from_content(case.program.base), "the file it plays", "Flash")
    if shared_engines.is_engine(case):
        return shared_engines.loaded(case)
    if not is_container(case):
        return None
    if DOSBOX.fullmatch(case.program.key) and dos.works(case):
        return None
    return _loaded(case) or _bundled(case) or (dos.guessed(case) if DOSBOX.fullmatch(case.program.key) else None)


def content_title(case: Case) -> tuple[str, str] | None:
    """The title of what runs inside and where it was read; None for an empty container or no container at all."""
    found = inside(case)
    return (found.title, found.where) if found else None


def names_itself(case: Case, title: str) -> bool:
    """True where a store's or a directory's title is the emulator's own, and not that of what it runs."""
    own = squeezed(case.program.stem)[:5]
    return is_emulator(paths.key(title)) or squeezed(title).startswith(own)


def without_itself(case: Case, signs: list[Sign]) -> list[Sign]:
    """The signs without those for a loaded container itself: the store's row of RetroArch is not the game it runs.

    An option such as ``--nogui`` hides the container's own menus and makes no server of it.
    """
    if not any(sign.signal == "container.content" for sign in signs):
        return signs
    if case.program.runtime and not is_container(case):
        return [sign for sign in signs if not sign.signal.startswith("name.")]  # of a main class, not of a program
    return [sign for sign in signs if sign.signal == "container.content" or not _means_itself(case, sign)]


_OF_ITSELF = (
    "version.",
    "argument.server",
    "argument.tool",
    "window.application",
    "title.document",
    "toolkit.",
    "mapped.toolkit",
)
"""Signals that speak of the emulator as a program, whatever it runs."""


def _means_itself(case: Case, sign: Sign) -> bool:
    if sign.signal.startswith(_OF_ITSELF):
        return True
    if sign.signal in ("library.software", "place.software"):
        return shared_engines.is_engine(case)
    return sign.game is not None and (
        sign.game.id in _ON_STEAM or bool(sign.game.title and names_itself(case, sign.game.title))
    )


_OWN_DIRECTORY = "the directory it lies in"
_ON_STEAM = frozenset(["steam:1118310"])
"""Steam's number for RetroArch."""


def came_later(case: Case, signs: list[Sign]) -> bool:
    """True where the game inside was not named when the program was started, so that it came in afterwards."""
    inside_it = any(sign.signal in ("container.content", "container.stream") for sign in signs)
    given = any(argument and not argument.startswith("-") for argument in case.program.arguments)
    return inside_it and not given and _bundled(case) is None and not case.program.runtime


def testify(case: Case) -> Iterator[Sign]:
    """One sign: the game inside, or that there is none; and for Java's archives that they serve or launch one."""
    found = inside(case)
    if found is not None:
        game = _game(case, found)
        machine = f" ({game.platform})" if game.platform else ""
        yield Sign("container.content", f"{case.called} runs {game.title}{machine}, by {game.title_source}.", game)
    elif is_container(case):
        yield Sign("container.empty", f"{case.called} runs games but has none loaded.")
    elif java.serves(case):
        yield Sign("known.server", f"{case.called} is a server of Minecraft, in which nobody plays.")
    elif java.launches(case):
        yield Sign("known.launcher", f"{case.called} starts or installs Minecraft, it is not the game itself.")


def _game(case: Case, found: Inside) -> Game:
    """The game inside; the library's where a store starts just this content."""
    told = case.facts.content.path if case.facts.content else ""
    given = {paths.folded(one, ignore_case=True) for one in (*case.program.arguments, told) if one}
    for row in case.facts.library:
        starts = any(paths.folded(one, ignore_case=True) in given for one in row.executables)
        if starts and not is_software(row.store, row.id, row.title):
            machine = row.platform or found.platform
            return Game(f"{row.store}:{row.id}", row.title, "the library", row.install_dir, machine, row.also)
    own = case.directory if found.where == _OWN_DIRECTORY else ""
    return Game(f"name:{slug(found.title)}", found.title, found.where, own, found.platform)


def _emulator(case: Case) -> Emulator | None:
    """The emulator the program is; one whose name other programs bear too must show content or its name."""
    kind = emulator(case.program.key)
    if kind is None or _is_other_dolphin(case):
        return None
    if not kind.unsure.fullmatch(case.program.key) or emulators.has_content(case, kind):
        return kind
    words = {squeezed(kind.name), squeezed(case.program.stem)}
    head = squeezed(_SHOWS_ITSELF.split(case.title.strip())[0])
    shown = squeezed(case.title)
    lone = head in words and bool(re.search(r"\d", case.title)) and shown != squeezed(case.program.stem)
    return kind if lone or (shown.startswith(squeezed(kind.name)) and kind.name.count(" ")) else None


def _loaded(case: Case) -> Inside | None:
    """What the container itself, the command line or the window says is loaded."""
    kind = _emulator(case)
    if kind is None:
        return dos.loaded(case)
    return scumm.loaded(case) if kind.name == "ScummVM" else emulators.loaded(case, kind)


def _bundled(case: Case) -> Inside | None:
    """Stores sell old games with their emulator: the library's title, or the directory's, is then that of the game."""
    folder = case.games_folder
    title = ""
    if case.row is not None:
        title = "" if is_software(case.row.store, case.row.id, case.row.title) else case.row.title
    elif folder is not None and folder.signal == "place.store":
        title = from_directory(folder.title)
    kind = _emulator(case)
    if not title or names_itself(case, title):
        return _always_loaded(case, kind)
    machine = "MS-DOS" if kind is None else kind.platforms[0] if len(kind.platforms) == 1 else ""
    return Inside(title, _OWN_DIRECTORY, machine)


def _always_loaded(case: Case, kind: Emulator | None) -> Inside | None:
    """MUGEN and its like have no menu of their own: whatever their window says, they run what lies beside them."""
    if kind is None or kind.name not in _ALWAYS_LOADED:
        return None
    title = from_directory(paths.base_name(case.directory)) if case.directory else ""
    if title and not names_itself(case, title) and not is_generic_name(title):
        return Inside(title, _OWN_DIRECTORY)
    return Inside(_ALWAYS_LOADED[kind.name], "its own name")


_ALWAYS_LOADED: Mapping[str, str] = {"MUGEN": "M.U.G.E.N", "Ikemen GO": "Ikemen GO", "OpenBOR": "OpenBOR"}


def _is_other_dolphin(case: Case) -> bool:
    """KDE's file manager bears an emulator's name."""
    return case.program.path in ("/usr/bin/dolphin", "/bin/dolphin")

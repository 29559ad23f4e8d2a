"""What GOG puts into the directory of every game: ``goggame-<id>.info``, or ``gameinfo`` and ``start.sh`` on Linux."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.domain import LibraryProblem
from gamedetectd.library import native
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    is_true,
    mapping,
    mappings,
    parse_json,
    parse_text,
    read_bytes,
    read_names,
    text_of,
    there,
)

_INFO = re.compile(r"goggame-(\d{1,20})\.info", re.IGNORECASE)
_PRODUCT = re.compile(r"\d{6,12}")
_STARTED = re.compile(
    r"""^[ \t]*(?:exec[ \t]+)?(?:"\./([^"\n]+)"|'\./([^'\n]+)'|\./"([^"\n]+)"|\./((?:[^\s;&|"'\\]|\\.)+))""", re.M
)
_ENTERED = re.compile(r"""^[ \t]*cd[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s;&|]+))""", re.M)
_LIMIT = 1_000_000
_IN_A_BUNDLE = ("Contents", "Resources")


@dataclass(frozen=True, slots=True)
class GogGame:
    """A game by its own word; no ``title`` where it does not say. ``programs`` are relative, the main one first."""

    id: str
    title: str
    programs: tuple[str, ...] = ()


def games_in(directory: Path, problems: list[LibraryProblem]) -> Iterator[GogGame]:
    """The games whose files lie in a directory; add-ons are not told. Adds to ``problems`` what cannot be read."""
    names = attempt(problems, read_names, directory) or () if there(directory) else ()
    found = list(_by_info(directory, names, problems))
    if not found and "gameinfo" in names:
        inner = directory / "game"
        below = list(_by_info(inner, (attempt(problems, read_names, inner) or ()) if there(inner) else (), problems))
        programs = [f"game/{program}" for game in below for program in game.programs]
        game = attempt(problems, _read_gameinfo, directory / "gameinfo")
        if game:
            title = below[0].title if below and below[0].id == game.id else game.title
            found = [GogGame(game.id, title, tuple(dict.fromkeys((*game.programs, *programs))))]
    yield from found


def _by_info(directory: Path, names: Sequence[str], problems: list[LibraryProblem]) -> Iterator[GogGame]:
    for name in names:
        if _INFO.fullmatch(name) and (game := attempt(problems, _read_info, directory / name)):
            yield game


def games_in_bundle(bundle: Path, problems: list[LibraryProblem]) -> Iterator[GogGame]:
    """The games inside a macOS application, whose program the bundle itself tells."""
    return (GogGame(game.id, game.title) for game in games_in(bundle.joinpath(*_IN_A_BUNDLE), problems))


def parse_info(data: bytes) -> GogGame | None:
    """A ``goggame-<id>.info`` file; None for an add-on, whose root game is another one. Raises UnreadableError."""
    fields = mapping(parse_json(data))
    ident = text_of(fields, "gameId")
    if not ident:
        raise UnreadableError("It does not say which game it is.", "Let GOG Galaxy verify or reinstall the game.")
    if text_of(fields, "rootGameId") not in ("", ident):
        return None
    return GogGame(ident, text_of(fields, "name"), tuple(_programs(fields)))


def _programs(fields: Mapping[str, object]) -> Iterator[str]:
    tasks = [task for task in mappings(fields.get("playTasks")) if text_of(task, "type") in ("FileTask", "")]
    for task in sorted(tasks, key=lambda task: not is_true(task.get("isPrimary"))):
        if (is_true(task.get("isPrimary")) or text_of(task, "category") == "game") and (path := text_of(task, "path")):
            yield path


def parse_gameinfo(data: bytes) -> GogGame:
    """A ``gameinfo`` file: title, version, build, language, the product's number and that of its root game.

    An add-on puts its own over the game's, whose title is then unknown. Early files have no numbers; GOG's own short
    name, made from the title, then stands for one. Raises UnreadableError.
    """
    lines = [line.strip() for line in parse_text(data).splitlines()]
    if not lines or not lines[0]:
        raise UnreadableError("It does not say which game it is.", "Reinstall the game.")
    numbers = [line for line in (*lines[4:6], *lines[2:12]) if _PRODUCT.fullmatch(line)]
    slug = re.sub(r"[^a-z0-9]+", "_", lines[0].lower()).strip("_")
    if len(numbers) > 1 and numbers[0] != numbers[1] and lines[5:6] == numbers[1:2]:
        return GogGame(numbers[1], "", ("start.sh",))
    return GogGame(numbers[0] if numbers else slug, lines[0], ("start.sh",))


def parse_start(data: bytes) -> str:
    """The program that a ``start.sh`` runs, relative to its directory; "" where it is written another way."""
    script = parse_text(data)
    started = next((found for found in _STARTED.finditer(script)), None)
    if started is None:
        return ""
    program = next(filter(None, started.groups())).replace("\\ ", " ")
    place = ""
    for entered in _ENTERED.finditer(script, 0, started.start()):
        path = re.sub(r"^\$\{?CURRENT_DIR\}?/?", "", next(filter(None, entered.groups())))
        place = place if "$" in path or native.is_absolute(path) else path
    return "" if "$" in program else native.normal(f"{place}/{program}" if place else program)


def _read_info(path: Path) -> GogGame | None:
    return parse_info(read_bytes(path, _LIMIT))


def _read_gameinfo(path: Path) -> GogGame:
    game = parse_gameinfo(read_bytes(path, _LIMIT))
    try:
        program = parse_start(read_bytes(path.with_name("start.sh"), _LIMIT))
    except UnreadableError:
        program = ""  # the script is still what runs
    return GogGame(game.id, game.title, (*game.programs, *([program] if program else [])))

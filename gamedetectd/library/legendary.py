"""Legendary, the free client of Epic's store: one ``installed.json`` with everything it installed.

Heroic keeps a Legendary of its own, and Rare is a window around it: both write the same file elsewhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    is_true,
    mapping,
    parse_json,
    read_bytes,
    stamps,
    text_of,
    there,
)
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

INSTALLED = "installed.json"


class LegendaryReader:
    """Reads every Legendary directory outside Heroic's own."""

    name: ClassVar[str] = "legendary"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._directories = _directories(surroundings)

    def roots(self) -> Sequence[str]:
        return [str(place) for place in self._directories if there(place)]

    def fingerprint(self) -> Hashable:
        return stamps(*(place / INSTALLED for place in self._directories))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for file in (place / INSTALLED for place in self._directories):
            fields = attempt(problems, read_installed, file) if there(file) else None
            for game in epic_games(self._surroundings, fields or {}):
                games.setdefault(game.id, game)
        return shelf("Legendary", bool(self.roots()), games.values(), problems)


def parse_installed(data: bytes) -> Mapping[str, object]:
    """Legendary's ``installed.json``: ``{app name: {title, install_path, executable, …}}``. Raises UnreadableError."""
    value = parse_json(data)
    if not isinstance(value, dict):
        raise UnreadableError("It is not a list of installed games.")
    return mapping(value)


def read_installed(path: Path) -> Mapping[str, object]:
    """The same from a file."""
    return parse_installed(read_bytes(path))


def epic_games(
    surroundings: Surroundings,
    fields: Mapping[str, object],
    titles: Mapping[str, str] | None = None,
    launcher: str = "",
) -> Iterator[InstalledGame]:
    """The games in an ``installed.json``, without add-ons. ``launcher`` knows them by the same id."""
    for key, value in fields.items():
        entry = mapping(value)
        app = text_of(entry, "app_name") or key
        if not entry or is_true(entry.get("is_dlc")):
            continue
        row = installed(
            surroundings,
            "epic",
            app,
            text_of(entry, "title") or (titles or {}).get(app, ""),
            text_of(entry, "install_path"),
            [text_of(entry, "executable")],
            also=[f"{launcher}:{app}"] if launcher else [],
        )
        if row:
            yield row


def _directories(surroundings: Surroundings) -> tuple[Path, ...]:
    """Where Legendary keeps its settings: ``~/.config`` on every system, or inside Flatpak's directories."""
    own = surroundings.variable("LEGENDARY_CONFIG_PATH", surroundings.config_home / "legendary")
    if surroundings.system is not System.LINUX:
        return tuple(dict.fromkeys((own, surroundings.home / ".config" / "legendary")))
    sandboxes = ("io.github.dummerle.rare", "com.heroicgameslauncher.hgl")
    return (own, *(surroundings.flatpak(one) / "config" / "legendary" for one in sandboxes))

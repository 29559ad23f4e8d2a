"""Lutris: a database of games, and a file for each that says what it starts.

Old versions keep the files below ``~/.config``, new ones beside the database; both are looked at, and the Flatpak's.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import native, places
from gamedetectd.library.databases import Patience, Row, database_stamps, read_tables
from gamedetectd.library.files import UnreadableError, attempt, directory_stamps, text_of, there
from gamedetectd.library.lutris_config import GameConfig, is_emulator, platform, read_config
from gamedetectd.library.not_games import is_no_game, runs_others, starts_others
from gamedetectd.library.remembered import Remembered
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_COLUMNS = (
    "name", "slug", "runner", "platform", "directory", "executable", "configpath", "installed", "service", "service_id",
)  # fmt: skip
_ENDINGS = (".yml", ".yaml")
_ARGUMENTS_LIMIT = 8_192
_SERVICES: Mapping[str, str] = {
    "gog": "gog", "egs": "epic", "steam": "steam", "steamwindows": "steam", "humblebundle": "humble",
    "itchio": "itch", "amazon": "amazon", "ea_app": "ea", "origin": "ea", "ubisoft": "ubisoft",
    "battlenet": "battlenet", "flathub": "flatpak", "zoom": "zoom", "gamejolt": "gamejolt",
}  # fmt: skip
"""Lutris' names of stores, and ours."""
_WITHOUT_CLIENT = frozenset(["gog", "humblebundle", "itchio", "amazon", "zoom", "gamejolt"])
_TIME = re.compile(r"-\d{9,11}$")


class LutrisReader:
    """Reads the databases read-only; where one cannot be read, the games' files that bear a name stand for it."""

    name: ClassVar[str] = "lutris"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._homes = _homes(surroundings)
        self._configs = Remembered(read_config)
        self._patience = Patience()

    def roots(self) -> Sequence[str]:
        places = (path for home in self._homes for path in (*_databases(home), *_config_directories(home)))
        return [str(path) for path in places if there(path)]

    def fingerprint(self) -> Hashable:
        databases = [path for home in self._homes for path in _databases(home)]
        configs = [path for home in self._homes for path in _config_directories(home)]
        asked = self._patience.asked_again
        return (asked, database_stamps(*databases), *(directory_stamps(path, *_ENDINGS) for path in configs))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games = [game for home in self._homes for game in self._games(home, problems)]
        return self._patience.settle(shelf("Lutris", bool(self.roots()), games, problems))

    def _games(self, home: tuple[Path, ...], problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        configs: dict[str, GameConfig] = {}
        for directory in filter(there, _config_directories(home)):
            for name, config in self._configs.in_directory(directory, _ENDINGS, problems):
                configs.setdefault(name.rpartition(".")[0], config)
        databases = [path for path in _databases(home) if there(path)]
        tables = [attempt(problems, read_database, path) for path in databases]
        if not any(rows is not None for rows in tables):
            yield from self._by_configs(configs)
        there_are = [fields for rows in tables for fields in rows or () if fields["installed"] in (None, 1, "1")]
        prefixes = Counter(text_of(fields, "directory") for fields in there_are)
        for fields in there_are:
            config = configs.get(text_of(fields, "configpath"), GameConfig())
            row = self._row(fields, config, alone=prefixes[text_of(fields, "directory")] == 1)
            if row:
                yield row

    def _by_configs(self, configs: Mapping[str, GameConfig]) -> Iterator[InstalledGame]:
        for stem, config in configs.items():
            fields = {"name": config.name, "slug": config.slug or _TIME.sub("", stem)}
            row = self._row(fields, config, alone=False) if config.name else None
            if row:
                yield row

    def _row(self, fields: Row, config: GameConfig, *, alone: bool) -> InstalledGame | None:
        """The row; None for the launchers and emulators that people let Lutris install, too.

        A store that sells games without a client sells no emulators either: its word goes before that of a name
        (``Fuse``, ``Legendary``). ``alone``: no other game has the same directory.
        """
        runner, name = text_of(fields, "runner"), text_of(fields, "name")
        sold = text_of(fields, "service") in _WITHOUT_CLIENT
        if not name or (not sold and is_no_game(name)):
            return None
        program, directory = self._program(fields, config), ""
        outside = not sold and starts_others(program)
        if not outside:
            directory = self._directory(fields, config, program, alone=alone)
        if outside or (runs_others(program) and not directory):
            program = _content(config.args)
        return installed(
            self._surroundings,
            "lutris",
            text_of(fields, "slug") or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
            name,
            directory,
            [program],
            also=_also(runner, fields, config),
            platform=platform(runner, text_of(fields, "platform")),
        )

    def _program(self, fields: Row, config: GameConfig) -> str:
        """The program or content that is started, as this system spells it; "" where it is no file."""
        told = config.exe or config.main_file or text_of(fields, "executable")
        if "://" in told:
            return ""
        told = str(self._surroundings.home / told[2:]) if told.startswith("~/") else told
        for base in (config.prefix, config.working_dir, text_of(fields, "directory")):
            if native.is_absolute(told):
                break
            told = native.join(base, told) or told
        return native.in_prefix(told, config.prefix) if native.is_absolute(told) else ""

    def _directory(self, fields: Row, config: GameConfig, program: str, *, alone: bool) -> str:
        """The game's own directory. Lutris' ``directory`` is often the Wine prefix, with much beside the game in it."""
        runner, told = text_of(fields, "runner"), text_of(fields, "directory")
        if is_emulator(runner) and runner != "dosbox":
            return ""
        nearby = [config.path, config.working_dir] if config.working_dir != config.prefix else [config.path]
        for place in [told, *nearby] if runner == "linux" else nearby:
            if places.own_directory(self._surroundings, place) and (not program or native.within(program, place)):
                return place
        return (native.of_program(self._surroundings, program) if program else "") or (told if alone else "")


def _also(runner: str, fields: Row, config: GameConfig) -> Iterator[str]:
    """What the store it came from, or the program that starts it, calls the game."""
    service, number = _SERVICES.get(text_of(fields, "service")), text_of(fields, "service_id")
    if service and number and (service != "ubisoft" or number.isdecimal()):  # Ubisoft's other numbers are not a game's
        yield f"{service}:{number}"
    if runner in ("steam", "flatpak") and config.app:
        yield f"{runner}:{config.app}"


def _content(arguments: str) -> str:
    """The file that a store's client, an emulator or an interpreter is given; "" where it is none."""
    try:
        words = shlex.split(arguments[:_ARGUMENTS_LIMIT])  # which takes time by the square of it
    except ValueError:
        return ""
    files = [
        word for word in words if word.startswith("/") and "." in places.base_name(word) and not starts_others(word)
    ]
    return next((file for file in reversed(files) if not file.endswith((".so", ".cfg", ".conf", ".ini"))), "")


def read_database(path: Path) -> Sequence[Row]:
    """The table ``games``. Raises UnreadableError."""
    tables = read_tables(path, {"games": _COLUMNS})
    if "games" not in tables:
        raise UnreadableError("It has no table of games.", "Start Lutris once, which makes it anew.", str(path))
    return tables["games"]


def _homes(surroundings: Surroundings) -> tuple[tuple[Path, ...], ...]:
    """For each Lutris there may be, the directories that its files are spread over."""
    if surroundings.system is not System.LINUX:
        return ()
    sandbox = surroundings.flatpak("net.lutris.Lutris")
    return (
        (surroundings.data_home / "lutris", surroundings.config_home / "lutris"),
        (sandbox / "data" / "lutris", sandbox / "config" / "lutris"),
    )


def _databases(home: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(directory / "pga.db" for directory in home)


def _config_directories(home: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(directory / "games" for directory in home)

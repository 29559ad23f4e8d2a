r"""The EA app and, before it, Origin: registry keys, Origin's manifests, and the installer's own file beside each game.

``HKLM\SOFTWARE\(WOW6432Node\)EA Games\<title>``: ``Install Dir``; ``Origin Games\<number>``; Windows' list of programs;
``%ProgramData%\Origin\LocalContent\<title>\*.mfst``: a query string with ``id`` and ``dipinstallpath``;
``<game>\__Installer\installerdata.xml``: content ids, titles by language, what is started.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.files import UnreadableError, attempt, parse_text, read_bytes, stamp
from gamedetectd.library.not_games import is_no_game
from gamedetectd.library.places import (
    Presence,
    base_name,
    beneath,
    existing,
    folded,
    is_gone,
    listed,
    own_directory,
    shown,
)
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.xml_files import Element, read_xml

MANIFEST_LIMIT = 1_000_000
"""Bytes of a manifest; real ones have about a thousand."""

_GAMES = (*keys.software("EA Games"), *keys.software("Origin Games"), *keys.software("Electronic Arts"))
_PUBLISHER = r"electronic arts|ea (games|sports|swiss)"
_FOLDERS = (
    "Program Files/EA Games",
    "Program Files (x86)/EA Games",
    "Program Files (x86)/Origin Games",
    "Program Files/Origin Games",
    "EA Games",
    "Origin Games",
)
_INSTALLER = "__Installer"
_ENGLISH = ("en_US", "en_GB")
_REGISTRY_PATH = re.compile(r"^\[[^\]]*\]")
_NO_GAME = re.compile(r"\b(touchup|cleanup|setup|activation(ui)?|eacrashreporter|language ?selector)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A game as one source tells it; what it does not tell is ""."""

    directory: str
    title: str = ""
    id: str = ""


class EaReader:
    """Puts together what several sources say of a directory; the file beside the game knows best."""

    name: ClassVar[str] = "ea"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()
        self._content = surroundings.program_data / "Origin" / "LocalContent"
        self._folders = [drive / folder for drive in surroundings.drives for folder in _FOLDERS]

    def roots(self) -> Sequence[str]:
        return existing(self._content, *self._folders)

    def fingerprint(self) -> Hashable:
        games = (self._content / name for name in listed(self._content))
        installers = (folder / name / _INSTALLER for folder in self._folders for name in listed(folder))
        files = tuple(map(stamp, (self._content, *games, *self._folders, *installers)))
        registry = keys.stamps(self._surroundings.registry, *_GAMES, *keys.software(keys.UNINSTALL))
        return files, registry, self._presence.changed()

    def load(self) -> Shelf:
        self._presence.forget()
        problems: list[LibraryProblem] = []
        found: dict[str, list[_Found]] = {}
        for one in (*self._manifests(problems), *self._registered(), *self._on_disk()):
            directory = own_directory(self._surroundings, one.directory)
            if directory and "/steamapps/" not in folded(directory) and not self._presence.is_gone(directory):
                found.setdefault(folded(directory), []).append(_Found(directory, one.title, one.id))
        games = {game.id: game for ones in found.values() if (game := self._game(ones, problems))}
        nothing = "" if games else "Neither the EA app nor Origin has installed a game here."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _game(self, ones: Sequence[_Found], problems: list[LibraryProblem]) -> InstalledGame | None:
        directory = ones[0].directory
        file = Path(beneath(directory, f"{_INSTALLER}/installerdata.xml"))
        installer = None if is_gone(str(file)) else attempt(problems, read_xml, file)
        said = _of_installer(installer) if installer else _Found("")
        title = shown(said.title or next((one.title for one in ones if one.title), "") or base_name(directory))
        ident = shown(said.id or next((one.id for one in ones if one.id), "") or folded(base_name(directory)))
        if is_no_game(title) or base_name(directory).lower() == "ea desktop":
            return None
        programs = (beneath(directory, program) for program in (_programs(installer) if installer else ()))
        also = (f"{self.name}:{shown(one.id)}" for one in ones if one.id and one.id != ident)
        return InstalledGame(
            self.name, ident, title, directory, tuple(filter(None, programs)), tuple(dict.fromkeys(also))
        )

    def _manifests(self, problems: list[LibraryProblem]) -> Iterator[_Found]:
        for name in listed(self._content):
            for file in listed(self._content / name, ".mfst"):
                fields = attempt(problems, _read_manifest, self._content / name / file)
                if fields and "@" not in file and "@" not in fields.get("id", ""):
                    yield _Found(fields.get("dipinstallpath", ""), name, fields.get("id", ""))

    def _registered(self) -> Iterator[_Found]:
        registry = self._surroundings.registry
        for key, values in keys.below(registry, *_GAMES):
            number = key if key.isdigit() or ":" in key else ""
            title = keys.text(values, "DisplayName") or ("" if number else key)
            yield _Found(keys.text(values, "Install Dir", "InstallDir"), title, number)
        for program in keys.programs_of(registry, _PUBLISHER):
            yield _Found(program.directory, program.name)

    def _on_disk(self) -> Iterator[_Found]:
        """Games that only their own file tells of: not all of them are in the registry by EA's name."""
        for folder in self._folders:
            for name in listed(folder):
                if not is_gone(str(folder / name / _INSTALLER / "installerdata.xml")):
                    yield _Found(str(folder / name))


def parse_manifest(data: bytes) -> Mapping[str, str]:
    """The fields of one of Origin's manifests, names in lower case; of a repeated one the first that says something.

    Raises UnreadableError.
    """
    text = parse_text(data[:MANIFEST_LIMIT]).strip()
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=2_000, errors="replace")
    except ValueError:
        raise UnreadableError("It has too many fields.") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if value.strip() and not fields.get(name.lower()):
            fields[name.lower()] = value.strip()
    if not fields:
        raise UnreadableError("It is not one of Origin's manifests.")
    return fields


def _read_manifest(path: Path) -> Mapping[str, str]:
    return parse_manifest(read_bytes(path, MANIFEST_LIMIT))


def _of_installer(root: Element) -> _Found:
    """The title in English, else the first, and the first content id."""
    titles = {element.attribute("locale"): element.text for element in reversed(list(root.every("gameTitle")))}
    for info in root.every("localeInfo"):
        if (inner := info.first("title")) is not None:
            titles.setdefault(info.attribute("locale"), inner.text)
    english = next((titles[locale] for locale in _ENGLISH if titles.get(locale)), "")
    number = root.first("contentID") or root.first("contentId")
    title = english or next((text for text in reversed(titles.values()) if text), "")
    return _Found("", title, number.text if number else "")


def _programs(root: Element) -> Iterator[str]:
    """What it starts, as seen from the game's directory."""
    for launcher in root.every("launcher"):
        path = launcher.first("filePath")
        if path is not None and not _NO_GAME.search(path.text):
            yield _REGISTRY_PATH.sub("", path.text)

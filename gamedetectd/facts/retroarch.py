"""What RetroArch says it runs: over the network where the person switched that on, by its history, by its playlists."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from gamedetectd.domain import Content, ProcessInfo
from gamedetectd.facts import content_files as read
from gamedetectd.platforms.regular_files import read_regular

SETTINGS_LIMIT = 1_000_000
PLAYLIST_LIMIT = 8_000_000
PLAYLISTS_LIMIT = 200
ALL_PLAYLISTS_LIMIT = 24_000_000
"""Bytes; a playlist of ten thousand games has some 4 MB."""
DEFAULT_PORT = 55355
STATUS_SECONDS = 0.2
_REPLY_LIMIT = 4_096
_CONTENT = re.compile(r"(?!-).*\.(?!(?:so|dll|dylib|cfg|srm|state|opt)$)\w{1,5}", re.DOTALL)
"""Arguments that may be content: no options, no cores, no settings."""
_MISSING = (FileNotFoundError, NotADirectoryError, PermissionError)


class Home:
    """Where one RetroArch keeps its things. ``program`` is its executable's path, ``home`` the person's directory."""

    def __init__(self, process: ProcessInfo, program: str, home: str) -> None:
        self._process = process
        self._program = PurePath(program)
        self._home = PurePath(home)
        self.settings: Mapping[str, str] = {}
        self.directory: PurePath | None = None
        for path in self._settings_files():
            try:
                self.settings = read.settings(read_regular(str(path), SETTINGS_LIMIT))
            except _MISSING:
                continue
            self.directory = path.parent
            break

    @property
    def listens(self) -> bool:
        """True where the person let it answer on the network."""
        return self.settings.get("network_cmd_enable") == "true"

    @property
    def port(self) -> int:
        """Where it listens."""
        told = self.settings.get("network_cmd_port", "")
        return int(told) if re.fullmatch(r"[1-9]\d{0,4}", told) and int(told) < 65_536 else DEFAULT_PORT

    @property
    def playlists(self) -> PurePath | None:
        """The directory of playlists, or None."""
        told = self._resolved(self.settings.get("playlist_directory", ""))
        return told or (self.directory / "playlists" if self.directory else None)

    def histories(self) -> Iterator[PurePath]:
        """Where the history of contents may lie, by its settings and by default."""
        told = self._resolved(self.settings.get("content_history_path", ""))
        if told is not None:
            yield told
        kept = self._resolved(self.settings.get("content_history_directory", ""))
        for directory in (kept, self.playlists / "builtin" if self.playlists else None, self.directory):
            if directory is not None:
                yield directory / "content_history.lpl"

    def _settings_files(self) -> Iterator[PurePath]:
        """The settings it was told of, then those of the way it is installed, then those of any other way."""
        arguments = self._process.argv
        for place, argument in enumerate(arguments):
            told = arguments[place + 1] if argument in ("-c", "--config") and place + 1 < len(arguments) else ""
            told = told or (argument.partition("=")[2] if argument.startswith("--config=") else "")
            if told:
                yield PurePath(self._process.cwd or "", told)
        yield from (one / "retroarch.cfg" for one in dict.fromkeys(self._directories()) if one.is_absolute())

    def _directories(self) -> Iterator[PurePath]:
        """Where the settings may lie: beside the program, and where each system and packaging keeps them."""
        flatpak = self._home / ".var/app/org.libretro.RetroArch/config/retroarch"
        snap = self._home / "snap/retroarch/current/.config/retroarch"
        program = self._program.as_posix()
        if program.startswith("/app/"):
            yield flatpak
        if "/snap/" in program:
            yield snap
        yield self._program.parent
        yield PurePath(self._process.environment.get("XDG_CONFIG_HOME", ""), "retroarch")
        yield self._home / ".config/retroarch"
        yield self._home / "AppData/Roaming/RetroArch"
        yield self._home / "Library/Application Support/RetroArch/config"
        yield self._home / "Library/Application Support/RetroArch"
        yield flatpak
        yield snap

    def _resolved(self, value: str) -> PurePath | None:
        """A path of the settings: ``~`` is the home directory, ``:`` the program's own; None for ``default``."""
        if value.startswith("~"):
            return self._home / value[1:].lstrip("/\\")
        if value.startswith((":/", ":\\")):
            return self._program.parent / value[2:].replace("\\", "/")
        path = PurePath(value)
        return path if path.is_absolute() else None


def content(home: Home, arguments: Sequence[str], started: float | None) -> Content | None:
    """What is loaded, or an empty one with a source where RetroArch says that nothing is; None where nothing tells.

    ``started`` is when the process began, in wall time, or None where that is not known: the history counts only if
    it was written since.
    """
    if home.listens:
        answer = ask(home.port)
        if answer is not None:
            return Content(answer.path, "", answer.database, "RetroArch's answer on the network")
    newest = _newest(home, started) if started is not None else None
    if newest is not None:
        told = _labelled(home, newest)
        return Content(told.path, told.label, told.database or told.core, "RetroArch's history")
    for argument in arguments:
        if (
            not argument.startswith("-")
            and re.search(r"\.\w{1,5}$", argument)
            and not argument.endswith((".so", ".dll", ".dylib", ".cfg"))
        ):
            listed = _listed(home, argument)
            return (
                Content(listed.path, listed.label, listed.database or listed.core, "RetroArch's playlist")
                if listed
                else None
            )
    return None


def ask(port: int, seconds: float = STATUS_SECONDS) -> read.Item | None:
    """RetroArch's answer to ``GET_STATUS`` on this machine; None where nobody answers in time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(seconds)
        try:
            channel.connect(("127.0.0.1", port))
            channel.send(b"GET_STATUS")
            return read.status(channel.recv(_REPLY_LIMIT))
        except OSError:
            return None  # nobody listens there, or not in time


def _newest(home: Home, started: float) -> read.Item | None:
    """The first entry of the history that was written last, if that was after the process began."""
    written: list[tuple[float, str]] = []
    for path in home.histories():
        try:
            written.append((Path(path).stat().st_mtime, str(path)))
        except OSError:
            continue
    when, newest = max(written, default=(0.0, ""))
    if not newest or when < started:
        return None
    return next(iter(read.playlist(read_regular(newest, PLAYLIST_LIMIT))), None)


def _labelled(home: Home, item: read.Item) -> read.Item:
    """The entry with the label and the machine that a playlist gives it, where it has none of its own."""
    if item.label and item.database:
        return item
    listed = _listed(home, item.path)
    if listed is None:
        return item
    return replace(item, label=item.label or listed.label, database=item.database or listed.database)


def _listed(home: Home, path: str) -> read.Item | None:
    """The entry of a playlist for this file: by its whole path where that is told, else by its name."""
    if not path or home.playlists is None:
        return None
    try:
        files = sorted(entry for entry in Path(home.playlists).iterdir() if entry.suffix == ".lpl")[:PLAYLISTS_LIMIT]
    except OSError:
        return None
    wanted = _plain(path)
    whole = PurePath(path).is_absolute()
    left = ALL_PLAYLISTS_LIMIT
    for file in files:
        try:
            text = read_regular(str(file), min(PLAYLIST_LIMIT, left))
        except OSError:
            continue
        left -= len(text)
        for item in read.playlist(text):
            if _plain(item.path) == wanted or (not whole and _plain(item.path).endswith("/" + wanted)):
                return replace(item, database=item.database or file.name)
        if left <= 0:
            break
    return None


def _plain(path: str) -> str:
    """One spelling of a path, without the file inside of an archive."""
    return re.sub(r"(\.(?:zip|7z|apk))#.*$", r"\1", path.replace("\\", "/"), flags=re.IGNORECASE)

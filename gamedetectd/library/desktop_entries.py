"""Reads the few keys of a freedesktop desktop entry that tell whether it starts a game, and which program that is.

Format: https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.library.files import UnreadableError, read_bytes
from gamedetectd.library.not_games import is_no_game
from gamedetectd.library.places import shown

FILE_LIMIT = 512_000
"""Bytes; heavily translated ones have about 60,000."""
_EXEC_LIMIT = 2_048
_KEYS = re.compile(
    rb"^(Name|Exec|TryExec|Categories|NoDisplay|Hidden|Type|X-Flatpak|X-SnapInstanceName)[ \t]*=[ \t]*([^\r\n]*)",
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"s": " ", "n": " ", "t": " ", "r": " "}
_CONTRARY_TEXT = """
    Emulator PackageManager FileTransfer Settings DesktopSettings HardwareSettings Development Building IDE Debugger
    System Utility InstantMessaging Chat WebBrowser RemoteAccess AudioVideo Recorder 3DGraphics Monitor
"""
_CONTRARY = frozenset(_CONTRARY_TEXT.split())
"""Categories that, beside ``Game``, mark launchers, emulators, editors and setup programs."""
_FIELD_CODE = re.compile(r"%[a-zA-Z]")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_WRAPPERS_TEXT = """
    env nice ionice nohup setsid stdbuf exec gamemoderun mangohud prime-run primusrun optirun pw-jack padsp
"""
_WRAPPERS = frozenset(_WRAPPERS_TEXT.split())
_TAKES_VALUE = frozenset(["-u", "-C", "-n", "-c", "-i", "-o", "-e", "-b", "--unset", "--chdir"])


@dataclass(frozen=True, slots=True)
class Entry:
    """An application's entry; ``hidden`` ones hide another of the same id as if it were deleted."""

    name: str
    exec: str = ""
    try_exec: str = ""
    categories: tuple[str, ...] = ()
    shown: bool = True
    hidden: bool = False
    flatpak: str = ""
    snap: str = ""

    @property
    def is_game(self) -> bool:
        """True where it says that it starts a game and nothing suggests that it starts something for games."""
        named = "Game" in self.categories and _CONTRARY.isdisjoint(self.categories)
        return named and self.shown and not self.hidden and not is_no_game(self.name)


def read_entry(path: Path) -> Entry:
    """The entry in a desktop file. Raises UnreadableError."""
    return parse_entry(read_bytes(path, FILE_LIMIT))


def parse_entry(data: bytes) -> Entry:
    """The entry of an application. Raises UnreadableError for what has none: links, directories, other files."""
    start = data.find(b"[Desktop Entry]")
    end = data.find(b"\n[", start + 1)
    group = data[max(start, 0) : end if end >= 0 else len(data)]
    values: dict[bytes, str] = {}
    for key, value in _KEYS.findall(group) if start >= 0 else ():
        values.setdefault(key, _unescaped(value))
    hidden = values.get(b"Hidden", "").strip() == "true"
    name = shown(values.get(b"Name", ""))
    if not hidden and (not name or values.get(b"Type", "Application").strip() != "Application"):
        raise UnreadableError("It is not the desktop entry of an application.")
    return Entry(
        name,
        values.get(b"Exec", "").strip()[:_EXEC_LIMIT],
        values.get(b"TryExec", "").strip()[:_EXEC_LIMIT],
        tuple(part.strip() for part in values.get(b"Categories", "").split(";") if part.strip()),
        values.get(b"NoDisplay", "").strip() != "true",
        hidden,
        values.get(b"X-Flatpak", "").strip(),
        values.get(b"X-SnapInstanceName", "").strip(),
    )


def command_of(line: str) -> Sequence[str]:
    """The program that an ``Exec`` value starts and its arguments, without wrappers and field codes; () if unknown."""
    try:
        line = line[:_EXEC_LIMIT]  # shlex takes time by the square of it
        tokens = shlex.split(line) if any(quote in line for quote in "\"'\\") else line.split()
    except ValueError:
        return ()
    tokens = [token for token in tokens if not _FIELD_CODE.fullmatch(token)]
    while tokens and (_ASSIGNMENT.match(tokens[0]) or tokens[0].rpartition("/")[2] in _WRAPPERS):
        wrapper = not _ASSIGNMENT.match(tokens[0])
        tokens = tokens[1:]
        while wrapper and tokens and tokens[0].startswith("-"):
            tokens = tokens[2:] if tokens[0] in _TAKES_VALUE else tokens[1:]
    return tokens


def _unescaped(value: bytes) -> str:
    text = value.replace(b"\0", b"").decode("utf-8", "replace")
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1] if found[1] == "\\" else found[0]), text)

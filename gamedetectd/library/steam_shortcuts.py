"""Programs that people added to Steam themselves: ``userdata/<user>/config/shortcuts.vdf``."""

from __future__ import annotations

import os
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.domain import InstalledGame, LibraryProblem
from gamedetectd.library import native
from gamedetectd.library.binary_vdf import parse
from gamedetectd.library.files import UnreadableError, attempt, read_bytes, read_names, there
from gamedetectd.library.vdf import Block

STORE = "steam-shortcut"
LIMIT = 16_000_000
"""Bytes of a shortcuts.vdf."""
MOST_USERS = 64
_SHORTCUT = 0x02000000
"""The lower half of a shortcut's 64-bit game id."""
_ARGUMENT = re.compile(r'"([^"]*)"|\'([^\']*)\'|(\S+)')
_LIBRARY_FILE = re.compile(r"\.(so|dll|dylib)(\.\d+)*$|_libretro$", re.IGNORECASE)
_CONTENT = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_ELSEWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"heroic://launch/?\?(?:.*&)?appName=(?P<id>[^&\s\"]+).*[?&]runner=(?P<runner>\w+)", re.I), ""),
    (re.compile(r"heroic://launch/?\?(?:.*&)?runner=(?P<runner>\w+).*[?&]appName=(?P<id>[^&\s\"]+)", re.I), ""),
    (re.compile(r"heroic://launch/(?P<runner>\w+)/(?P<id>[^/?\s\"]+)", re.I), ""),
    (re.compile(r"com\.epicgames\.launcher://apps/(?:[^\s?\"]*(?:%3A|:))?(?P<id>\w+)\?", re.I), "epic"),
)
_RUNNERS = {"gog": "gog", "legendary": "epic", "nile": "amazon", "sideload": "sideload"}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut. ``appid`` is Steam's 32-bit number for it; ``exe`` and ``start_dir`` are without quotes."""

    appid: int
    name: str
    exe: str
    start_dir: str
    options: str

    @property
    def game_id(self) -> int:
        """The 64-bit number by which Steam calls it in ``SteamGameId`` and in its logs."""
        return self.appid << 32 | _SHORTCUT


def shortcut_files(root: Path) -> tuple[Path, ...]:
    """The files in which this Steam's users may keep shortcuts, one a user."""
    try:
        users = [name for name in read_names(root / "userdata") if name.isdecimal()]
    except UnreadableError:
        return ()  # nobody has logged in yet
    return tuple(root / "userdata" / name / "config" / "shortcuts.vdf" for name in users[:MOST_USERS])


def shortcuts(document: Block) -> Iterator[Shortcut]:
    """The shortcuts in a parsed file."""
    for _, entry in document.block("shortcuts").blocks():
        exe, name = entry.text("Exe"), entry.text("AppName")
        if not name.strip():
            continue
        number = entry.text("appid")
        appid = int(number) & 0xFFFFFFFF if re.fullmatch(r"-?\d{1,20}", number) else 0
        # Steam's older files have no number: it was made of these two, as it still is for a new shortcut
        appid = appid or zlib.crc32((exe + name).encode()) | 0x80000000
        program, behind = _parted(exe)
        start_dir, _ = _parted(entry.text("StartDir"))
        # what Steam passes stands behind %command%, where that is written
        options = entry.text("LaunchOptions").rpartition("%command%")[2]
        yield Shortcut(appid, name.strip(), program, start_dir, f"{behind} {options}".strip())


def read_shortcuts(files: Iterable[Path], problems: list[LibraryProblem]) -> tuple[InstalledGame, ...]:
    """The shortcuts of every user as rows of the library, each once."""
    found: dict[int, Shortcut] = {}
    for file in files:
        if not there(file):
            continue
        document = attempt(problems, lambda path: parse(read_bytes(path, LIMIT)), file)
        if document is not None:
            found.update({one.game_id: one for one in shortcuts(document)})
    uses = Counter(os.path.normcase(program) for one in found.values() if (program := _program(one)))
    return tuple(_row(one, uses) for one in found.values())


def _row(one: Shortcut, uses: Counter[str]) -> InstalledGame:
    """A shortcut has no directory of its own: what lies beside its program may be anything."""
    also = [f"{STORE}:{one.appid}"]
    for pattern, of_store in _ELSEWHERE:
        if found := pattern.search(f"{one.exe} {one.options}"):
            store = of_store or _RUNNERS.get(found["runner"].lower(), "")
            also += [f"{store}:{found['id']}"] if store else []
            break
    return InstalledGame(STORE, str(one.game_id), one.name, "", _executables(one, uses), tuple(also))


def _executables(one: Shortcut, uses: Counter[str]) -> tuple[str, ...]:
    """The files that are this shortcut's alone: what an emulator is given, else the program itself.

    A program that other shortcuts start too, or that is told by words what to start, says nothing.
    """
    arguments = [next(filter(None, found), "") for found in _ARGUMENT.findall(one.options[:8_000])]
    content = [place for place in arguments if native.is_absolute(place) and _is_content(place)]
    if content:
        return tuple(dict.fromkeys(map(native.normal, content)))
    program = _program(one)
    told_what = any(not argument.startswith("-") for argument in arguments)
    return (program,) if program and not told_what and uses[os.path.normcase(program)] == 1 else ()


def _is_content(place: str) -> bool:
    return bool(_CONTENT.search(place)) and not _LIBRARY_FILE.search(place)


def _program(one: Shortcut) -> str:
    """The full path of what is started; "" where it is looked for in PATH."""
    if native.is_absolute(one.exe) or (native.is_absolute(one.start_dir) and re.search(r"[\\/]", one.exe)):
        return native.join(one.start_dir, one.exe)
    return ""


def _parted(text: str) -> tuple[str, str]:
    """A path and what stands behind it: Steam writes it in quotation marks, other programs write arguments after it."""
    text = text.strip()
    if not text.startswith('"'):
        return text, ""
    path, _, behind = text[1:].partition('"')
    return path.strip(), behind.strip()

"""Readers of what containers keep about their games: bytes in, values out, and never an error.

RetroArch's settings and playlists, ScummVM's list of games, the ``[autoexec]`` of DOSBox's settings. What is broken is
left out; what is too much is not looked at.
"""

from __future__ import annotations

import json
import ntpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gamedetectd.facts.reading import printable

ITEMS_LIMIT = 20_000
"""Entries of one playlist that are looked at."""
LINES_LIMIT = 20_000
_TEXT_LIMIT = 300
_PATH_LIMIT = 4_000

_SETTING = re.compile(r'^\s*(?P<key>[\w.-]{1,80})\s*=\s*"?(?P<value>[^"\r\n]*+)"?\s*$')
_LEGACY_LINES = 6
"""Lines of an entry in RetroArch's old playlists: path, label, core's path, core's name, checksum, database."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a playlist. ``core`` is the core's file, ``database`` the playlist it belongs to."""

    path: str = ""
    label: str = ""
    core: str = ""
    database: str = ""


def settings(content: bytes) -> Mapping[str, str]:
    """``key = "value"`` lines of RetroArch's ``retroarch.cfg``; the last of equal keys counts, as it does there."""
    found = {}
    for line in _lines(content):
        if match := _SETTING.match(line):
            found[match["key"]] = match["value"][:_PATH_LIMIT].strip()
    return found


def playlist(content: bytes) -> tuple[Item, ...]:
    """The entries of a ``.lpl`` file, JSON or of the old form with six lines each, in its order."""
    text = content.decode("utf-8", "replace").lstrip("\ufeff")
    if text.lstrip().startswith("{"):
        return tuple(_json_items(text))
    return tuple(_legacy_items(text.splitlines()[: LINES_LIMIT * _LEGACY_LINES]))


def _json_items(text: str) -> Iterator[Item]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    items = value.get("items") if isinstance(value, dict) else None
    for row in items[:ITEMS_LIMIT] if isinstance(items, list) else ():
        if isinstance(row, dict):
            item = Item(
                _path(row.get("path")),
                _label(row.get("label")),
                _path(row.get("core_path")),
                _label(row.get("db_name")),
            )
            if item.path or item.label:
                yield item


def _legacy_items(lines: Sequence[str]) -> Iterator[Item]:
    for place in range(0, len(lines) - _LEGACY_LINES + 1, _LEGACY_LINES):
        path, label, core, _name, _checksum, database = lines[place : place + _LEGACY_LINES]
        if "/" in path or "\\" in path:
            yield Item(_path(path), _label(label), _path(core), _label(database))


def _path(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return "" if text == "DETECT" or "\0" in text or len(text) > _PATH_LIMIT else text


def _label(value: object) -> str:
    text = printable(value, _TEXT_LIMIT) if isinstance(value, str) else ""
    return "" if text == "DETECT" else text


def status(reply: bytes) -> Item | None:
    """RetroArch's answer to ``GET_STATUS``; an empty item where nothing is loaded, None for anything else.

    ``GET_STATUS PLAYING super_nes,Game, With a Comma,crc32=1a2b3c4d``: names may hold commas themselves.
    """
    text = reply.decode("utf-8", "replace").strip("\r\n\0 ")
    if text == "GET_STATUS CONTENTLESS":
        return Item()
    match = re.fullmatch(r"GET_STATUS (?:PLAYING|PAUSED) (?P<system>[^,]*),(?P<name>.+?)(?:,crc32=[0-9a-fA-F]*)?", text)
    return Item(_label(match["name"]), "", "", _label(match["system"])) if match else None


def ini_sections(content: bytes) -> Mapping[str, Mapping[str, str]]:
    """ScummVM's ``scummvm.ini``: its sections in lower case with their keys; broken lines are left out."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in _lines(content):
        plain = line.strip()
        if plain.startswith("[") and plain.endswith("]"):
            current = found.setdefault(plain[1:-1].strip().lower(), {})
        elif "=" in plain and not plain.startswith(("#", ";")):
            key, _, value = plain.partition("=")
            current[key.strip().lower()] = printable(value, _PATH_LIMIT)
    return found


def autoexec(content: bytes) -> tuple[str, ...]:
    """The lines of the ``[autoexec]`` section of a DOSBox settings file, without comments and blank ones."""
    text = _text(content)
    lines = []
    inside = False
    for line in text.splitlines()[:LINES_LIMIT]:
        plain = line.strip()
        if re.fullmatch(r"\[\w+\]", plain):
            inside = plain.lower() == "[autoexec]"
        elif inside and plain and not plain.startswith(("#", "%", ";")):
            lines.append(plain.removeprefix("@")[:_PATH_LIMIT])
    return tuple(lines[:LINES_LIMIT])


_MOUNT = re.compile(
    r"(?P<kind>img)?mount\s+(?P<drive>[a-z0-9]):?\s+(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>\S+))", re.IGNORECASE
)
_DRIVE = re.compile(r"(?P<drive>[a-z]):[\\/]?", re.IGNORECASE)
_IMAGE = re.compile(r"[^\s\"].*\.(?:img|ima|iso|cue|ins|vhd|jrc)", re.IGNORECASE | re.DOTALL)
_WORDS = re.compile(r'"[^"]*"|[^\s"]+')
_BOOT_DRIVE = re.compile(r"boot\s+(?:-l\s+)?(?P<drive>[a-z]):?", re.IGNORECASE)
_COMMANDS = re.compile(
    "boot|echo|rem|pause|cls|set|path|prompt|ver|exit|if|goto|choice|shift|for|mem|mixer|keyb|config|rescan|intro|imgmount|mount|umount|break|"
    "date|time|type|dir|copy|del|ren|md|mkdir|rd|attrib|mode|autotype|help|more|z|cycles|core|machine|start|volume|aspect|(:|/).*"
)
"""What DOS and DOSBox do themselves."""


def started(lines: Sequence[str]) -> str:
    """The path of the first program that these commands start, or of the image they boot, as the machine itself has it.

    It is relative where a mounted directory is. "" where nothing is started.
    """
    mounted: dict[str, str] = {}
    where: dict[str, str] = {}
    drive = "z"
    for line in lines:
        words = line.split()
        name = words[0].lower() if words else ""
        if found := _MOUNT.match(line):
            mounted[found["drive"].lower()] = found["quoted"] or found["bare"]
        elif name == "boot" and (image := _booted(line)):
            return image
        elif (found := _BOOT_DRIVE.fullmatch(line)) and found["drive"].lower() in mounted:
            return mounted[found["drive"].lower()]
        elif found := _DRIVE.fullmatch(line):
            drive = found["drive"].lower()
        elif re.match(r"(cd|chdir)\b|cd[\\./]", line, re.IGNORECASE):
            target = re.sub(r"^(cd|chdir)\s*", "", line, flags=re.IGNORECASE)
            where[drive] = ntpath.normpath(ntpath.join(where.get(drive, "\\"), target.strip('"')))
        elif name and not _COMMANDS.fullmatch(name):
            program = words[1] if name in ("call", "loadfix", "lh") and len(words) > 1 else words[0]
            return _on_disk(program, drive, mounted, where)
    return ""


def _booted(line: str) -> str:
    """The image that ``boot`` is given, if it is."""
    words = [word.strip('"') for word in _WORDS.findall(line)[1:]]
    return next((word for word in words if _IMAGE.fullmatch(word)), "")


def _on_disk(program: str, drive: str, mounted: Mapping[str, str], where: Mapping[str, str]) -> str:
    """Where a DOS path lies: below the directory that is mounted as its drive; an image is as far as one can see."""
    letter, path = (program[0].lower(), program[2:]) if _DRIVE.match(program) else (drive, program)
    inner = ntpath.normpath(ntpath.join(where.get(letter, "\\"), path)).replace("\\", "/").strip("/")
    host = mounted.get(letter, "")
    if _IMAGE.fullmatch(host):
        return host
    return f"{host.rstrip('/')}/{inner}" if host else inner


def _lines(content: bytes) -> list[str]:
    return _text(content).splitlines()[:LINES_LIMIT]


def _text(content: bytes) -> str:
    """UTF-8 where it is, else the Western encoding in which every byte is a letter."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")

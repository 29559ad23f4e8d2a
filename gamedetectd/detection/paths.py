"""Paths of any system judged on any system: Windows, Wine, Linux and macOS spellings through one small set of functions.

Paths come from facts and need not exist here, so nothing below touches a disk.
"""

from __future__ import annotations

import ntpath
import posixpath
from collections.abc import Mapping
from types import ModuleType

from gamedetectd.detection.pattern import Pattern

_DRIVE = Pattern(r"[A-Za-z]:([\\/]|$)")
_EXECUTABLE_ENDINGS = (".exe", ".com", ".scr", ".bat", ".cmd", ".app")
_WRAPPED_ENDINGS = (
    ".bin",
    ".real",
    ".elf",
    ".x86_64",
    ".x86",
    ".x64",
    ".amd64",
    ".appimage",
    ".sh",
    ".py",
    ".pl",
    ".rb",
)
_ENDINGS = (*_EXECUTABLE_ENDINGS, *_WRAPPED_ENDINGS)
_DISK = Pattern(r"[a-z]:")
_IN_PREFIX = Pattern(r"/drive_c/(.+)")
_SLASHES = Pattern("/+")
_SEPARATORS = Pattern(r"[\\/]+")
_NOT_IN_SHORT = Pattern(r"[ .]+")
_SHORTENED = 6
"""Letters that a short name keeps before its ``~1``."""
_BLANKS = Pattern(r"[\s_]+")


def is_windows(path: str) -> bool:
    """True for a path with a drive letter, a network share, or backslashes and no leading slash."""
    if path.startswith("/"):  # most are, and every verdict asks dozens of times
        return False
    return bool(_DRIVE.match(path)) or path.startswith("\\\\") or ("\\" in path and not path.startswith(("/", ".")))


def _flavour(path: str) -> ModuleType:
    """The standard library's rules for this path's spelling."""
    return ntpath if is_windows(path) else posixpath


def is_absolute(path: str) -> bool:
    """True for a path from the root, with a drive letter, or of a network share."""
    return path.startswith(("/", "\\\\")) or bool(_DRIVE.match(path))


def base_name(path: str) -> str:
    """The last component, whatever the separators: of ``C:/Games/Doom/doom.exe`` and ``/usr/games/doom`` alike."""
    path = path.rstrip("/\\") or path
    if not is_windows(path):
        return path.rpartition("/")[2]
    if path.startswith("\\\\"):
        return ntpath.basename(path)  # of a share's root there is none
    return path[max(path.rfind("/"), path.rfind("\\")) + 1 :] if len(path) > len("C:") else ""


def directory(path: str) -> str:
    """Everything before the last component, without a trailing separator except for a root."""
    return str(_flavour(path).dirname(path))


def stem(name: str) -> str:
    """A base name without what only says that it is a program: ``Doom.exe`` and ``doom.x86_64`` become ``doom``."""
    lowered = name.lower()
    if not lowered.endswith(_ENDINGS):  # most have none, and every verdict asks a dozen times
        return name
    for ending in _ENDINGS:
        if lowered.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def key(name: str) -> str:
    """How tables spell a program: the stem in lower case without blanks and underscores."""
    return _BLANKS.sub("", stem(name).casefold())


def join(where: str, path: str) -> str:
    """``path`` as seen from the directory ``where``, with ``.`` and ``..`` resolved."""
    if is_absolute(path):
        return normal(path)
    if not where:
        return path
    if not is_windows(where):
        path = path.replace("\\", "/")
    return normal(_flavour(where).join(where, path))


def normal(path: str) -> str:
    """Without doubled separators, ``.`` and ``..``, and without a trailing separator; an empty path stays empty."""
    if not path:
        return path
    return str(_flavour(path).normpath(path))


def components(path: str) -> tuple[str, ...]:
    """The names a path is made of, oldest first, without drive and separators."""
    return tuple(part for part in _SEPARATORS.split(_DRIVE.sub("", path)) if part not in ("", "."))


def folded(path: str, *, ignore_case: bool) -> str:
    """A spelling that compares equal for equal places: forward slashes, no trailing one, folded case where asked."""
    spelt = _SLASHES.sub("/", path.replace("\\", "/")) if is_windows(path) else posixpath.normpath(path or "/")
    spelt = spelt.rstrip("/")
    return spelt.casefold() if ignore_case or is_windows(path) else spelt


def within(path: str, place: str, *, ignore_case: bool = False) -> bool:
    """True where ``path`` is ``place`` or lies in it; ``/games/doom2`` does not lie in ``/games/doom``."""
    if not path or not place:
        return False
    inner = folded(path, ignore_case=ignore_case)
    outer = folded(place, ignore_case=ignore_case)
    if not outer or _DISK.fullmatch(outer):
        return False  # a whole disk holds everything and tells nothing
    if "~" in inner:
        own, theirs = inner.split("/"), outer.split("/")
        same = (one == other or _is_short_for(one, other) for one, other in zip(own, theirs, strict=False))
        return len(own) >= len(theirs) and all(same)
    return inner == outer or inner.startswith(outer + "/")


def _is_short_for(name: str, full: str) -> bool:
    """True where a name may be what Windows makes of a long one for programs of DOS: ``progra~1`` for ``program files``."""
    start, mark, _ = name.partition("~")
    return bool(mark) and len(start) <= _SHORTENED and _NOT_IN_SHORT.sub("", full).startswith(start)


def windows_path_in_wine(path: str) -> str:
    """How programs in a Wine prefix see a path on its drive C; "" for one that lies in no prefix."""
    found = _IN_PREFIX.search(path)
    return f"C:/{found[1]}" if found else ""


def unix_path_in_wine(path: str, environment: Mapping[str, str]) -> str:
    """Where a Windows path seen under Wine or Proton lies on the Linux disk; unchanged where that is not known.

    ``Z:`` is the whole Linux tree, ``C:`` the prefix's ``drive_c``; other drives are Proton's view of a Steam library,
    found by the install directory that Steam tells.
    """
    if not _DRIVE.match(path):
        return path
    drive, rest = path[0].upper(), path[2:].replace("\\", "/")
    if drive == "Z":
        return posixpath.normpath(rest or "/")
    prefix = environment.get("WINEPREFIX", "")
    compat = environment.get("STEAM_COMPAT_DATA_PATH", "")
    if drive == "C" and (prefix or compat):
        return posixpath.normpath(posixpath.join(prefix or posixpath.join(compat, "pfx"), "drive_c") + rest)
    installed = environment.get("STEAM_COMPAT_INSTALL_PATH", "").rstrip("/")
    marker = "/" + posixpath.basename(installed) + "/"
    if installed and marker in rest:
        return posixpath.join(installed, rest.split(marker, 1)[1])
    return path

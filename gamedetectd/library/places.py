"""Paths that stores write down, in this system's spelling, and never so wide that they hold other programs."""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from gamedetectd.library.files import UnreadableError, read_names
from gamedetectd.library.surroundings import Surroundings

PATH_LIMIT = 2_048
"""Characters of a path that is believed."""
TITLE_LIMIT = 300

_SEPARATORS = re.compile(r"[\\/]+")
_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|$)")
_LONG_PREFIX = re.compile(r"^\\\\[?.]\\(?=[A-Za-z]:)")
_SHARED = re.compile(
    r"""(?:
      (?:[a-z]:|.*/dosdevices/[a-z]:|.*/drive_c)
        (?:/(?:program\ files(?:\ \(x86\))?(?:/(?:windowsapps|modifiablewindowsapps|common\ files))?|programdata
          |windows(?:/.*)?|users(?:/[^/]+)?))?
    | /?
    | /(?:app|applications|bin|boot|dev|etc|home|lib\d*|library|media|mnt|opt|proc|root|run|sbin|snap|srv|sys|system
        |tmp|usr|users|var|volumes)
    | /usr/(?:local/)?(?:bin|games|include|lib\w*(?:/[^/]+-linux-[^/]+)?|libexec|local|sbin|share)
    | /usr/(?:local/)?(?:share|lib)/games
    | /var/(?:lib|games|tmp|opt|lib/games)
    | /(?:media|mnt|volumes)/[^/]+ | /run/media(?:/[^/]+){0,2} | /run/user(?:/\d+)?
    | (?:/home|/users|[a-z]:/users|.*/drive_c/users)/[^/]+
        (?:/(?:desktop|documents|downloads|applications|bin|games|music|pictures|videos|library|\.?local(?:/share)?
          |\.config|\.cache|\.var(?:/app)?|saved\ games|library/application\ support
          |appdata(?:/(?:local|locallow|roaming)(?:/(?:programs|temp))?)?))?
    | .*/(?:steamapps(?:/common)?|ubisoft\ game\ launcher(?:/games)?|ubisoft|gog\ galaxy(?:/games)?|xboxgames|games
        |(?:epic|ea|origin|riot|rockstar|gog|amazon)\ games|steamlibrary|wow6432node)
    )""",
    re.VERBOSE,
)
_INNER = re.compile(
    r"(?>(?>binaries|bin|app|build|client|common|contents?|data|dist|engine|exe|files?|game|launcher|lib|linux|live|macos|mac|main"
    r"|noeditor|program|release|retail|resources|shipping|src|system|windows|wingdk|win|x86_64|x86|x64|x|amd64"
    r"|\d[\d.]*+)[ _.-]*+)++"
)
"""Names of directories inside a game's own: ``bin``, ``Win64``, ``linux-x86_64``, ``1.0.2``."""


def native(surroundings: Surroundings, path: str) -> str:
    """An absolute path as this system spells it, tidied; "" for anything else.

    In the surroundings of a Wine prefix, whose drives are its ``dosdevices``, a Windows path becomes one of ours.
    """
    spelt = _LONG_PREFIX.sub("", path.strip().strip('"').strip())
    if not spelt or len(spelt) > PATH_LIMIT or "\0" in spelt:
        return ""
    if _DRIVE.match(spelt):
        return _in_prefix(surroundings, ntpath.normpath(spelt))
    if spelt.startswith("/"):
        return posixpath.normpath("/" + spelt.lstrip("/"))
    return ntpath.normpath(spelt) if spelt.startswith("\\\\") else ""


def _in_prefix(surroundings: Surroundings, path: str) -> str:
    for drive in surroundings.drives:
        if drive.parent.name == "dosdevices" and drive.name == path[:2].lower():
            return _as_spelt(str(drive), [part for part in path[2:].split("\\") if part])
    return path


def _as_spelt(directory: str, parts: Sequence[str]) -> str:
    """A path below a directory as the disk spells it: Windows' programs do not mind case, this system does."""
    for at, part in enumerate(parts):
        inner = posixpath.join(directory, part)
        if is_gone(inner):
            inner = next(
                (f"{directory}/{name}" for name in listed(Path(directory)) if name.lower() == part.lower()), ""
            )
        if not inner:
            return posixpath.join(directory, *parts[at:])
        directory = inner
    return directory


def beneath(directory: str, relative: str) -> str:
    """A file below a directory, in the directory's spelling; "" where the path leads out of it or nowhere."""
    parts = [part for part in _SEPARATORS.split(relative.strip().strip('"')) if part not in ("", ".")]
    if not directory or not parts or ".." in parts or ":" in relative or "\0" in relative or len(relative) > PATH_LIMIT:
        return ""
    separator = "\\" if _DRIVE.match(directory) or directory.startswith("\\\\") else "/"
    return separator.join((directory.rstrip("\\/"), *parts))


def own_directory(surroundings: Surroundings, path: str) -> str:
    """A game's directory in this system's spelling; "" where it is one that many programs share, or none."""
    spelt = native(surroundings, path)
    place = folded(spelt)
    if not place or place == folded(str(surroundings.home)) or _SHARED.fullmatch(place):
        return ""
    return spelt


def base_name(path: str) -> str:
    """The last part of a path in either spelling."""
    return _SEPARATORS.split(path.rstrip("\\/"))[-1]


def parent(path: str) -> str:
    """What a path's last part lies in, in either spelling."""
    return path.rstrip("\\/")[: -len(base_name(path))].rstrip("\\/")


def title_of(directory: str) -> str:
    """What the directory's name says: the innermost one that does not merely say ``bin`` or ``Title game``; else ""."""
    while directory and not _SHARED.fullmatch(folded(directory)):
        name, directory = base_name(directory), parent(directory)
        above = base_name(directory)
        if above and name.lower().startswith(above.lower()) and _INNER.fullmatch(name[len(above) :].lower().strip()):
            continue
        if not _INNER.fullmatch(name.lower()):
            return name
    return ""


def shown(title: str) -> str:
    """A title as people write it: one line, without trademark signs and what no text may hold."""
    text = title.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text if c not in "®™©℠").split())[:TITLE_LIMIT]


def folded(path: str) -> str:
    """A path for comparing: lower case, one forward slash between its parts, none at its end."""
    return _SEPARATORS.sub("/", path).rstrip("/").casefold()


def squeezed(title: str) -> str:
    """A title's letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", title.casefold())


def is_gone(path: str) -> bool:
    """True where there is certainly nothing at this path: what may not be looked at may well be there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False
    return False


class Presence:
    """Remembers which of the games' places were there: drives come and go without a word in the registry.

    Another system's paths, in a registry that was exported there, are taken as they are.
    """

    def __init__(self) -> None:
        self._gone: dict[str, bool] = {}

    def forget(self) -> None:
        """Begin anew, as a reading does."""
        self._gone = {}

    def is_gone(self, path: str) -> bool:
        """The same as the function, remembered."""
        if os.name != "nt" and (_DRIVE.match(path) or path.startswith("\\\\")):
            return False
        self._gone[path] = is_gone(path)
        return self._gone[path]

    def changed(self) -> tuple[str, ...]:
        """The places that have come or gone since."""
        return tuple(path for path, gone in self._gone.items() if is_gone(path) != gone)


def listed(directory: Path, ending: str = "") -> Sequence[str]:
    """The names in a directory that end so, whatever their case, in order; none where it cannot be looked into."""
    try:
        return [name for name in read_names(directory) if name.lower().endswith(ending)]
    except UnreadableError:
        return ()


def existing(*paths: Path) -> tuple[str, ...]:
    """Those of the paths that are there, each once."""
    return tuple(dict.fromkeys(str(path) for path in paths if os.path.exists(path)))  # noqa: PTH110 - never raises

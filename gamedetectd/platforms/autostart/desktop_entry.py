"""The format of an autostart entry: quoting and reading of ``Exec``, and the few keys that decide whether it starts.

https://specifications.freedesktop.org/desktop-entry-spec/latest/ ("The Exec key") and
https://specifications.freedesktop.org/autostart-spec/latest/; ``X-GNOME-Autostart-enabled`` is what GNOME, Cinnamon and
systemd's generator read, ``X-MATE-Autostart-enabled`` MATE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

SWITCHED_OFF_BY_US = "X-Gamedetectd-Off"
"""The key that tells our own switching off from a desktop's."""

_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_IN_QUOTES = re.compile(r'(["`$\\])')
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+""", re.DOTALL)
_PIECE = re.compile(r"""\"((?:[^"\\]|\\.)*)\"|'([^']*)'|\\(.)|([^\s"'\\]+)""", re.DOTALL)
_FIELD_CODE = re.compile(r"%(.)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_GROUP = re.compile(r"^[ \t]*\[Desktop Entry\][ \t\r]*$", re.MULTILINE)
_NEXT_GROUP = re.compile(r"^[ \t]*\[", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def rendered(command: Sequence[str]) -> str:
    """An entry that starts ``command`` in every desktop: no window, no terminal, in no menu."""
    return f"""\
# Written by `gamedetectd autostart on`; `gamedetectd autostart off` takes it away.
[Desktop Entry]
Type=Application
Version=1.4
Name=gamedetectd
GenericName=Game Detector
Comment=Knows which game is being played, since when, and why it thinks so
Exec={exec_value(command)}
TryExec={string_value(command[0])}
Terminal=false
NoDisplay=true
StartupNotify=false
X-GNOME-Autostart-enabled=true
# The program waits by itself (--delay), for not every desktop knows this key.
X-GNOME-Autostart-Delay=0
"""


def mask() -> str:
    """An entry that starts nothing, in the place of one that is installed for all accounts."""
    return f"""\
# Written by `gamedetectd autostart off`, over an entry for all accounts; `gamedetectd autostart on` replaces it.
[Desktop Entry]
Type=Application
Name=gamedetectd
Exec=gamedetectd run
Hidden=true
{SWITCHED_OFF_BY_US}=true
"""


def hidden(text: str) -> str:
    """The entry as it is, but switched off by us."""
    ours = f"Hidden=true\n{SWITCHED_OFF_BY_US}=true\n"
    group = _GROUP.search(text)
    if group is None:
        return mask()
    head, (body, rest) = text[: group.end()], _split_group(text[group.end() :])
    kept = re.sub(rf"^[ \t]*(?:Hidden|{SWITCHED_OFF_BY_US})[ \t]*=.*\n?", "", body.lstrip("\r\n"), flags=re.MULTILINE)
    return f"{head.rstrip()}\n{ours}{kept}{rest}"


def keys(text: str) -> Mapping[str, str]:
    """The keys of the main group, texts unescaped; empty where there is no such group."""
    group = _GROUP.search(text)
    if group is None:
        return {}
    body, _ = _split_group(text[group.end() :])
    found: dict[str, str] = {}
    for name, value in _KEY.findall(body):
        found.setdefault(name, _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[0]), value))
    return found


def items(value: str) -> list[str]:
    """The items of a list key."""
    return [item.strip() for item in value.split(";") if item.strip()]


def is_true(value: str | None) -> bool:
    """A boolean key; what GLib and KDE take for true."""
    return (value or "").strip().lower() in ("true", "1")


def exec_value(command: Sequence[str]) -> str:
    """The value of ``Exec``: arguments quoted, field codes and then the text itself escaped.

    GLib looks for the program before it undoes ``%%``, and so finds none: ``env`` starts those.
    """
    if "%" in command[0]:
        command = ("/usr/bin/env", *command)
    return string_value(" ".join(map(_quoted, command)).replace("%", "%%"))


def string_value(text: str) -> str:
    """A text as the value of a key."""
    escaped = text.replace("\\", "\\\\")
    return "\\s" + escaped[1:] if escaped.startswith(" ") else escaped


def split_exec(value: str) -> tuple[str, ...]:
    """The arguments of an unescaped ``Exec``, without field codes; empty where its quotes do not close."""
    rest = _WORD.sub("", value).strip()
    if rest:
        return ()
    words = (match.group() for match in _WORD.finditer(value))
    return tuple(_unquoted(word) for word in words if not re.fullmatch(r"%[^%]", word))


def _split_group(text: str) -> tuple[str, str]:
    following = _NEXT_GROUP.search(text)
    return (text[: following.start()], text[following.start() :]) if following else (text, "")


def _quoted(argument: str) -> str:
    if argument and not _RESERVED.search(argument):
        return argument
    return '"' + _IN_QUOTES.sub(r"\\\1", argument) + '"'


def _unquoted(word: str) -> str:
    whole = ""
    for double, single, escaped, plain in _PIECE.findall(word):
        whole += re.sub(r'\\(["`$\\])', r"\1", double) or single or escaped or plain
    return _FIELD_CODE.sub(lambda match: "%" if match[1] == "%" else "", whole)

"""Takes out of a text what must never reach a log: secrets, home directories, titles the person marked private.

One redactor is in force for the whole program; it knows secrets by their shape and home directories by their place
from the start, and is told the person's private titles and the values of secrets as they become known.
"""

from __future__ import annotations

import base64
import functools
import json
import os
import re
import threading
import urllib.parse
from collections.abc import Iterable, Mapping
from pathlib import Path

from gamedetectd.observability.secret_shapes import HIDDEN, hide_shapes, is_secret_name

PRIVATE_TITLE = "[private title]"
"""Stands where a window title was that the person marked private."""
HIDDEN_USER = "<user>"
"""Stands where a user name was in a path."""

_SHORT_SECRET = 4
"""Registered values shorter than this are hidden only where they stand alone, or no text would stay readable."""
_EVERYBODYS = frozenset({"public", "shared", "default"})
"""Directories beside the home directories that are nobody's."""
_HOMES = ("home", "users")
"""Directories in which home directories lie."""
_EDGE = r"(?=[\\/\s\"'`:;,<>|)\]}]|\.?(?:\s|$))"
"""Where a part of a path ends."""
_ANY_HOME = re.compile(
    rf"(?<![\w.~])((?:/var|/mnt/[a-z]|[a-z]:)?(?:/|\\{{1,2}})(?:{'|'.join(_HOMES)})[\\/]{{1,2}})"
    r"([^\\/\s\"':;,<>|*?]+(?: [^\\/\s\"':;,<>|*?]+){0,2}(?=[\\/])|[^\\/\s\"':;,<>|*?]+)",
    re.IGNORECASE,
)
_SECRET_OPTION = re.compile(r"[-+/]{1,2}[\w.-]{1,128}[=:]?")
_QUOTED_PART = re.compile(r"\"([^\"]+)\"|(?<!\w)'([^']+)'(?!\w)|“([^”]+)”|‘([^’]+)’|«([^»]+)»|„([^“”]+)[“”]")


def redact(text: str) -> str:
    """The text without secrets, home directories and private titles. May be given any text, of any length."""
    return redactor().redact(text)


def hide_secrets(text: str) -> str:
    """The text without secrets; for the person's own eyes, who may see their home directory and their titles."""
    return redactor().hide_secrets(text)


def register_secret(value: str) -> None:
    """Hide this value from now on wherever it occurs, also as URLs, JSON and base64 spell it."""
    redactor().add_secret(value)


def is_private_title(title: str, program: str = "") -> bool:
    """True if the person wants this window title, or every title of this program (its file name), kept out."""
    return redactor().is_private_title(title, program)


@functools.cache
def redactor() -> Redactor:
    """The one in force."""
    return Redactor(_home(), os.environ)


def redact_argv(argv: Iterable[str]) -> list[str]:
    """A command line, argument by argument, without what follows an option named like a secret."""
    shown: list[str] = []
    hide_next = False
    for argument in argv:
        option = _SECRET_OPTION.match(argument)
        if hide_next and not argument.startswith("--"):
            shown.append(HIDDEN)
        elif option is not None and is_secret_name(option.group()):
            shown.append(redact(option.group()) + (HIDDEN if option.end() < len(argument) else ""))
        else:
            shown.append(redact(argument))
        hide_next = option is not None and option.end() == len(argument) and is_secret_name(argument)
    return shown


class Redactor:
    """Hides in texts what it was told of. Usable from every thread."""

    def __init__(self, home: Path | None, environment: Mapping[str, str]) -> None:
        """``home`` and the user names in ``environment`` are what paths must not show."""
        self._home = _home_rule(home)
        self._user = _user_rule(home, environment)
        self._titles: tuple[_TitleRule, ...] = ()
        self._lock = threading.Lock()
        self._secrets: frozenset[str] = frozenset()
        self._secret: re.Pattern[str] | None = None
        self.longest_secret = 0
        """Length in characters of the longest value it looks for: how much of one a cut may leave standing."""

    def add_secret(self, value: str) -> None:
        """See ``register_secret``."""
        if value:
            with self._lock:
                self._secrets |= _spellings(value)
                self._secret = _any_of(self._secrets)
                self.longest_secret = max(map(len, self._secrets))

    def set_private_titles(self, patterns: Iterable[str]) -> None:
        """Replace the person's patterns (``*`` and ``?`` as in file names, in any case)."""
        self._titles = tuple(_TitleRule(pattern) for pattern in patterns)

    def is_private_title(self, title: str, program: str = "") -> bool:
        """See the function of the same name."""
        names = (title, program, program.removesuffix(".exe"))
        return any(rule.matches(name) for rule in self._titles for name in names if name)

    def redact(self, text: str) -> str:
        """See the function of the same name."""
        text = self.hide_secrets(text)
        if "/" in text or "\\" in text:
            text = self._hide_places(text)
        return self._hide_titles(text)

    def hide_secrets(self, text: str) -> str:
        """See the function of the same name."""
        if self._secret is not None:
            text = self._secret.sub(HIDDEN, text)
        return hide_shapes(text)

    def _hide_places(self, text: str) -> str:
        if self._home is not None:
            text = self._home.sub("~", text)
        if any(word in text.casefold() for word in _HOMES):  # of most paths there is nothing to ask
            text = _ANY_HOME.sub(_hide_home, text)
        return self._user.sub(HIDDEN_USER, text) if self._user is not None else text

    def _hide_titles(self, text: str) -> str:
        """A private title is hidden alone where it stands in quotes; where its end cannot be told, all the text is."""
        if not self._titles:
            return text
        text = _QUOTED_PART.sub(self._hide_quoted, text)
        return PRIVATE_TITLE if any(rule.occurs_in(text) for rule in self._titles) else text

    def _hide_quoted(self, match: re.Match[str]) -> str:
        whole = match.group()
        return whole[0] + PRIVATE_TITLE + whole[-1] if self.is_private_title(whole[1:-1]) else whole


class _TitleRule:
    """One pattern of the person's: what it says of a whole title, and whether a text seems to hold such a title."""

    def __init__(self, pattern: str) -> None:
        core = pattern.strip("*")
        mention = rf"\A{_as_regex(core)}\Z"
        if not core:
            mention = "(?!)"  # every title is private: those in quotes are found without this
        elif core != pattern:
            mention = (
                ("" if pattern[0] == "*" else r"(?<!\w)") + _as_regex(core) + ("" if pattern[-1] == "*" else r"(?!\w)")
            )
        self._whole = re.compile(_as_regex(pattern), re.IGNORECASE | re.DOTALL)
        self._mention = re.compile(mention, re.IGNORECASE | re.DOTALL)

    def matches(self, title: str) -> bool:
        return self._whole.fullmatch(title) is not None

    def occurs_in(self, text: str) -> bool:
        return self._mention.search(text) is not None


def _as_regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*?").replace(r"\?", ".")


def _spellings(value: str) -> frozenset[str]:
    """The value as it stands in plain text, in URLs, in JSON and Python text, and as base64."""
    data = value.encode("utf-8", "surrogateescape")
    return frozenset(
        {
            value,
            urllib.parse.quote(data, safe=""),
            urllib.parse.quote(data),
            urllib.parse.quote_plus(data),
            json.dumps(value)[1:-1],
            json.dumps(value, ensure_ascii=False)[1:-1],
            repr(value)[1:-1],
            base64.b64encode(data).decode("ascii"),
            base64.urlsafe_b64encode(data).decode("ascii").rstrip("="),
        }
    )


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all of them, the longest first so that none hides a part of a longer one."""
    ordered = sorted(values, key=lambda value: (-len(value), value))
    return re.compile(
        "|".join(
            re.escape(value) if len(value) >= _SHORT_SECRET else rf"(?<!\w){re.escape(value)}(?!\w)"
            for value in ordered
        )
    )


def _home() -> Path | None:
    try:
        return Path.home()
    except RuntimeError:  # an account without a home
        return None


def _home_rule(home: Path | None) -> re.Pattern[str] | None:
    """A pattern for this account's home directory, by its own and its real path, with either kind of slash."""
    if home is None:
        return None
    spellings = {
        r"[\\/]{1,2}".join(map(re.escape, path.as_posix().split("/"))).replace(r"[\\/]{1,2}", r"(?:/|\\{1,2})", 1)
        for path in (home, Path(os.path.realpath(home)))
        if len(path.parts) > 1
    }
    if not spellings:
        return None
    return re.compile(rf"(?<![\w.~])(?:{'|'.join(sorted(spellings, key=len, reverse=True))}){_EDGE}", re.IGNORECASE)


def _user_rule(home: Path | None, environment: Mapping[str, str]) -> re.Pattern[str] | None:
    """A pattern for this person's name as a part of any path. ``root`` is nobody's name."""
    names = {environment.get(variable, "") for variable in ("USER", "LOGNAME", "USERNAME")}
    names |= {home.name if home is not None else ""}
    names -= {"", "root"}
    if not names:
        return None
    return re.compile(rf"(?<=[\\/])(?:{'|'.join(map(re.escape, sorted(names)))}){_EDGE}", re.IGNORECASE)


def _hide_home(match: re.Match[str]) -> str:
    return match.group() if match.group(2).lower() in _EVERYBODYS else match.group(1) + HIDDEN_USER

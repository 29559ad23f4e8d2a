"""Changes one option in the settings file and leaves everything else in it as the person wrote it.

What comes out is judged before it is written, so that a file in order stays in order.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from gamedetectd.config.files import parse, read_text
from gamedetectd.config.load import InvalidSettingsError, check, convert_text
from gamedetectd.config.problems import Problem, nearest, printable, shown
from gamedetectd.config.schema import Option, options
from gamedetectd.config.template import template
from gamedetectd.config.toml_lines import line_end, places
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import ensure_private_dir, write_private_atomic


def set_option(paths: Paths, name: str, said: str) -> object:
    """Give the option called ``name`` (``section.key``) the value ``said``, written as for a variable; returns it.

    Raises SettingsError where there is no such option, the value is wrong, or the file is wrong or cannot be written.
    """
    option = _option(name)
    try:
        value = convert_text(said, option.type)
        literal = msgspec.json.encode(value).decode()  # for these types JSON and TOML write the same
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise SettingsError(
            f"{name} = {shown(said)}: it must be {option.expects}.",
            f"Say for example: gamedetectd config set {name} {shown(option.example)}",
        ) from error
    text = read_text(paths.settings_file)
    if isinstance(text, Problem):
        raise InvalidSettingsError([text])
    file = printable(str(paths.settings_file))
    parsed = parse(file, text)
    if isinstance(parsed, Problem):
        raise InvalidSettingsError([parsed])
    changed = edited(text or template(), option, literal)
    if problems := check(changed, {}, file=file):
        raise InvalidSettingsError(problems)
    _write(paths.settings_file, changed)
    return value


def edited(text: str, option: Option, literal: str) -> str:
    """The text of a settings file with the option set to ``literal``; ``text`` must be TOML."""
    path = (option.section, option.key)
    values, headers = places(text)
    if path in values:
        begin, end = values[path]
        return text[:begin] + literal + text[end:]
    new = f"{option.key} = {literal}"
    if path[:1] in headers:
        return _into_table(text, headers[path[:1]], option.key, new)
    if path[:1] in values:  # an inline table
        begin = values[path[:1]][0] + 1
        comma = "" if text[begin:].lstrip().startswith("}") else ","
        return f"{text[:begin]} {new}{comma}{text[begin:]}"
    dotted = [end for (section, *_), (_, end) in values.items() if section == option.section]
    if dotted:
        return _after_line(text, max(dotted), f"{option.section}.{new}")
    ends = line_end(text)
    gap = "" if not text else ends if text.endswith(("\n", "\r")) else ends * 2
    return f"{text}{gap}[{option.section}]{ends}{new}{ends}"


def _into_table(text: str, header: int, key: str, new: str) -> str:
    """Below the comment that shows the option's default, where there is one in this table, else at its beginning."""
    following = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, header)
    end = len(text) if following is None else following.start()
    default = re.compile(rf"^[ \t]*#[ \t]*{re.escape(key)}[ \t]*=", re.MULTILINE).search(text, header, end)
    return _after_line(text, header if default is None else default.end(), new)


def _after_line(text: str, place: int, new: str) -> str:
    """The text with a line more after the one that ``place`` is in."""
    ends = line_end(text)
    rest = text.find("\n", place)
    if rest < 0:
        return f"{text}{ends}{new}{ends}"
    return f"{text[: rest + 1]}{new}{ends}{text[rest + 1 :]}"


def _option(name: str) -> Option:
    option = options().get(name)
    if option is None:
        meant = nearest(name, options())
        raise SettingsError(
            f"There is no setting called {printable(name)}.",
            f"Did you mean {meant}?" if meant else "`gamedetectd config show` lists them.",
        )
    return option


def _write(file: Path, text: str) -> None:
    """Atomically, for this account alone; where the file is a link, what it leads to."""
    target = Path(os.path.realpath(file))
    try:
        ensure_private_dir(file.parent)
        write_private_atomic(target, text.encode())
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written: {error.strerror}.", "Look at that directory, or set GAMEDETECTD_HOME."
        ) from error

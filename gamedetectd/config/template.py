"""A settings file to begin with: every option, explained and commented out, with its default."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator

import msgspec

from gamedetectd.config.schema import Option, options
from gamedetectd.config.sections import SECTIONS

_HEAD = """\
# Settings of gamedetectd. Lines that begin with "#" are comments; a setting that is commented out has its default.
# A running gamedetectd notices when this file is saved. `gamedetectd config check` says whether all is well.
"""


def template() -> str:
    """The text of a ``settings.toml`` that changes nothing and shows everything."""
    return "\n".join((_HEAD, *_lines()))


def _lines() -> Iterator[str]:
    for section, struct in SECTIONS.items():
        yield f"[{section}]"
        yield f"# {inspect.getdoc(struct)}"
        yield ""
        for option in options().values():
            if option.section == section:
                yield from _describe(option)


def _describe(option: Option) -> Iterator[str]:
    applies = "at once" if option.live else "after a restart"
    text = f"{option.description} Must be {option.expects}. Applies {applies}."
    yield from textwrap.wrap(text, 118, initial_indent="# ", subsequent_indent="# ")
    yield f"# Example: {option.key} = {_toml(option.example)}"
    yield f"#{option.key} = {_toml(option.default)}"
    yield ""


def _toml(value: object) -> str:
    """A default or an example as TOML writes it; for these types JSON writes the same."""
    return msgspec.json.encode(value).decode()

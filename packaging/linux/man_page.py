"""The man page, from the command line itself: ``python man_page.py`` prints it in man(7)'s language.

Every command with its help, arguments and options, as ``--help`` tells them.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Iterator

import click
import typer

import gamedetectd
from gamedetectd.cli.main import build
from gamedetectd.config.schema import PREFIX
from gamedetectd.paths import HOME_VARIABLE

_CODE = re.compile(r"``?([^`]+)``?")


def escaped(text: str) -> str:
    """Plain text for roff: no character of it is a request or an escape."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return safe if not safe.startswith(".") else f"\\&{safe}"


def words(text: str) -> str:
    """A sentence, with what stands in backticks in bold."""
    return "".join(
        f"\\fB{escaped(part)}\\fR" if number % 2 else escaped(part) for number, part in enumerate(_CODE.split(text))
    )


def page() -> str:
    """The whole page."""
    root = typer.main.get_command(build())
    return "\n".join([*_head(root), *_commands(root), *_tail(root)]) + "\n"


def _head(root: click.Command) -> Iterator[str]:
    moment = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), dt.UTC)
    yield f'.TH GAMEDETECTD 1 "{moment:%Y-%m-%d}" "gamedetectd {gamedetectd.__version__}" "User Commands"'
    first, *rest = (root.help or "").split("\n\n")
    yield f".SH NAME\ngamedetectd \\- {escaped(first.rstrip('.')[0].lower() + first.rstrip('.')[1:])}"
    yield ".SH SYNOPSIS\n.B gamedetectd\n.I COMMAND\n.RI [ OPTIONS ]"
    yield ".SH DESCRIPTION"
    for paragraph in (first, *rest):
        yield f".PP\n{words(' '.join(paragraph.split()))}"


def _commands(root: click.Command) -> Iterator[str]:
    yield ".SH COMMANDS"
    for path, command in _leaves(root, ()):
        yield from _command(path, command)


def _leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            if not below.hidden:
                yield from _leaves(below, (*path, name))
    else:
        yield path, command


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=path[-1])
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {escaped(' '.join(path))} {escaped(usage)}"
    for paragraph in (command.help or "").split("\n\n"):
        yield from _paragraph(paragraph)
    for parameter in command.get_params(context):
        told = parameter.get_help_record(context)
        if told is not None and "--help" not in parameter.opts:
            yield f".TP\n\\fB{escaped(' '.join(told[0].split()))}\\fR\n{words(' '.join(told[1].split()))}"


def _paragraph(text: str) -> Iterator[str]:
    """A paragraph of Markdown as our help texts have it: sentences, or examples behind dashes."""
    lines = text.strip().splitlines()
    if all(line.lstrip().startswith("- ") or line.startswith("  ") for line in lines):
        for item in re.split(r"^\s*- ", text.strip(), flags=re.MULTILINE)[1:]:
            yield f".IP \\(bu 2\n{words(' '.join(item.split()))}"
        yield ".PP"
    elif lines:
        yield f".PP\n{words(' '.join(text.split()))}"


def _tail(root: click.Command) -> Iterator[str]:
    yield f".SH EXIT STATUS\n{words(' '.join((root.epilog or '').split()))}"
    yield f".SH ENVIRONMENT\n.TP\n.B {HOME_VARIABLE}\nOne directory that everything lies below."
    yield f".TP\n.B {escaped(PREFIX)}\\fISECTION\\fB_\\fIKEY\\fR\nA setting, for this run only."
    yield ".SH FILES\n" + words("`gamedetectd config path` prints where settings, history and logs are.")


if __name__ == "__main__":
    sys.stdout.write(page())

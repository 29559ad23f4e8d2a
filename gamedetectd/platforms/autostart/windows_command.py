"""How Windows writes a command and its arguments into one text, and takes them apart again.

https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

_PROGRAM = re.compile(r'\s*(?:"([^"]*)"?|(.*?\.(?:exe|bat|cmd|com))(?=\s|$)|(\S+))', re.IGNORECASE | re.DOTALL)
_SLASHES = re.compile(r'(\\*)(")|(\\+)')


def joined(command: Sequence[str]) -> str:
    """One text that Windows takes apart into exactly ``command``; the program is always in quotes."""
    program, *arguments = command
    return " ".join((f'"{program}"', subprocess.list2cmdline(arguments))).rstrip()


def split(text: str) -> tuple[str, ...]:
    """The program, which may hold spaces without being in quotes, and its arguments."""
    program = _PROGRAM.match(text)
    if program is None:
        return ()
    rest = text[program.end() :]
    return (program[1] or program[2] or program[3] or "", *_arguments(rest))


def _arguments(text: str) -> list[str]:
    """Backslashes count only before a quote: two make one, an odd one makes the quote a letter."""
    found: list[str] = []
    current: str | None = None
    quoted = False
    position = 0
    while position < len(text):
        slashes = _SLASHES.match(text, position)
        if slashes and slashes[2]:
            current = (current or "") + "\\" * (len(slashes[1]) // 2)
            if len(slashes[1]) % 2:
                current += '"'
            else:
                quoted = not quoted
            position = slashes.end()
        elif text[position].isspace() and not quoted:
            if current is not None:
                found.append(current)
            current = None
            position += 1
        else:
            current = (current or "") + text[position]
            position += 1
    return found if current is None else [*found, current]

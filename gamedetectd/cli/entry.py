"""Where the program begins: ``run`` goes straight to the daemon, everything else to the whole command line.

The command line's parser takes eight megabytes and a tenth of a second, which the daemon would pay for as long as it
runs. So the few options of ``run`` are read here; ``run --help``, wrong usage and every other command go the long way.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from gamedetectd.cli.edge import run_to_the_end

SWITCHES = {"--headless": "headless", "--supervised": "supervised"}
"""Options of ``run`` that stand alone, and the parameter of ``app.run.run`` that each sets to True."""
VALUES = {"--process-source": "process_source", "--log-level": "log_level"}
"""Options of ``run`` that are followed by a text, and the parameter that gets it."""
UNHEALTHY = 7
"""The exit code by which ``doctor`` says so; it must say so also where it cannot be loaded."""


def main() -> None:
    """Run what the command line asks for, and exit; where a part we stand on is missing, say which."""
    try:
        _run()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "gamedetectd"):
            raise
        sys.stderr.write(f"gamedetectd is not completely installed: {missing} is missing.\n  {_again()}\n")
        sys.exit(UNHEALTHY if sys.argv[1:2] == ["doctor"] else 1)


def _again() -> str:
    if getattr(sys, "frozen", False):
        return "Install it again, from the package it came in."
    return f"Install it again: {sys.executable} -m pip install --force-reinstall gamedetectd"


def _run() -> None:
    options = plain_run(sys.argv[1:])
    if options is None:
        from gamedetectd.cli.main import command_line

        run_to_the_end(command_line)
    else:
        from gamedetectd.app.run import run

        run_to_the_end(lambda: run(**options))


def _words(argument: str) -> list[str]:
    """``--option=value`` in two."""
    return argument.split("=", 1) if argument.startswith("--") else [argument]


def plain_run(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The parameters of ``app.run.run``; None for all that is not ``run`` with options as written above."""
    if not arguments or arguments[0] != "run":
        return None
    options: dict[str, Any] = {}
    rest = iter(word for argument in arguments[1:] for word in _words(argument))
    for argument in rest:
        if argument in SWITCHES:
            options[SWITCHES[argument]] = True
        elif argument in VALUES and (value := next(rest, "-")) and not value.startswith("-"):
            options[VALUES[argument]] = value
        elif argument == "--delay" and (seconds := next(rest, "")).isdecimal():
            options["delay"] = float(seconds)
        else:
            return None
    return options

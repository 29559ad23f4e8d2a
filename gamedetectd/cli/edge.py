"""The one place where errors become messages and exit codes. It loads nothing that the daemon would carry for ever."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import Any

from gamedetectd.errors import (
    AlreadyRunningError,
    GamedetectdError,
    NotRunningError,
    PartFailedError,
    SettingsError,
    SupervisorError,
)

EXIT_CODES: dict[type[GamedetectdError], int] = {
    NotRunningError: 4,
    AlreadyRunningError: 5,
    SettingsError: 8,
    PartFailedError: 9,
    SupervisorError: 9,
}
"""Exit codes of errors that programs want to tell apart; any other error is 1. 2 is wrong usage, 3 partly bad input."""

FAULT_LIMIT = 100_000
"""Characters of a fault's details that are kept, the last ones."""
NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What the system answers where output does not fit any more."""


def run_to_the_end(command: Callable[[], object]) -> None:
    """Do what was asked for; where it fails, say why in plain words and exit with the code for it."""
    sys.excepthook = _fault
    _speak_to_nobody_where_nobody_listens()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a title in a script the terminal does not know
    try:
        try:
            command()
        finally:
            sys.stdout.flush()
    except GamedetectdError as error:
        say(error)
        sys.exit(next((number for kind, number in EXIT_CODES.items() if isinstance(error, kind)), 1))
    except OSError as error:
        if error.errno in NO_ROOM:
            say(GamedetectdError(f"What was written did not fit: {error.strerror}.", "Free some space and try again."))
        elif not nobody_reads(error):  # else nothing is left to say, to nobody
            raise
        _forget_output()
        sys.exit(1)


def nobody_reads(error: OSError) -> bool:
    """True if the reader of our output went away (``| head``); Windows calls that an invalid argument."""
    on_windows = sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or on_windows


def say(error: GamedetectdError) -> None:
    """An error as a person reads it: what, why, and what to do. Nothing in it is secret or acts on the terminal."""
    import typer

    from gamedetectd.observability.escaping import visible
    from gamedetectd.observability.redaction import hide_secrets

    typer.secho(f"{error.title}. ", fg="red", bold=True, err=True, nl=False)
    for line in (*error.cause.split("\n"), f"  {error.remedy}"):
        typer.echo(visible(hide_secrets(line)), err=True)


def _speak_to_nobody_where_nobody_listens() -> None:
    """Windows starts programs without a console, as at login, without any output either."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the very end


def _forget_output() -> None:
    """What standard output still holds goes nowhere, so that Python does not stumble over it at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fault(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    """A fault of ours: the person gets a sentence, the details go to a file they can send, without what is private."""
    import tempfile
    import traceback as tracebacks

    from gamedetectd.observability.escaping import clean_lines

    details = clean_lines("".join(tracebacks.format_exception(kind, error, traceback)), FAULT_LIMIT)

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="gamedetectd-fault-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(details)
        request = f"Please report it with the file {file.name}."
    except OSError as no_file:
        request = f"Please report it; no file with the details could be written ({no_file.strerror})."
    sys.stderr.write(
        f"This should not have happened; it is a fault in gamedetectd, not yours ({kind.__name__}).\n  {request}\n"
    )

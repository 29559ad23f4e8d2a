"""Play times of other programs, given to the dashboard: the command ``sessions import`` reads them, in its own process.

What other programs write may be large, and whatever it does to who reads it, it does not do to the daemon.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from gamedetectd.app.machine import this_surroundings, this_system
from gamedetectd.errors import ImportFileError
from gamedetectd.i18n import _
from gamedetectd.library.steam_roots import steam_roots
from gamedetectd.observability import correlation as correlated
from gamedetectd.platforms.children.environment import child_environment
from gamedetectd.platforms.own_program import own_command

SECONDS = 600.0
"""That an import may take."""
MOST_ACCOUNTS = 20
LONGEST = 20_000
"""Characters of the answer that are shown."""


def bring_in(source: str, file: Path) -> str:
    """What the command says of it, in lines. Raises ImportFileError."""
    try:
        done = subprocess.run(
            own_command("sessions", "import", "--from", source, "--", str(file)),
            env=correlated.child_environment({**child_environment(), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ImportFileError(_("It took too long."), _("Try it in a terminal: gamedetectd sessions import")) from error
    if done.returncode != 0:
        said = " ".join(done.stderr.split()).replace(f"{file}: ", "").removeprefix(f"{ImportFileError.title}. ")
        raise ImportFileError(said[:LONGEST], _("Nothing was imported."))
    return done.stdout[:LONGEST]


def steam_files() -> Sequence[Path]:
    """The files with play times of the Steam accounts on this computer."""
    return tuple(islice(_steam_files(), MOST_ACCOUNTS))


def _steam_files() -> Iterator[Path]:
    for root in steam_roots(this_surroundings(this_system())):
        yield from sorted(root.glob("userdata/*/config/localconfig.vdf"))

"""Reads a file of another program's play times: which program's it is, and what of it the history can take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gamedetectd.app.imports import activitywatch, playnite, steam
from gamedetectd.app.imports.found import Found, Progress, wrong
from gamedetectd.app.imports.judging import window_judge
from gamedetectd.app.machine import Machine
from gamedetectd.catalogue.memory import builtin
from gamedetectd.domain import Game, Rule
from gamedetectd.platforms.regular_files import open_regular

SOURCES = (activitywatch.SOURCE, playnite.SOURCE, steam.SOURCE)
_HEAD = 4096
_WHICH = f"Say which program's it is: --from {' | '.join(SOURCES)}."


def read(
    path: Path,
    source: str,
    machine: Callable[[], Machine],
    rules: Sequence[Rule],
    played: Sequence[Game],
    progress: Progress = lambda _done, _whole: None,
) -> Found:
    """What the file of ``source`` ("" to find out) holds; ``played`` are the games of the history.

    Nothing is written. Raises ImportFileError.
    """
    source = source or guess(path)
    if source == activitywatch.SOURCE:
        return activitywatch.read(path, window_judge(machine(), rules, played), progress)
    if source == playnite.SOURCE:
        return playnite.read(path, progress)
    titles = {known: row.title for row in builtin().rows for known in (row.id, *row.also)}
    return steam.read(path, titles | {game.id: game.title for game in played}, progress)


def guess(path: Path) -> str:
    """Which program's file it is, by its beginning. Raises ImportFileError where that does not tell."""
    try:
        with open(open_regular(path), "rb") as file:  # noqa: PTH123 (a descriptor)
            head = file.read(_HEAD)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise wrong(path, f"It cannot be read: {why}.", "Give the name of a file that you may read.") from error
    if b"UserLocalConfigStore" in head:
        return steam.SOURCE
    if b'"buckets"' in head:
        return activitywatch.SOURCE
    if b"LiteDB" in head or any(name in head for name in (b'"Playtime"', b'"GameId"', b'"PluginId"')):
        return playnite.SOURCE
    raise wrong(path, "Its beginning does not tell which program wrote it.", _WHICH)

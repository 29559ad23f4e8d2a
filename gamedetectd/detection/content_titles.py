"""Titles of what containers run, as the tables know them: what a title screen inside one may read."""

from __future__ import annotations

from collections.abc import Iterable

from gamedetectd.detection.tables.arcade import ARCADE
from gamedetectd.detection.tables.dos import DOS_GAMES
from gamedetectd.detection.tables.scumm import SCUMMVM


def content_titles() -> Iterable[str]:
    """Each once, in the tables' order."""
    return dict.fromkeys((*SCUMMVM.values(), *DOS_GAMES.values(), *ARCADE.values()))

"""Remembers a pause over restarts: who paused until tomorrow does not want a reboot to end it."""

from __future__ import annotations

import logging
import math
import os
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Annotated

import msgspec

from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.permissions import open_private, write_private_atomic

log = logging.getLogger(__name__)

LONGEST = 1_000
"""Bytes read of the file; ours are a tenth of that."""


class _Pause(msgspec.Struct):
    until: Annotated[float, msgspec.Meta(ge=0, le=4_102_444_800)] | None = None
    """Wall time, in this century; None for until resumed."""


class PauseFile:
    """The file that holds a pause while there is one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> float | None:
        """Until when (wall time) watching is paused, ``inf`` for until resumed, None for not at all."""
        try:
            descriptor = open_private(self._path, os.O_RDONLY)
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
                pause = msgspec.json.decode(file.read(LONGEST), type=_Pause)
        except FileNotFoundError:
            return None
        except (OSError, PermissionsError, msgspec.MsgspecError, ValueError) as error:
            log.warning("the remembered pause %s cannot be read and is dropped (%s)", self._path, error)
            return None
        return math.inf if pause.until is None else pause.until

    def write(self, until: float | None) -> None:
        """Remember a pause. A failure is logged; the pause then lasts until the next restart."""
        try:
            write_private_atomic(self._path, msgspec.json.encode(_Pause(until)))
        except OSError as error:
            log.warning("the pause will not outlast a restart: %s cannot be written (%s)", self._path, error)

    def clear(self) -> None:
        """Forget the pause."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the pause may come back after a restart: %s cannot be removed (%s)", self._path, error)


def until_tomorrow(now: datetime) -> float:
    """Seconds from ``now`` (with a time zone) until the next day begins there, whatever the clocks do meanwhile."""
    midnight = datetime.combine(now.date() + timedelta(days=1), clock.min).astimezone()
    return max(1.0, midnight.timestamp() - now.timestamp())

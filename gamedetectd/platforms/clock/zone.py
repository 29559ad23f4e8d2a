"""The time zone the person's clocks show, which may be another one after a journey."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"
_LONGEST = 65_536

__all__ = ["reread_zone", "zone"]

if sys.platform == "win32":
    from gamedetectd.platforms.win32.kernel32 import zone
    from gamedetectd.platforms.win32.ucrtbase import reread_zone

else:

    def zone() -> str:
        """The name of the zone, or its rule where it has none; summer and winter time are the same one."""
        if chosen := os.environ.get("TZ"):
            return chosen
        try:
            target = os.readlink(LOCALTIME)  # noqa: PTH115 - a text, looked at several times a minute
        except OSError:
            return _rule()
        return target.rpartition(_ZONES)[2]

    def _rule() -> str:
        """The last line of a zone that is no link: https://datatracker.ietf.org/doc/html/rfc8536#section-3.3."""
        try:
            with LOCALTIME.open("rb") as file:
                lines = file.read(_LONGEST).splitlines()
        except OSError:
            return "UTC"
        return lines[-1].decode("ascii", "replace") if lines else "UTC"

    def reread_zone() -> None:
        """Let this process show times in the zone that is set now: it read the zone when it first showed one."""
        time.tzset()

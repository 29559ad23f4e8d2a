"""The time zone the person's clocks show, which may be another one after a journey."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"
_LONGEST = 65_536

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _DynamicTimeZone(ctypes.Structure):
        """``DYNAMIC_TIME_ZONE_INFORMATION``; https://learn.microsoft.com/windows/win32/api/timezoneapi/."""

        _fields_ = (
            ("bias", wintypes.LONG),
            ("standard_name", wintypes.WCHAR * 32),
            ("standard_date", wintypes.WORD * 8),
            ("standard_bias", wintypes.LONG),
            ("daylight_name", wintypes.WCHAR * 32),
            ("daylight_date", wintypes.WORD * 8),
            ("daylight_bias", wintypes.LONG),
            ("key_name", wintypes.WCHAR * 128),
            ("no_daylight_saving", wintypes.BOOLEAN),
        )

    def zone() -> str:
        """The name of the zone; summer and winter time are the same one."""
        found = _DynamicTimeZone()
        ctypes.windll.kernel32.GetDynamicTimeZoneInformation(ctypes.byref(found))
        return str(found.key_name or found.standard_name or found.bias)

    def reread_zone() -> None:
        """Let this process show times in the zone that is set now."""
        ctypes.CDLL("ucrtbase")._tzset()  # noqa: SLF001 - its name in the C library

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

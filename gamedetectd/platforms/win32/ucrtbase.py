"""Windows, ucrtbase.dll: the C library that Python itself stands on."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from gamedetectd.platforms.win32.binding import function

    _DLL = "ucrtbase"

    def reread_zone() -> None:
        """Let this process show times in the zone that is set now."""
        function(_DLL, "_tzset", None)()

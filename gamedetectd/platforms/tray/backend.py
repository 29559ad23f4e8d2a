"""The one place that imports pystray, so that importing it never picks a backend by itself.

On Linux pystray would load GTK, or fail where there is no display; its dummy backend does neither, and ours stands on
its base class. Windows and macOS get pystray's own. Import this before other threads start children: the variable that
pystray reads is in the environment for the moment of the import.
"""

from __future__ import annotations

import os
import sys
from typing import Any

VARIABLE = "PYSTRAY_BACKEND"


def _load() -> Any:
    before = os.environ.get(VARIABLE)
    if sys.platform == "linux":
        os.environ[VARIABLE] = "dummy"
    try:
        import pystray  # type: ignore[import-untyped]
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before
    return pystray


def xorg() -> Any:
    """The X11 backend of pystray, which tries the display when it is imported: raises what python-xlib raises then."""
    import pystray._xorg  # type: ignore[import-untyped]

    return pystray._xorg  # noqa: SLF001 - a module of pystray's that it would choose itself


_pystray = _load()
Icon: Any = _pystray.Icon
Menu: Any = _pystray.Menu
MenuItem: Any = _pystray.MenuItem

"""The Windows registry: this system's own, and what was exported from one, so that its readers are tested anywhere."""

from __future__ import annotations

import sys

from gamedetectd.interfaces import WritableRegistry


def system_registry() -> WritableRegistry | None:
    """This machine's registry; None where there is none."""
    if sys.platform == "win32":
        from gamedetectd.platforms.registry.winreg_registry import WindowsRegistry

        return WindowsRegistry()
    return None

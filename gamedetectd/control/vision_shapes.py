"""What ``gamedetectd vision status --json`` prints. Fields are only ever added."""

from __future__ import annotations

import msgspec

from gamedetectd.control.daemon_shapes import VisionRow


class VisionStatusRow(msgspec.Struct, frozen=True):
    """Looking at the screen: as the settings want it, whether it could work, and what the daemon says of it.

    ``missing`` is a sentence where parts or models are not installed, else null; ``daemon`` is null where none runs.
    """

    enabled: bool
    on_battery: bool
    learn_silently: bool
    never: int
    """How many patterns name what is never looked at; which, the settings tell."""
    missing: str | None
    daemon: VisionRow | None

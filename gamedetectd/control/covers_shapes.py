"""What ``gamedetectd covers status --json`` prints."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

_Count = Annotated[int, Meta(ge=0)]


class CoversRow(msgspec.Struct, frozen=True):
    """The covers on this computer. ``without``: games that were asked for and have none; ``max_bytes`` is the cap."""

    enabled: bool
    covers: _Count
    without: _Count
    bytes: _Count
    max_bytes: _Count
    directory: str

"""What ``self-update --check`` tells other programs. Fields are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import msgspec

State = Literal["current", "newer", "ahead"]


class UpdateRow(msgspec.Struct, frozen=True):
    """``version`` is this one, ``newest`` the feed's. ``state`` is ``ahead`` where this one is newer than any there."""

    version: str
    newest: str
    state: State
    url: str
    notes: str
    date: str


SHAPES: Mapping[str, Any] = MappingProxyType({"self-update": UpdateRow})

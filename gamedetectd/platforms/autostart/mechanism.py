"""What every way of starting at login has in common: what it finds, who switched it off, and how it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gamedetectd.i18n import N_

DELAY = 5
"""Seconds the daemon waits at login before it does anything, the same on every desktop."""


class OffBy(StrEnum):
    """Who or what keeps an entry from being started; the value is shown to people, in their language."""

    US = N_("gamedetectd autostart off")
    HIDDEN = N_("Hidden=true in the entry")
    SETTINGS = N_("system settings")
    OTHER_DESKTOP = N_("OnlyShowIn or NotShowIn in the entry")
    POLICY = N_("group policy")
    MASKED = N_("masked unit")
    NOT_ENABLED = N_("unit not enabled")
    DISABLED_IN_FILE = N_("Disabled in the file")


OWN_DOING = frozenset({OffBy.US, OffBy.NOT_ENABLED})
"""Nothing to wonder about: the person said so to us, or never switched it on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that starts gamedetectd at login, or would if it were not switched off or broken.

    ``place`` is a file, or a key and value of the registry; ``command`` what it runs, as written there. ``missing`` is
    the program or file without which it starts nothing, "" where all is there. ``for_all`` is true for what starts for
    all accounts and only an administrator can change.
    """

    mechanism: str
    place: str
    command: str
    this_program: bool
    off_by: OffBy | None = None
    missing: str = ""
    for_all: bool = False

    @property
    def works(self) -> bool:
        """It will be started at the next login."""
        return self.off_by is None and not self.missing


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know: a stable code for programs, a sentence, and what to do about it."""

    code: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What one mechanism has, and what is wrong with the mechanism itself where it is in use."""

    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


class Mechanism(Protocol):
    """One way in which a system starts programs at login."""

    @property
    def name(self) -> str:
        """Its short name, for output and logs."""
        ...

    def unsupported_reason(self) -> str | None:
        """A sentence saying why it cannot be used here; None where it can."""
        ...

    def status(self) -> Standing:
        """What is there that starts gamedetectd. Never raises for what it finds."""
        ...

    def turn_on(self, command: Sequence[str]) -> None:
        """Have ``command``, and no other gamedetectd of this mechanism's, started at login.

        Raises AutostartError, PermissionsError or OSError.
        """
        ...

    def turn_off(self, *, everything: bool = False) -> None:
        """Have no gamedetectd started by this mechanism; ``everything`` removes also what is switched off.

        What is installed for all accounts is switched off for this one. Raises as ``turn_on`` does.
        """
        ...

"""Starting at login: one file per mechanism, one table of them, and the two calls that the tray and commands use.

The first mechanism of a system is the one that is used unless another is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gamedetectd.errors import AutostartError
from gamedetectd.platforms.autostart import declared
from gamedetectd.platforms.autostart.mechanism import DELAY, Entry, Mechanism, OffBy, Problem
from gamedetectd.platforms.autostart.program import Program, this_program
from gamedetectd.platforms.autostart.state import AutostartState, change, state_of
from gamedetectd.platforms.capability import Capability

__all__ = [
    "DELAY", "MECHANISMS", "AutostartState", "Entry", "Mechanism", "OffBy", "Problem",
    "autostart_state", "mechanisms", "set_autostart",
]  # fmt: skip


def _xdg(program: Program) -> Mechanism:
    from gamedetectd.platforms.autostart.xdg import XdgAutostart

    return XdgAutostart(program)


def _systemd(program: Program) -> Mechanism:
    from gamedetectd.platforms.autostart.systemd import SystemdUnit

    return SystemdUnit(program)


def _run_key(program: Program) -> Mechanism:
    from gamedetectd.platforms.autostart.run_key import RunKey
    from gamedetectd.platforms.registry import system_registry

    return RunKey(program, system_registry())


def _launch_agent(program: Program) -> Mechanism:
    from gamedetectd.platforms.autostart.launch_agent import LaunchAgent

    return LaunchAgent(program)


@dataclass(frozen=True, slots=True)
class Row:
    """One mechanism: what it declares of itself, and what makes it."""

    declared: Capability
    make: Callable[[Program], Mechanism]

    @property
    def system(self) -> str:
        """The ``sys.platform`` it is for."""
        return self.declared.system

    @property
    def name(self) -> str:
        """As people ask for it."""
        return self.declared.name


MECHANISMS = (
    Row(declared.XDG, _xdg),
    Row(declared.SYSTEMD, _systemd),
    Row(declared.RUN_KEY, _run_key),
    Row(declared.LAUNCH_AGENT, _launch_agent),
)


def mechanisms(program: Program, system: str = sys.platform) -> tuple[Mechanism, ...]:
    """The mechanisms of a system, the usual one first; empty for a system we do not know."""
    return tuple(row.make(program) for row in MECHANISMS if row.system == system)


def autostart_state(available: Sequence[Mechanism] | None = None, program: Program | None = None) -> AutostartState:
    """Whether gamedetectd starts at login, how, and what is wrong with that. Changes nothing, never raises.

    ``available`` and ``program`` are this system's and this one where not given.
    """
    program = program or this_program()
    return state_of(mechanisms(program) if available is None else available, program)


def set_autostart(
    on: bool,
    *,
    with_mechanism: str = "",
    everything: bool = False,
    available: Sequence[Mechanism] | None = None,
    program: Program | None = None,
) -> AutostartState:
    """Switch starting at login on (this program, once) or off, and return how it is then.

    ``with_mechanism`` asks for one by name; where that cannot be used here the usual one is. ``everything`` removes
    also all that is switched off or left over. Raises AutostartError or PermissionsError, with cause and remedy.
    """
    program = program or this_program()
    available = mechanisms(program) if available is None else available
    chosen = ""
    if on:
        wanted = [each for each in available if each.name == with_mechanism]
        usable = next((each for each in (*wanted, *available) if each.unsupported_reason() is None), None)
        if usable is None:
            reason = next((each.unsupported_reason() for each in available), None)
            raise AutostartError(
                reason or "This system has no way of starting programs at login that we know.",
                "Have the system start this command: " + " ".join(program.command()),
            )
        chosen = usable.name
    change(available, program, chosen, on=on, everything=everything)
    return state_of(available, program)

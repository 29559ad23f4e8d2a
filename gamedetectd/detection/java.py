"""Minecraft: Java Edition among the many things that Java runs: by its main class, and never by Java itself."""

from __future__ import annotations

from gamedetectd.detection.case import Case
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.tables.java import LAUNCHES, PLAYS, SERVER_ARCHIVES, SERVES


def loaded(case: Case) -> Inside | None:
    """Minecraft where its main class, or that of a mod loader or a launcher's starter, runs as a client."""
    if not PLAYS.fullmatch(case.program.base) or serves(case):
        return None
    return Inside("Minecraft", "its main class")


def serves(case: Case) -> bool:
    """True for a server of Minecraft's: its archive or class, or a main class that is told to be one."""
    if not case.program.runtime:
        return False
    base = case.program.base
    told = PLAYS.fullmatch(base) and any(SERVES.fullmatch(one) for one in case.program.arguments)
    return bool(told or SERVER_ARCHIVES.fullmatch(base))


def launches(case: Case) -> bool:
    """True for a launcher or an installer of Minecraft's that is a Java archive."""
    return bool(case.program.runtime and LAUNCHES.fullmatch(case.program.base))

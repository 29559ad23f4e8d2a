"""This machine, as the daemon and the commands that only look see it: clocks, processes, windows, sources of facts."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.app import known
from gamedetectd.catalogue import parts as catalogue_parts
from gamedetectd.config import Settings
from gamedetectd.detection.families import family
from gamedetectd.detection.glance import glance
from gamedetectd.domain import ALL_KINDS, FactKind, Facts, Instant, ProcessInfo, ProcessKey, StoreSignal, System, Window
from gamedetectd.errors import DirectoryError
from gamedetectd.facts.desktop_index import DesktopIndex, data_directories
from gamedetectd.facts.now import gather_now
from gamedetectd.facts.sources import Parts, sources
from gamedetectd.interfaces import Clock, FactSource, ProcessReader
from gamedetectd.library.room import Library
from gamedetectd.library.source import LibrarySource
from gamedetectd.library.steam_roots import steam_roots
from gamedetectd.library.stores import readers
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.paths import Paths
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.permissions import create
from gamedetectd.platforms.processes import ProcessTable, process_table
from gamedetectd.platforms.registry import system_registry
from gamedetectd.platforms.windows.listing import foreground, windows
from gamedetectd.sensors.gamemode import GameModeSensor
from gamedetectd.sensors.steam_log import SteamLogSensor

_SYSTEMS = {"win32": System.WINDOWS, "darwin": System.MACOS}
OLDEST_GENERATION = 64
"""Ancestors that are followed at most."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What every look at this machine needs. Made by ``this_machine``."""

    system: System
    clock: Clock
    boot_id: str
    processes: ProcessTable
    desktop: DesktopIndex
    library: Library
    catalogue: catalogue_parts.Parts
    sources: tuple[FactSource, ...]

    def worth_reading(self, exe: str) -> bool:
        """False for programs that cannot be games by their path alone."""
        return glance(exe, self.system, self.desktop.game_executables())

    def chain(self, pid: int) -> tuple[ProcessInfo, ...]:
        """A process with its ancestors, oldest first; empty if it is gone. The first process of all is nobody's."""
        chain: list[ProcessInfo] = []
        while (pid > 1 or not chain) and len(chain) < OLDEST_GENERATION:
            process = self.processes.read(pid)
            if process is None or any(process.pid == younger.pid for younger in chain):
                break
            chain.append(process)
            pid = process.parent_pid
        return tuple(reversed(chain))

    def running(self) -> tuple[ProcessInfo, ...]:
        """Every process that is worth a look, with its ancestors."""
        found: dict[int, ProcessInfo] = {}
        for pid in self.processes.pids():
            path = self.processes.exe_path(pid)
            if pid in found or (path is not None and not self.worth_reading(path)):
                continue
            for process in self.chain(pid):
                found.setdefault(process.pid, process)
        return tuple(found.values())

    def windows(self) -> tuple[Window, ...]:
        """Every top-level window that can be seen."""
        return windows()

    def foreground(self) -> Window | None:
        """The window that has the focus, if it can be seen."""
        return foreground()

    def signals(self) -> tuple[StoreSignal, ...]:
        """What stores say of running processes at this moment."""
        return (
            *steam_log(self.system, self.clock, self.processes).listed(),
            *GameModeSensor(self.clock).listed(),
        )

    def gather(self, facts: Facts, kinds: Sequence[FactKind]) -> Facts:
        """The facts with these kinds filled in, here and now."""
        return gather_now(self.sources, facts, kinds)

    def gather_all(self, facts: Facts) -> Facts:
        """The facts with everything filled in that can be had."""
        return dataclasses.replace(self.gather(facts, tuple(FactKind)), gathered=ALL_KINDS)


def this_system() -> System:
    """The operating system we run on."""
    return _SYSTEMS.get(sys.platform, System.LINUX)


def this_machine(paths: Paths, settings: Settings) -> Machine:
    """The machine we run on, looked at as far as the settings allow; catalogues are where ``paths`` has them."""
    clock = system_clock()
    boot = boot_id()
    system = this_system()
    home = str(Path.home())
    desktop = DesktopIndex(data_directories(os.environ, home))
    unwanted = set()
    if not settings.detection.gpu:
        unwanted.add(FactKind.GPU)
    if not settings.detection.map_libraries:
        unwanted.add(FactKind.MAPPED)
    library = this_library(system)
    catalogue = catalogue_parts.parts(paths.data, known.effective_paths, known.shown_titles)
    table: tuple[FactSource, ...] = (
        LibrarySource(library, known.effective_paths),
        catalogue.source,
        *(source for source in sources(system, Parts(_effective_paths, home, desktop)) if source.kind not in unwanted),
    )
    return Machine(system, clock, boot, process_table(boot, clock), desktop, library, catalogue, table)


def this_library(system: System) -> Library:
    """What the stores have installed on the machine we run on; nothing is read yet."""
    return Library(readers(this_surroundings(system)))


def steam_log(system: System, clock: Clock, processes: ProcessReader) -> SteamLogSensor:
    """What follows the logs of every Steam on the machine we run on."""
    surroundings = this_surroundings(system)
    return SteamLogSensor(clock, processes, lambda: steam_roots(surroundings))


def this_surroundings(system: System) -> Surroundings:
    """What stores' readers see of the machine we run on."""
    return Surroundings(system, Path.home(), os.environ, system_registry(), _drives(system))


def _drives(system: System) -> tuple[Path, ...]:
    """The roots of the disks of this machine."""
    if system is not System.WINDOWS:
        return (Path("/"),)
    import psutil

    return tuple(Path(part.mountpoint) for part in psutil.disk_partitions(all=False))


def _effective_paths(facts: Facts) -> Sequence[str]:
    """The files a program consists of as this machine's disks spell them, most telling first."""
    found = family(facts)
    if found is None:
        return ()
    return tuple(dict.fromkeys(path for path in (found.program.path, found.subject.exe) if path))


def make_directories(paths: Paths) -> None:
    """All of ours, for this person alone. Raises DirectoryError and PermissionsError."""
    try:
        create(paths)
    except OSError as error:
        raise DirectoryError(
            f"{error.filename or paths.state}: {error.strerror}.",
            "Make it yours, and move away what is in its place; or set GAMEDETECTD_HOME to another directory.",
        ) from error


def own_identity(machine: Machine, now: Instant) -> tuple[ProcessKey, float]:
    """Our own process and its start (wall time), for the message to whoever comes second."""
    me = machine.processes.read(os.getpid())
    if me is None:
        return ProcessKey(machine.boot_id, os.getpid(), 0), now.wall
    return me.key, now.wall - (now.elapsed - me.started_elapsed)

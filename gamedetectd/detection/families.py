"""One run of a program seen as one thing: the process judged, the wrappers it lives in, and what really runs.

A game under Proton is a chain of a dozen processes. Its life is measured by the outermost of those that belong to this
run alone (the root); launchers, terminals and desktop shells above it are context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gamedetectd.detection import paths
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import Program, is_shell, resolve, runs_script
from gamedetectd.detection.tables.phrases import names
from gamedetectd.domain import Facts, ProcessInfo, System

_WRAPPERS = names(
    """
    amdgpu-pro aoss appimage-run apprun apprun.wrapped apulse box64 box86 bubblejail bwrap catchsegv chrt
    dbus-launch dbus-run-session doas env fakeroot fex fexbash fexinterpreter firejail flatpak flatpak-bwrap
    flatpak-spawn gamemoderun gamescope gamescope-wl gamescopereaper gnome-session-inhibit gog-warp gogdl gpu-run
    heroic-run-game ionice jabba jenv kde-inhibit ld-linux-x86-64.so.2 legendary leproc libstrangle linux32 linux64
    locale-emulator lutris-wrapper mangoapp-wrapper mangohud mangohud.x86 muvm nice nile nixgl nixgl-run nixglintel
    nohup obs-gamecapture obs-glcapture obs-vkcapture optirun padsp pasuspender pkexec playsettings
    pressure-vessel-adverb pressure-vessel-launch pressure-vessel-wrap prime-run primusrun progl proot proton
    pv-adverb pv-bwrap pv-verb pvkrun qemu-x86-64 reaper rosetta run-in-sniper run-in-soldier run-in-steamrt
    runtime-entry-point sandbox-exec schedtool scout-on-soldier-entry-point scout-on-soldier-entry-point-v2
    sdl-launcher setarch setpriv setsid snap snap-confine snap-exec srt-bwrap stdbuf steam-launch-wrapper steam-run
    steam-runtime-launch-client strangle sudo switcherooctl systemd-inhibit systemd-run taskset timeout umu-launcher
    umu-run unbuffer unshare v2-entry-point vblank-mode vk-pro vkcapture xdg-screensaver xvfb-run zink-run
    """
)
"""Programs that only run another one and end with it, as ``paths.key`` spells them."""

_WORD_NEEDED: Mapping[str, str] = {
    "flatpak": "run",
    "snap": "run",
    "legendary": "launch",
    "gogdl": "launch",
    "nile": "launch",
    "reaper": "SteamLaunch",
}
"""Wrappers that are one only when given this word; without it they update, list, or are another program."""

_DISPLAYS = names(
    """
    gamescope xephyr xnest xwayland weston cage explorer gamescope-wl xpra
    """
)
"""Programs whose window may show another program's picture."""

_WINE_STARTERS = frozenset(["start", "steam"])
"""Wine's ``start.exe /exec`` and Proton's ``steam.exe``: they run the game and end with it."""

_WINE_LOADER = Pattern(r"wine(32|64)?(-(preloader|stable|staging|development|devel))?(-[\d.]+)?")
_SHIPPING = Pattern(r"-(win64|win32|wingdk|linux|mac)-(shipping|test|debuggame)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """``wrappers`` and ``ancestors`` run from the oldest down; ``ancestors`` holds everything above the subject and
    ``context`` every process listed before it: Wine's programs are not descendants of what started them.
    ``program`` is what runs in the subject.
    """

    root: ProcessInfo
    subject: ProcessInfo
    wrappers: tuple[ProcessInfo, ...]
    ancestors: tuple[ProcessInfo, ...]
    context: tuple[ProcessInfo, ...]
    program: Program
    system: System

    @property
    def ignore_case(self) -> bool:
        """True where file names are compared without regard to case."""
        return self.system is not System.LINUX or bool(self.program.alias)

    @property
    def parents(self) -> tuple[ProcessInfo, ...]:
        """What started the run: everything above the root, oldest first."""
        return self.ancestors[: len(self.ancestors) - len(self.wrappers)]

    def variable(self, name: str) -> str:
        """An environment variable of the subject, or of the nearest wrapper that has it."""
        for process in (self.subject, *reversed(self.wrappers)):
            if value := process.environment.get(name, ""):
                return value
        return ""


def family(facts: Facts) -> Family | None:
    """The run the facts are about; None where they name no process at all."""
    if not facts.processes:
        return None
    subject = _subject(facts)
    context = facts.processes[: next(place for place, one in enumerate(facts.processes) if one is subject)]
    ancestors = _ancestors(facts.processes, context, subject)
    program = resolve(subject, facts.system)
    wrappers = _wrappers(ancestors, program, facts.system)
    root = wrappers[0] if wrappers else subject
    return Family(root, subject, wrappers, ancestors, context, program, facts.system)


def is_wrapper(process: ProcessInfo, system: System) -> bool:
    """True for a process that only runs another program and lives as long as it does."""
    if is_shell(process):
        return runs_script(process, system)
    program = resolve(process, system)
    if program.key in _WRAPPERS:
        word = _WORD_NEEDED.get(program.key)
        return word is None or word in process.argv[1:5]
    if not program.runtime:
        return False
    first = paths.key(paths.base_name(process.argv[0].strip())) if process.argv else ""
    return first in _WINE_STARTERS or _is_bare_wine(process, program)


def _is_bare_wine(process: ProcessInfo, program: Program) -> bool:
    """``wine game.exe`` that has not yet become the game: the loader under its own name."""
    first = process.argv[0] if process.argv else ""
    return (
        bool(program.alias)
        and not paths.is_windows(first)
        and _WINE_LOADER.fullmatch(paths.base_name(first)) is not None
    )


def _subject(facts: Facts) -> ProcessInfo:
    """The window's owner among the processes, unless it only displays for another; else the last one."""
    last = facts.processes[-1]
    if facts.window is None or not facts.window.pid:
        return last
    for process in reversed(facts.processes):
        if process.pid == facts.window.pid:
            shows_for_others = resolve(process, facts.system).key in _DISPLAYS
            return last if shows_for_others or is_wrapper(process, facts.system) else process
    return last


def _ancestors(
    processes: Sequence[ProcessInfo], context: tuple[ProcessInfo, ...], subject: ProcessInfo
) -> tuple[ProcessInfo, ...]:
    """The chain above the subject by parent ids; where none is told, the order of the list tells."""
    if not subject.parent_pid:
        return context
    by_pid = {process.pid: process for process in processes if process.pid != subject.pid}
    chain: list[ProcessInfo] = []
    current = subject
    while (parent := by_pid.pop(current.parent_pid, None)) is not None:
        chain.append(parent)
        current = parent
    return (*reversed(chain), *_earlier_images(context, subject))


def _earlier_images(context: Sequence[ProcessInfo], subject: ProcessInfo) -> Iterator[ProcessInfo]:
    """What the subject's own process ran before it became this program by exec, the script that started it above all."""
    return (one for one in context if one.pid == subject.pid and one.key == subject.key)


def _wrappers(ancestors: Sequence[ProcessInfo], program: Program, system: System) -> tuple[ProcessInfo, ...]:
    taken: list[ProcessInfo] = []
    for process in reversed(ancestors):
        if not (is_wrapper(process, system) or _boots(process, program, system)):
            break
        taken.append(process)
    return tuple(reversed(taken))


def _boots(process: ProcessInfo, program: Program, system: System) -> bool:
    """An Unreal game's small program in the root directory, which waits for the one deep in ``Binaries``."""
    if not _SHIPPING.search(program.stem):
        return False
    starter = resolve(process, system).path
    return bool(starter) and paths.within(program.path, paths.directory(starter), ignore_case=True)

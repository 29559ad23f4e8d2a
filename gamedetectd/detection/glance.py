"""The cheapest question of all: by its path alone, could a process of this executable ever matter?

Asked for every process that starts, a thousand times a minute while something compiles, so that the dull ones are not
even read. When in doubt the answer is yes.
"""

from __future__ import annotations

from collections.abc import Container

from gamedetectd.detection import paths
from gamedetectd.detection.tables.known import KNOWN
from gamedetectd.detection.tables.phrases import names, places
from gamedetectd.domain import System

_DULL_PLACES = {
    System.LINUX: places(
        """
        /sbin; /usr/sbin; /usr/libexec; /usr/lib/gcc; /usr/lib/systemd; /lib/systemd; /usr/lib/git-core; /usr/lib/apt;
        /usr/lib/dpkg; /usr/lib/cups; /usr/lib/gvfs; /usr/lib/rustlib; /usr/lib/policykit-1; /usr/lib/polkit-1;
        /usr/lib/NetworkManager; /usr/lib/xorg; /usr/lib/udisks2; /usr/lib/bluetooth; /usr/lib/snapd; /usr/lib/openssh
        """
    ),
    System.WINDOWS: places(
        "c:/windows; c:/program files/windows defender; c:/programdata/microsoft; c:/program files/common files"
    ),
    System.MACOS: places(
        "/usr/libexec; /usr/sbin; /sbin; /system/library; /library/apple; /library/developer/commandlinetools"
    ),
}
_SYSTEM_PROGRAMS = {
    System.LINUX: ("/usr/bin/", "/bin/"),
    System.WINDOWS: (),
    System.MACOS: ("/usr/bin/", "/bin/"),
}
_WORTH_READING = names(
    """
    sh bash dash zsh ksh fish env wine wine64 wine-preloader wine64-preloader nice taskset setsid nohup
    """
)
"""Shells may run a game's script, the others start one: wrappers tell where a run began."""
_COMPILER_TAILS = ("-gcc", "-g++", "-ld", "-ld.bfd", "-ld.gold", "-as", "-ar", "-ranlib", "-strip", "-objcopy", "-nm")
_GAMES_AMONG_SYSTEM_FILES = ("/usr/libexec/aisleriot/", "/usr/libexec/gnome-games/")


def glance(exe: str, system: System, game_names: Container[str] = ()) -> bool:
    """False only for what can never be a game or part of one: compilers, small tools, the system's own helpers.

    ``game_names`` are base names of executables that desktop entries of games start; those always matter.
    """
    name = paths.base_name(exe)
    if not exe or name in game_names:
        return True
    folded = paths.folded(exe, ignore_case=system is not System.LINUX)
    if folded.startswith(_DULL_PLACES[system]):
        return folded.startswith(_GAMES_AMONG_SYSTEM_FILES)
    if not folded.startswith(_SYSTEM_PROGRAMS[system] or ("\0",)):
        return True
    known = paths.key(name)
    if known in _WORTH_READING:
        return True
    return not (KNOWN.get(known) == "system" or _is_compiler(known))


def _is_compiler(name: str) -> bool:
    """``x86_64-linux-gnu-gcc-12``, ``clang-15``: the tools of a build, under the names distributions give them."""
    plain = name.rstrip("0123456789.").removesuffix("-")
    return plain.endswith(_COMPILER_TAILS) or KNOWN.get(plain) == "system"

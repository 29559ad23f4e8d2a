"""What a command line really starts: behind wrappers, interpreters, stores and the Exec line of a desktop entry.

Desktop entries and running processes are brought into one shape here, so that the two can be compared.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_FIELD_CODES = frozenset(f"%{letter}" for letter in "fFuUick" + "dDnNvm")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_WRAPPERS: dict[str, frozenset[str]] = {
    # wrapper: its options that take a value
    "env": frozenset({"-u", "-C", "-S", "--unset", "--chdir"}),
    "nice": frozenset({"-n"}),
    "ionice": frozenset({"-c", "-n"}),
    "chrt": frozenset(),
    "taskset": frozenset({"-c"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "nohup": frozenset(),
    "setsid": frozenset(),
    "exec": frozenset({"-a"}),
    "gamemoderun": frozenset(),
    "mangohud": frozenset(),
    "prime-run": frozenset(),
    "primusrun": frozenset(),
    "optirun": frozenset({"-b"}),
    "pw-jack": frozenset(),
    "padsp": frozenset(),
    "systemd-inhibit": frozenset(),
    "dbus-run-session": frozenset(),
    "dbus-launch": frozenset(),
    "timeout": frozenset({"-k", "-s"}),
}
_WRAPPERS_WITH_OPERAND = frozenset({"chrt", "taskset", "timeout"})
"""Wrappers whose first operand is their own: a priority, a mask, a duration."""
_CONTAINERS = frozenset({"flatpak", "bwrap", "flatpak-bwrap", "firejail", "pressure-vessel-wrap", "snap-confine"})
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "fish", "busybox"})
_INTERPRETER = re.compile(
    r"(python|pypy|perl|ruby|lua|luajit|node|mono|java|javaw|php|tclsh|wish|guile|love|wine|wine64|wine-preloader"
    r"|wine64-preloader)[\d.]*(-stable|-bin)?"
)
_VALUE_OPTIONS = frozenset(
    {"-X", "-W", "-I", "-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules", "-r", "--require"}
)
_NO_SCRIPT = frozenset({"-c", "-m", "-E", "--module", "--eval"})
_FLATPAK_ID = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+){2,}")
_STORE_LINKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("steam", re.compile(r"steam://(?:rungameid|run|launch)/(\d+)")),
    ("heroic", re.compile(r"heroic://launch/(?:[a-z]+/)?([^/?&\s]+)$")),
    ("heroic", re.compile(r"heroic://launch\?(?:.*&)?appName=([^&\s]+)")),
)


class Command(NamedTuple):
    """A program and its arguments. ``path`` is absolute, or a bare name that the system looks up."""

    path: str
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last component of the path."""
        return self.path.rpartition("/")[2]


class Link(NamedTuple):
    """Something that another program starts by an id: ``flatpak``, ``steam`` or ``heroic``."""

    store: str
    id: str


def parse_exec(line: str, directory: str = "") -> Command | Link | None:
    """What the ``Exec`` value of a desktop entry starts, or None if it cannot be understood.

    ``directory`` is the entry's ``Path``; relative commands are seen from there.
    """
    try:
        tokens = shlex.split(line) if any(quote in line for quote in "\"'\\") else line.split()
    except ValueError:
        return None
    tokens = [token.replace("%%", "%") for token in tokens if token not in _FIELD_CODES]
    for depth in range(4):
        tokens = strip_wrappers(tokens)
        if not tokens:
            return None
        script = _shell_text(tokens)
        if script is None or depth == 3:
            break
        tokens, directory = _last_simple_command(script, directory)
    return _link(tokens) or effective(Command(_absolute(tokens[0], directory), tuple(tokens[1:])), directory)


def strip_wrappers(tokens: Sequence[str]) -> list[str]:
    """The command line without ``env A=b``, ``nice -n 5``, ``gamemoderun`` and the like in front."""
    rest = list(tokens)
    while rest:
        name = rest[0].rpartition("/")[2]
        if _ASSIGNMENT.match(rest[0]):
            rest = rest[1:]
        elif name in _WRAPPERS:
            rest = _operands(rest[1:], _WRAPPERS[name])
            if name in _WRAPPERS_WITH_OPERAND:
                rest = rest[1:]
        else:
            break
    return rest


def effective(command: Command, directory: str = "") -> Command:
    """The script or archive that an interpreter runs, as if it were the program; any other command as it is."""
    if not is_interpreter(command.name):
        return command
    arguments = command.arguments
    index = 0
    while index < len(arguments):
        argument = arguments[index]
        if argument in _NO_SCRIPT or _is_shell_text_flag(command.name, argument):
            return command
        if argument == "-jar":
            index += 1
            break
        if not argument.startswith("-"):
            break
        index += 2 if argument in _VALUE_OPTIONS else 1
    if index >= len(arguments):
        return command
    if command.name.startswith("java") and "-jar" not in arguments:
        # the operand is a class: net.sf.freecol.FreeCol is known as FreeCol
        return Command(arguments[index].rpartition(".")[2], arguments[index + 1 :])
    return Command(_absolute(arguments[index], directory), arguments[index + 1 :])


def is_interpreter(name: str) -> bool:
    """True for programs that say nothing of what they run: shells, Python, Java, Wine and so on."""
    return name in _SHELLS or _INTERPRETER.fullmatch(name) is not None


def runs_others(name: str) -> bool:
    """True for interpreters, wrappers and containers: being started from one of them means nothing by itself."""
    return name in _WRAPPERS or name in _CONTAINERS or is_interpreter(name)


def is_transparent(name: str, arguments: Sequence[str]) -> bool:
    """True for a process that only exists to run the next one: a wrapper, or a shell with a script or a command.

    A shell with neither is somebody's terminal session: what it starts is not part of it.
    """
    if name in _WRAPPERS or name in _CONTAINERS:
        return True
    if name not in _SHELLS:
        return False
    return any(_is_shell_text_flag(name, argument) or not argument.startswith("-") for argument in arguments)


def process_command(exe: str | None, argv: Sequence[str], cwd: str | None) -> list[Command]:
    """The commands a running process may be known by: its executable and the name it was called by, or its script."""
    called = _absolute(argv[0], cwd or "") if argv and argv[0] else ""
    arguments = tuple(argv[1:])
    paths = [path for path in dict.fromkeys((exe or "", called)) if path]
    commands = [effective(Command(path, arguments), cwd or "") for path in paths]
    return list(dict.fromkeys(commands))


def flatpak_id(tokens: Sequence[str]) -> str | None:
    """The application in a ``flatpak run`` command line."""
    if "run" not in tokens:
        return None
    operands = [token for token in tokens[tokens.index("run") + 1 :] if not token.startswith("-")]
    name = operands[0].partition("/")[0] if operands else ""
    return name if _FLATPAK_ID.fullmatch(name) else None


def contains_in_order(needed: Sequence[str], given: Sequence[str]) -> bool:
    """True if every needed argument is among the given ones, in the same order."""
    rest = iter(given)
    return all(argument in rest for argument in needed)


def _operands(tokens: list[str], with_value: frozenset[str]) -> list[str]:
    """What is left behind the options."""
    while tokens and tokens[0].startswith("-"):
        if tokens[0] == "--":
            return tokens[1:]
        tokens = tokens[2:] if tokens[0] in with_value else tokens[1:]
    return tokens


def _is_shell_text_flag(name: str, argument: str) -> bool:
    return name in _SHELLS and re.fullmatch(r"-[a-z]*c[a-z]*", argument) is not None


def _shell_text(tokens: Sequence[str]) -> str | None:
    """The text that ``sh -c`` runs, or None for anything else."""
    name = tokens[0].rpartition("/")[2]
    for flag, text in pairwise(tokens[1:]):
        if _is_shell_text_flag(name, flag):
            return text
        if not flag.startswith("-"):
            break
    return None


def _last_simple_command(script: str, directory: str) -> tuple[list[str], str]:
    """The last command of a short shell text, and the directory that a ``cd`` before it leads to."""
    last: list[str] = []
    for part in re.split(r"&&|\|\||;|\n", script):
        try:
            tokens = shlex.split(part)
        except ValueError:
            return [], directory
        if tokens[:1] == ["cd"] and len(tokens) > 1:
            directory = _absolute(tokens[1], directory)
        elif tokens:
            last = tokens
    return last, directory


def _absolute(path: str, directory: str) -> str:
    """A relative path with a slash in it as seen from ``directory``; bare names are looked up, not joined."""
    if "/" not in path or path.startswith("/") or "://" in path:
        return path
    return posixpath.normpath(posixpath.join(directory, path)) if directory else path


def _link(tokens: Sequence[str]) -> Link | None:
    if tokens[0].rpartition("/")[2] == "flatpak":
        name = flatpak_id(tokens)
        return Link("flatpak", name) if name else None
    for store, pattern in _STORE_LINKS:
        for token in tokens[1:]:
            if found := pattern.match(token):
                return Link(store, found[1])
    if "-applaunch" in tokens[:-1]:
        return Link("steam", tokens[tokens.index("-applaunch") + 1])
    return None

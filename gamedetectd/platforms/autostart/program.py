"""Which command starts this very program, however it is installed, and whether another command starts it too."""

from __future__ import annotations

import ntpath
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.platforms.autostart.mechanism import DELAY

_OURS = re.compile(r"gamedetectdw?(?:[-_.\d].*)?", re.IGNORECASE | re.DOTALL)
_PYTHON = re.compile(r"(?:python|pythonw|pypy|py)[\d.]*(?:\.exe)?", re.IGNORECASE)
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})
_WRAPPERS = frozenset({"env", "exec", "nice", "ionice", "nohup", "setsid", "systemd-cat", "dbus-launch"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_MODULE = ("-m", "gamedetectd")
_HEAD = 512
"""Bytes of a script in which its interpreter is named."""


@dataclass(frozen=True, slots=True)
class Program:
    """This program as it is installed: ``argv`` starts it, each of ``twins`` starts the same installation."""

    argv: tuple[str, ...]
    twins: tuple[tuple[str, ...], ...] = ()
    system: str = sys.platform

    def command(self) -> tuple[str, ...]:
        """What is started at login: the daemon, after a short wait; where no systemd can, under our own supervisor."""
        supervised = ("--supervised",) if self.system in {"win32", "darwin"} else ()
        return (*self.argv, "run", *supervised, "--delay", str(DELAY))

    def is_what_starts(self, command: Sequence[str]) -> bool:
        """True where ``command``, without anything in front of it, starts this installation."""
        for own in (self.argv, *self.twins):
            rest = tuple(command[1 : len(own)])
            if command and rest == own[1:] and self._same_file(command[0], own[0]):
                return True
        return False

    def _same_file(self, one: str, other: str) -> bool:
        """The same path. A link to a script is that script; one to an interpreter is an environment of its own."""
        if self.system == "win32":
            return ntpath.normcase(ntpath.normpath(one)) == ntpath.normcase(ntpath.normpath(other))
        found = shutil.which(one) or one
        if _placed(found) == _placed(other):
            return True
        return not _PYTHON.fullmatch(Path(other).name) and os.path.realpath(found) == os.path.realpath(other)


def this_program(
    system: str = sys.platform,
    executable: str = sys.executable,
    environment: Mapping[str, str] = os.environ,
    *,
    frozen: bool = bool(getattr(sys, "frozen", False)),
    is_file: Callable[[str], bool] = os.path.isfile,
) -> Program:
    """This program: frozen, by its console script, or as a module of this Python; never one that opens a console."""
    if system == "win32":
        directory = ntpath.dirname(executable)
        if frozen:
            windowed, console = (ntpath.join(directory, name) for name in ("gamedetectdw.exe", "gamedetectd.exe"))
            return Program((windowed if is_file(windowed) else executable,), ((executable,), (console,)), system)
        windowed = ntpath.join(directory, "pythonw.exe")
        best = windowed if is_file(windowed) else executable
        script = ntpath.join(directory, "Scripts", "gamedetectd.exe")
        beside = ntpath.join(directory, "gamedetectd.exe")
        return Program((best, *_MODULE), ((executable, *_MODULE), (script,), (beside,)), system)
    if frozen:
        return Program((_app_image(executable, environment) or executable,), ((executable,),), system)
    module = (executable, *_MODULE)
    script_found = _console_script(executable, environment)
    return Program((script_found,), (module,), system) if script_found else Program(module, (), system)


def started_by(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The part of a command that starts gamedetectd's daemon, without ``env``, ``sh -c`` and the like before it.

    None where the command starts something else.
    """
    return next(_started(tuple(argv), 4), None)


def program_missing(command: Sequence[str], is_file: Callable[[str], bool] | None = None) -> str:
    """The program of ``command`` where it is not there or cannot be run; "" where it can."""
    program = command[0] if command else ""
    if is_file is not None:
        return "" if is_file(program) else program
    return "" if program and shutil.which(program) else program


def _started(argv: tuple[str, ...], depth: int) -> Iterator[tuple[str, ...]]:
    argv = _without_wrappers(argv)
    if not argv or not depth:
        return
    name = ntpath.basename(argv[0])
    if name in _SHELLS and "-c" in argv[1:-1]:
        for part in _shell_commands(argv[argv.index("-c") + 1]):
            yield from _started(part, depth - 1)
    elif _OURS.fullmatch(name):
        if _runs(argv[1:]):
            yield argv
    elif _PYTHON.fullmatch(name):
        yield from _module(argv)


def _module(argv: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """``python [options] -m gamedetectd``, or a script of ours given to Python."""
    for number, argument in enumerate(argv[1:], 1):
        if argv[number : number + 2] == _MODULE and _runs(argv[number + 2 :]):
            yield (argv[0], *argv[number:])
        elif not argument.startswith("-") and _OURS.fullmatch(ntpath.basename(argument)) and _runs(argv[number + 1 :]):
            yield argv[number:]
        if not argument.startswith("-"):
            return


def _runs(arguments: tuple[str, ...]) -> bool:
    """True where no other command than ``run`` is given."""
    return next((argument for argument in arguments if not argument.startswith("-")), "run") == "run"


def _without_wrappers(argv: tuple[str, ...]) -> tuple[str, ...]:
    while argv and (ntpath.basename(argv[0]) in _WRAPPERS or _ASSIGNMENT.fullmatch(argv[0])):
        argv = argv[1:]
        while argv and (argv[0].startswith("-") or argv[0].isdecimal()):
            argv = argv[1:]
    return argv


def _shell_commands(script: str) -> Iterator[tuple[str, ...]]:
    """The simple commands of a line for a shell; none where its quotes do not close."""
    words = shlex.shlex(script, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    part: list[str] = []
    try:
        for word in words:
            if set(word) <= set(";&|()\n"):
                yield tuple(part)
                part = []
            else:
                part.append(word)
    except ValueError:
        return
    yield tuple(part)


def _placed(path: str) -> str:
    """The path with its directory resolved, and its own name as it is."""
    return os.fspath(Path(os.path.realpath(Path(path).parent), Path(path).name))


def _app_image(executable: str, environment: Mapping[str, str]) -> str:
    """The AppImage we run from: what is mounted from it is gone with us."""
    mounted, image = environment.get("APPDIR", ""), environment.get("APPIMAGE", "")
    inside = bool(mounted) and executable.startswith(mounted.rstrip("/") + "/")
    return image if inside and Path(image).is_absolute() else ""


def _console_script(executable: str, environment: Mapping[str, str]) -> str:
    """The script that installing made, beside this Python or on the path; "" where there is none for this Python."""
    beside = Path(executable).with_name("gamedetectd")
    if beside.is_file() and os.access(beside, os.X_OK):
        return os.fspath(beside)
    found = shutil.which("gamedetectd", path=environment.get("PATH", os.defpath))
    return os.fspath(Path(found).absolute()) if found and _is_for(Path(found), executable) else ""


def _is_for(script: Path, executable: str) -> bool:
    """True where the script's interpreter lies where ours does."""
    try:
        with script.open("rb") as file:
            words = file.read(_HEAD).removeprefix(b"#!").split()
    except OSError:
        return False
    interpreter = os.fsdecode(words[0]) if words else ""
    return bool(interpreter) and Path(interpreter).parent.resolve() == Path(executable).parent.resolve()

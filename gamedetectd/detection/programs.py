"""What really runs in a process: the script of an interpreter, the jar or class of Java, the Windows program of Wine.

A process table says ``/usr/bin/perl`` or ``/usr/lib/wine/wine64``; a person says Frozen-Bubble. Everything that judges
or names a program starts from the ``Program`` found here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gamedetectd.detection import paths
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.phrases import names
from gamedetectd.domain import ProcessInfo, System


@dataclass(frozen=True)
class Program:
    """``path`` is the effective file, absolute where the facts tell; ``runtime`` the interpreter it runs in, or "".

    ``arguments`` are those of the effective program. ``alias`` is the Windows spelling under Wine. ``generic`` says that
    only the interpreter itself is known, so that its name tells nothing about what runs in it; ``shell`` that it is one of
    those that makers ship with their program beside it, under its own name.
    """

    path: str
    arguments: tuple[str, ...] = ()
    runtime: str = ""
    alias: str = ""
    generic: bool = False
    shell: bool = False

    @cached_property
    def base(self) -> str:
        """The file name: ``neverball``, ``hollow_knight.exe``, ``net.minecraft.client.main.Main``."""
        return paths.base_name(self.path)[:_LONGEST_NAME]

    @cached_property
    def stem(self) -> str:
        """The file name without its ending."""
        return paths.stem(self.base)

    @cached_property
    def key(self) -> str:
        """The name as the tables spell it."""
        return paths.key(self.base)

    @cached_property
    def directory(self) -> str:
        """Where it lies; empty where only a name is known."""
        return paths.directory(self.path)

    @cached_property
    def twin(self) -> str:
        """What a Java archive is called where it comes as a Windows program: ``/x/Mindustry.exe`` for
        ``/x/Mindustry-v7.jar``; "" for anything else.
        """
        if not self.base.lower().endswith(".jar"):
            return ""
        return f"{self.directory}/{_RELEASE.sub('', self.base[: -len('.jar')])}.exe"


@dataclass(frozen=True, slots=True)
class _Runtime:
    """How one interpreter's command line is read: options that take a value, options that end the search."""

    pattern: Pattern
    valued: frozenset[str] = frozenset()
    inline: frozenset[str] = frozenset()
    """Options followed by code: there is no file."""
    module: frozenset[str] = frozenset()
    """Options followed by the name of a module."""


def _runtime(pattern: str, valued: str = "", inline: str = "", module: str = "") -> _Runtime:
    return _Runtime(Pattern(pattern), frozenset(valued.split()), frozenset(inline.split()), frozenset(module.split()))


_RUNTIMES = (
    _runtime(r"(python|pythonw|pypy)[\d.]*(-dbg|w)?", valued="-W -X", inline="-c", module="-m"),
    _runtime(r"w?perl[\d.]*", valued="-I -M", inline="-e -E"),
    _runtime(r"(ruby|rubyw|jruby)[\d.]*", valued="-I -r -C", inline="-e"),
    _runtime(r"(lua|luajit|texlua)[\d.]*(-[\d.]+)?", valued="-l", inline="-e"),
    _runtime(r"(node|nodejs|deno|bun)[\d.]*", valued="-r --require --import", inline="-e -p --eval --print"),
    _runtime(r"php[\d.]*", valued="-d -c", inline="-r", module="-f"),
    _runtime(r"(tclsh|wish|guile|gjs|gjs-console|racket|sbcl|ocamlrun|gosu|gsx)[\d.]*", inline="-c -e --eval"),
    _runtime(r"mono(-sgen)?[\d.]*", valued="--config --profile"),
    _runtime(r"dotnet", valued="--roll-forward --fx-version --depsfile --runtimeconfig --additionalprobingpath"),
    _runtime(r"(electron|nw|nwjs|love|flashplayer)[\d.-]*", valued="--user-data-dir"),
    _runtime(r"(sh|bash|dash|zsh|ksh|mksh|fish|ash|busybox)", valued="-o -O --rcfile --init-file", inline="-c"),
)
_ANY_RUNTIME = Pattern("|".join(runtime.pattern.pattern for runtime in _RUNTIMES))
"""Whether to ask them one by one: of most programs there is none."""
_RELEASE = Pattern(
    r"(?:[-_. ](?:v?\d[\w.]*|java|desktop|release|all|jar|with|dependencies|windows|linux|mac(?:os)?|universal|x64))+$",
    re.IGNORECASE,
)
"""What makers append to the name of a Java archive."""
_LONGEST_NAME = 255
"""Characters of a file's name; no file system allows more."""
_MOST_ARGUMENTS = 1_000
_LONGEST_ARGUMENT = 4_000
"""Characters; what is beyond tells nothing about what runs."""
_APPLICATION_SHELL = Pattern(r"(electron|nw|nwjs|love|flashplayer)[\d.-]*")
_SHELL = Pattern(r"-?(sh|bash|dash|zsh|ksh|mksh|fish|ash|csh|tcsh|busybox)")
_PASSED_OPEN = Pattern(r"/dev/fd/|/dev/std|/proc/[^/]+/fd/")
"""A script that is handed over open, as ``bash <(…)`` does it: the next one's has the same path."""
_JAVA = Pattern(r"(java|javaw)([\d.-].*)?")
_JAVA_VALUED = names(
    """
    -cp -classpath --class-path -p --module-path --add-modules --add-opens --add-exports --add-reads --patch-module
    """
)
_WINE = Pattern(r"wine(64)?(-(preloader|development|stable|staging|devel))?([\d.-].*)?|wine64?-bin")
_WINDOWS_PROGRAM = Pattern(r"\.(exe|com|scr|bat|cmd|msi|lnk)$", re.IGNORECASE)
_GODOT = Pattern(r"godot(\d+|-mono|-runner|-server)?([-_.v].*)?")


def resolve(process: ProcessInfo, system: System) -> Program:
    """The effective program of one process on the given system."""
    if len(process.argv) > _MOST_ARGUMENTS or any(len(argument) > _LONGEST_ARGUMENT for argument in process.argv):
        process = replace(process, argv=tuple(one[:_LONGEST_ARGUMENT] for one in process.argv[:_MOST_ARGUMENTS]))
    shown = _shown_path(process)
    name = paths.key(paths.base_name(shown))
    arguments = process.argv[1:]
    if system is not System.WINDOWS and paths.is_windows(shown):
        path, alias = _located(shown, process.cwd or "", process.environment)
        return Program(path, tuple(item for item in arguments if item.strip()), runtime="wine", alias=alias)
    if _WINE.fullmatch(name) or _runs_windows_program(process, shown):
        return _wine(process, shown)
    if _JAVA.fullmatch(name):
        return _java(process, shown, arguments)
    if _GODOT.fullmatch(name):
        return _godot(process, shown, arguments)
    for runtime in _RUNTIMES if _ANY_RUNTIME.fullmatch(name) else ():
        if runtime.pattern.fullmatch(name) and not (system is System.WINDOWS and _SHELL.fullmatch(name)):
            return _script(process, shown, runtime)
    return Program(shown, arguments)


def operands(arguments: Iterable[str], takes_value: Callable[[str], bool]) -> Iterator[str]:
    """The arguments that are neither options nor the values of those that take one."""
    is_value = False
    for argument in arguments:
        skip, is_value = is_value, argument.startswith("-") and takes_value(argument)
        if argument and not skip and not argument.startswith("-"):
            yield argument


def is_shell(process: ProcessInfo) -> bool:
    """True for a shell, whatever it runs."""
    return bool(_SHELL.fullmatch(paths.key(paths.base_name(_shown_path(process)))))


def runs_script(process: ProcessInfo, system: System) -> bool:
    """True for a shell that runs a script file: a wrapper, and not a terminal's prompt or a one-line command."""
    return is_shell(process) and not resolve(process, system).generic


def _shown_path(process: ProcessInfo) -> str:
    """The executable, else what the command line says, else the short name the kernel keeps."""
    if process.exe:
        return paths.normal(process.exe.removesuffix(" (deleted)"))
    first = process.argv[0].strip() if process.argv else ""
    if first and ("/" in first or "\\" in first):
        return paths.join(process.cwd or "", first)
    return first.removeprefix("-") or process.comm


def _script(process: ProcessInfo, shown: str, runtime: _Runtime) -> Program:
    name = paths.base_name(shown)
    arguments = process.argv[1:]
    if paths.stem(name).lower() == "dotnet" and arguments[:1] == ("exec",):
        arguments = arguments[1:]
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        if argument in runtime.inline:
            break
        if argument in runtime.module and place + 1 < len(arguments):
            return Program(_module(process, arguments[place + 1]), tuple(arguments[place + 2 :]), runtime=name)
        if argument in runtime.valued:
            place += 2
        elif argument.startswith(("-", "+")) or not argument:
            place += 1
        elif _PASSED_OPEN.match(path := paths.join(process.cwd or "", argument)):
            break
        else:
            return Program(path, tuple(arguments[place + 1 :]), runtime=name)
    return Program(shown, tuple(arguments), generic=True, shell=bool(_APPLICATION_SHELL.fullmatch(paths.key(name))))


def _module(process: ProcessInfo, module: str) -> str:
    """Where ``python -m package.part`` most likely lies: the package's directory under the working directory."""
    return paths.join(process.cwd or "", module) if "/" in module else module


def _java(process: ProcessInfo, shown: str, arguments: Sequence[str]) -> Program:
    name = paths.base_name(shown)
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        following = tuple(arguments[place + 2 :])
        if argument == "-jar" and place + 1 < len(arguments):
            return Program(paths.join(process.cwd or "", arguments[place + 1]), following, runtime=name)
        if argument in ("-m", "--module") and place + 1 < len(arguments):
            return Program(arguments[place + 1].rpartition("/")[2], following, runtime=name)
        if argument in _JAVA_VALUED:
            place += 2
        elif argument.startswith(("-", "@")) or not argument:
            place += 1
        else:
            return Program(argument.replace("/", "."), tuple(arguments[place + 1 :]), runtime=name)
    return Program(shown, tuple(arguments), generic=True)


def _godot(process: ProcessInfo, shown: str, arguments: Sequence[str]) -> Program:
    """Godot's own binary runs a game when given a pack or a project; otherwise it is the editor."""
    if any(argument in ("-e", "--editor", "-p", "--project-manager") for argument in arguments):
        return Program(shown, tuple(arguments))
    for place, argument in enumerate(arguments):
        if argument.endswith((".pck", ".zip")):
            pack = paths.join(process.cwd or "", argument)
            return Program(pack, tuple(arguments[place + 1 :]), runtime=paths.base_name(shown))
        if argument == "--path" and place + 1 < len(arguments):
            project = paths.join(process.cwd or "", arguments[place + 1])
            return Program(project + "/project.godot", tuple(arguments[place + 2 :]), runtime=paths.base_name(shown))
    return Program(shown, tuple(arguments))


def _runs_windows_program(process: ProcessInfo, shown: str) -> bool:
    """Wine's loader under any name (a preloader, Proton's copy): a Unix executable whose argv starts with a PE path."""
    if not process.argv or _WINDOWS_PROGRAM.search(shown):
        return False
    return bool(paths.is_windows(process.argv[0]) and _WINDOWS_PROGRAM.search(process.argv[0].strip()))


def _wine(process: ProcessInfo, shown: str) -> Program:
    name = paths.base_name(shown)
    arguments = [argument.strip() for argument in process.argv]
    for place, argument in enumerate(arguments):
        if not _WINDOWS_PROGRAM.search(argument):
            continue
        if _passes_on(argument) and any(_WINDOWS_PROGRAM.search(later) for later in arguments[place + 1 :]):
            continue
        following = tuple(item for item in arguments[place + 1 :] if item)
        path, alias = _located(argument, process.cwd or "", process.environment)
        return Program(path, following, runtime=name, alias=alias)
    return Program(shown, tuple(process.argv[1:]), generic=True)


def _passes_on(argument: str) -> bool:
    """Wine's own programs that only start the one named after them."""
    return paths.key(paths.base_name(argument)) in ("start", "explorer", "cmd", "steam")


def _located(argument: str, cwd: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The Linux path of a Windows program and its Windows spelling."""
    if paths.is_absolute(argument) and not argument.startswith("/"):
        return paths.unix_path_in_wine(argument, environment), argument
    return paths.join(cwd, argument.replace("\\", "/")), argument

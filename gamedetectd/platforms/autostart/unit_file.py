"""The text of the systemd unit, and systemd's way of quoting; ``packaging/systemd`` holds what this writes.

https://www.freedesktop.org/software/systemd/man/systemd.service.html ("Command lines").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

UNIT = "gamedetectd.service"
TARGET = "graphical-session.target"
PACKAGED = ("/usr/bin/env", "gamedetectd", "run", "--delay", "5")
"""What the unit of a distribution's package starts."""

_TEMPLATE = """\
# {origin}
[Unit]
Description=Knows which game is being played
PartOf=graphical-session.target
After=graphical-session.target
# After that many starts within so many seconds it is given up: `systemctl --user status gamedetectd` says why.
StartLimitIntervalSec=600
StartLimitBurst=6

[Service]
# It says when it watches, how it is, and every half minute that it and its engine are alive; a hung one is ended with
# SIGABRT, upon which it writes down what each of its threads was doing.
Type=notify
NotifyAccess=main
WatchdogSec=120
ExecStart={command}
ExecReload=/usr/bin/env kill -HUP $MAINPID
Restart=on-failure
# 2 is wrong usage, 5 means that another one runs, 8 that the settings are wrong: starting again would not help.
RestartPreventExitStatus=2 5 8
RestartSec=5
TimeoutStartSec=180
TimeoutStopSec=10

# What it needs: to read /proc of the person's programs, its own directories, the X server's socket. Nothing else.
# (ProtectProc= and PrivateUsers= would hide the very processes it watches, PrivateTmp= the X server's socket.)
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_INET AF_INET6
MemoryHigh=200M
MemoryMax=400M
UMask=0077

[Install]
WantedBy={target}
"""
_OURS = "Written by `gamedetectd autostart on --systemd`; `gamedetectd autostart off` takes it away."
_OF_A_PACKAGE = (
    "For a package, which puts it into /usr/lib/systemd/user. A person says `gamedetectd autostart on --systemd`:\n"
    "# that writes the same with the right path. Made from gamedetectd/platforms/autostart/unit_file.py by `poe docs`."
)

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")
_NOT_IN_A_PROGRAM = re.compile(r"[\"'\\]")
_EXEC = re.compile(r"^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!|]*((?:[^\n\\]|\\.|\\\n)*)", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\.|[^\s"'\\])+""", re.DOTALL)
_PIECE = re.compile(r"""\"((?:[^"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|((?:\\.|[^\s"'\\])+)""", re.DOTALL)


def rendered(command: Sequence[str], origin: str = _OURS) -> str:
    """The unit that starts ``command`` with the graphical session."""
    return _TEMPLATE.format(origin=origin, command=exec_start(command), target=TARGET)


def packaged() -> str:
    """The unit as a distribution's package installs it."""
    return rendered(PACKAGED, _OF_A_PACKAGE)


def exec_start(command: Sequence[str]) -> str:
    """The value of ``ExecStart``: percent signs and, behind the program, dollar signs doubled; quoted where needed.

    systemd refuses programs with quotes or backslashes in their paths: those are started by ``env``.
    """
    if _NOT_IN_A_PROGRAM.search(command[0]):
        command = ("/usr/bin/env", *command)
    program, *arguments = command
    return " ".join([_quoted(program), *(_quoted(argument.replace("$", "$$")) for argument in arguments)])


def commands(text: str) -> tuple[tuple[str, ...], ...]:
    """The arguments of every ``ExecStart`` that a unit has."""
    return tuple(argv for value in _EXEC.findall(text) if (argv := split_exec(value)))


def split_exec(value: str) -> tuple[str, ...]:
    """The arguments of an ``ExecStart``, with the escapes undone that matter in paths."""
    joined = value.replace("\\\n", " ")
    words = (match.group() for match in _WORD.finditer(joined))
    return tuple(word.replace("%%", "%").replace("$$", "$") for word in map(_unquoted, words))


def _quoted(argument: str) -> str:
    doubled = argument.replace("%", "%%")
    if _PLAIN.fullmatch(doubled):
        return doubled
    return '"' + doubled.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(word: str) -> str:
    pieces = (double or single or plain for double, single, plain in _PIECE.findall(word))
    return "".join(re.sub(r"\\(.)", _unescaped, piece) for piece in pieces)


def _unescaped(match: re.Match[str]) -> str:
    return {"s": " ", "n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1])

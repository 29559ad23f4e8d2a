"""Takes the person out of facts and observations, so that a recording can be attached to a bug report.

What detection weighs stays: the names of executables, directories below the home directory, store ids, categories,
engine files. The rules for logs (secrets by their shape, home directories, private titles) apply first; what only
recordings hold (whole command lines, file listings) needs the ones here as well.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from gamedetectd.domain import (
    Facts,
    ForegroundChanged,
    InstalledGame,
    Observation,
    ProcessEnded,
    ProcessInfo,
    ProcessStarted,
    Resync,
    Window,
)
from gamedetectd.observability.redaction import PRIVATE_TITLE, Redactor, hide_secrets
from gamedetectd.observability.secret_shapes import HIDDEN, is_secret_name

NOBODY = "user"
"""Stands for a user name."""
ADDRESS = "[address]"
"""Stands for an e-mail address or ``user@host``."""
COMPUTER = "[computer]"
"""Stands for the name of this computer."""

_NOBODYS_NAMES = frozenset(
    "root user users admin administrator guest nobody steam deck game games gamer player public default".split()  # noqa: SIM905
)
"""Account names that tell nothing of a person, and that occur in paths of games."""
_NOBODYS_COMPUTERS = frozenset({"localhost", "steamdeck", "linux", "debian", "fedora", "ubuntu", "archlinux", "pc"})
_SHORTEST_NAME = 3
"""Shorter names are hidden in paths only, or no text would stay readable."""

_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
_QUERY = re.compile(
    r"(?<![\w.+-])(?!steam:|heroic:|lutris:|itch:|goggalaxy:|com\.epicgames)"
    r"([a-z][a-z0-9+.-]{1,30}://[^\s?#\"'<>]*)[?#][^\s\"'<>]*",
    re.IGNORECASE,
)
"""Queries and fragments of addresses; the links that start games keep theirs."""
_KEY = re.compile(
    r"\b(?:sk|pk|rk)[-_][\w-]{12,}|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\bxox[a-z]-[\w-]{8,}"
    r"|\bA(?:KIA|SIA)[0-9A-Z]{12,}|\bAIza[\w-]{20,}|(?<![0-9A-Za-z])[0-9A-Fa-f]{32,}(?![0-9A-Za-z])"
    r"|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40,}"
)
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_PERSONAL_OPTION = re.compile(
    r"[-+/]{1,2}[\w.-]*?(?:user|username|user[-_]?id|login|e-?mail|nick(?:name)?|account|uuid|xuid|client[-_]?id"
    r"|session(?:[-_]?id)?|auth|key|player[-_]?name|steam[-_]?id|serial|licen[cs]e)",
    re.IGNORECASE,
)
"""Options that are followed by something personal."""


class RecordingRedactor:
    """Hides what is personal in the values of one recording.

    It remembers which process is which program, for the person may have marked a program's titles private.
    """

    def __init__(self, in_force: Redactor, home: str, user: str, host: str) -> None:
        """``in_force``: the redactor of the logs, which knows the private titles; ``host``: this computer's name."""
        self._texts = in_force
        self._places = Redactor(Path(home) if home else None, {"USER": user})
        self._user = _word(user, _NOBODYS_NAMES)
        self._host = _word(host.partition(".")[0], _NOBODYS_COMPUTERS)
        self._programs: dict[int, str] = {}

    def facts(self, facts: Facts) -> Facts:
        """The same facts of nobody in particular."""
        for process in facts.processes:
            self._programs[process.pid] = _program(process)
        window = self._window(facts.window)
        private = window is not None and window.title == PRIVATE_TITLE
        entry = facts.desktop_entry
        return replace(
            facts,
            processes=tuple(map(self._process, facts.processes)),
            window=window,
            files={self._path(where): tuple(map(self._name, names)) for where, names in facts.files.items()},
            metadata={key: self._plain(value) for key, value in facts.metadata.items()},
            version_info={
                self._program_path(path): {key: self._plain(value) for key, value in info.items()}
                for path, info in facts.version_info.items()
            },
            desktop_entry=(
                replace(entry, name=self._title(entry.name), exec=self._text(entry.exec)) if entry is not None else None
            ),
            library=tuple(map(self._game, facts.library)),
            content=replace(facts.content, path=self._path(facts.content.path)) if facts.content else None,
            texts=tuple(PRIVATE_TITLE if private else self._text(text) for text in facts.texts),
            rules=tuple(
                replace(rule, executable=self._program_path(rule.executable), argument=self._text(rule.argument))
                for rule in facts.rules
            ),
        )

    def observation(self, observation: Observation) -> Observation:
        """The same observation of nobody in particular."""
        match observation:
            case ProcessStarted():
                self._programs[observation.process.pid] = _program(observation.process)
                return replace(
                    observation,
                    process=self._process(observation.process),
                    ancestors=tuple(map(self._process, observation.ancestors)),
                )
            case ProcessEnded():
                self._programs.pop(observation.key.pid, None)
                return observation
            case Resync():
                self._programs = {process.pid: _program(process) for process in observation.processes}
                return replace(observation, processes=tuple(map(self._process, observation.processes)))
            case ForegroundChanged():
                return replace(observation, window=self._window(observation.window))
            case _:
                return observation

    # --- parts ---

    def _process(self, process: ProcessInfo) -> ProcessInfo:
        return replace(
            process,
            exe=self._program_path(process.exe) if process.exe else process.exe,
            argv=self._argv(process.argv),
            cwd=self._path(process.cwd) if process.cwd else process.cwd,
            user=process.user if process.user is None or process.user in _NOBODYS_NAMES else NOBODY,
            environment={name: self._path(value) for name, value in process.environment.items()},
            comm=self._plain(process.comm) if process.comm != _program(process) else process.comm,
        )

    def _game(self, game: InstalledGame) -> InstalledGame:
        return replace(
            game,
            title=self._title(game.title),
            install_dir=self._path(game.install_dir),
            executables=tuple(map(self._program_path, game.executables)),
        )

    def _window(self, window: Window | None) -> Window | None:
        if window is None:
            return None
        for program in (self._programs.get(window.pid, ""), window.class_name):
            if self._texts.is_private_title(window.title, program):
                return replace(window, title=PRIVATE_TITLE)
        return replace(window, title=self._text(window.title))

    def _argv(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """A command line; the value of an option that names something personal is hidden whatever it looks like."""
        shown = [self._program_path(argument) for argument in argv[:1]]
        hide = False
        for argument in argv[1:]:
            option, equals, _value = argument.partition("=")
            personal = argument[:1] in ("-", "+", "/") and _is_personal(option)
            if hide and not argument.startswith("-"):
                shown.append(HIDDEN)
            elif personal and equals:
                shown.append(f"{option}={HIDDEN}")
            else:
                shown.append(self._text(argument))
            hide = personal and not equals
        return tuple(shown)

    # --- texts ---

    def _text(self, text: str) -> str:
        """A title, an argument, a line of text: everything that could be personal or a key goes."""
        text = _QUERY.sub(rf"\g<1>?{HIDDEN}", self._texts.redact(text))
        return self._plain(_UUID.sub(HIDDEN, _KEY.sub(HIDDEN, text)))

    def _path(self, path: str) -> str:
        """A path without the home directory's and the person's name; ids in it stay, for stores put them there."""
        return self._plain(self._places.redact(path))

    def _name(self, name: str) -> str:
        """The name of a file."""
        return self._plain(hide_secrets(name))

    def _title(self, title: str) -> str:
        """What a game is called."""
        return PRIVATE_TITLE if self._texts.is_private_title(title) else title

    def _program_path(self, path: str) -> str:
        """A path whose last part, the program's name, stays as it is."""
        cut = max(path.rfind("/"), path.rfind("\\")) + 1
        return self._path(path[:cut]) + hide_secrets(path[cut:])

    def _plain(self, text: str) -> str:
        """Without addresses and the names of the person and the computer."""
        if "@" in text:
            text = _ADDRESS.sub(ADDRESS, text)
        text = self._user.sub(NOBODY, text) if self._user is not None else text
        return self._host.sub(COMPUTER, text) if self._host is not None else text


def _is_personal(option: str) -> bool:
    """True for an option whose value is a secret or names somebody."""
    return _PERSONAL_OPTION.fullmatch(option) is not None or ("/" not in option[1:] and is_secret_name(option))


def _word(name: str, nobodys: frozenset[str]) -> re.Pattern[str] | None:
    """Finds a name where it stands as a word; None for one that tells nothing."""
    if len(name) < _SHORTEST_NAME or name.lower() in nobodys:
        return None
    return re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE)


def _program(process: ProcessInfo) -> str:
    path = process.exe or (process.argv[0] if process.argv else "")
    return re.split(r"[\\/]", path)[-1]

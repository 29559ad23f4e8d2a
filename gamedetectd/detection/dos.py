"""DOSBox and its kin: by the directory rather than by the program, for eight letters say little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import operands
from gamedetectd.detection.tables.dos import DOS_APPLICATIONS, DOS_GAMES, DOS_OWN
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.titles import from_content, from_directory, is_generic_name, squeezed

_DOS = "MS-DOS"
_PROGRAMS = ("exe", "com", "bat")
_TITLES = tuple(
    Pattern(pattern, re.IGNORECASE)
    for pattern in (
        r".*Program:\s*(?P<title>[^,\s]+)",
        r"DOSBox-X [\w.-]+:\s*(?P<title>[^\s,]+)\s+-\s.*",
        r"DOSBox(?: Staging)?(?: [\d.]\S*)?\s+-\s+(?P<title>[^,|]+?)\s+-\s.*",
        r"(?P<title>[\w$~!#-]{1,8})\s+-\s+(?:max\s+)?[\d.]+\s?%?\s*(?:cycles|fixed|auto).*",
        r"(?P<title>.+?)\s+-\s+DOSBox(?:[ -](?:Staging|X))?(?:\s.*)?",
    )
)
"""How the forks show what runs: the program's name, or the title that a person set."""
_MOUNT = Pattern(
    r"\s*(?:img)?mount\s+[a-z0-9]:?\s+(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>.+?)(?:\s+-\w.*)?$)", re.IGNORECASE
)
_CHANGE = Pattern(r"\s*cd\s*(?P<to>[\\/.]?\S.*)", re.IGNORECASE)
_VALUED = names("-conf --conf -c --c -lang -set --set -editconf -machine --machine -opencaptures -socket -o")
"""Options that a value follows."""
_LONGEST = 400
_MOST = 64
"""Characters of a command and commands that are looked at."""
_EIGHT = Pattern(r"[A-Za-z0-9_$~!#-]{1,8}")


def loaded(case: Case) -> Inside | None:
    """What the command line or its settings' ``[autoexec]`` says is started."""
    return _by_directory_mounted(case) or _by_program(case) or _by_content(case)


def works(case: Case) -> bool:
    """True where a program is started that people work with, and no game."""
    told = case.facts.content.path if case.facts.content else ""
    for path in (*_started(case), told, _program_shown(case)):
        named = {_stem(path), squeezed(paths.base_name(paths.directory(path)))}
        if not named.isdisjoint(DOS_APPLICATIONS):
            return True
    return False


def guessed(case: Case) -> Inside | None:
    """What the name of the settings file or the window tells, where no store's directory tells more."""
    return _by_settings(case) or _by_window(case)


def _by_directory_mounted(case: Case) -> Inside | None:
    """``-c "mount c …/Commander Keen" -c "KEEN4E"``: the directory mounted or changed to, where it is called like a game."""
    lines = _commands(case)
    started = next(_started(case), "") or _program_shown(case)
    if not started:
        return None
    changed = [found["to"] for line in lines if (found := _CHANGE.match(line))]
    mounted = [found["quoted"] or found["bare"] for line in lines if (found := _MOUNT.match(line))]
    for directory in (*changed, *mounted):
        name = paths.base_name(directory.strip('" '))
        if _telling(name):
            known = DOS_GAMES.get(_stem(started)) if _EIGHT.fullmatch(name) else None
            return Inside(known or _title(name), "the directory it mounts", _DOS)
    return None


def _by_program(case: Case) -> Inside | None:
    """A program or a directory on the command line: ``dosbox /home/u/dos/KEEN4/KEEN4E.EXE``."""
    for word in _started(case):
        if found := _named_by(
            word, "the program on its command line", "the directory of the program on its command line"
        ):
            return found
    for word in _operands(case):
        if (paths.is_absolute(word) or "/" in word) and not _is_file(word) and _telling(paths.base_name(word)):
            return Inside(_title(paths.base_name(word)), "the directory on its command line", _DOS)
    return None


def _started(case: Case) -> Iterator[str]:
    """What is started, by the operands and by the commands given with ``-c``."""
    yield from (word for word in _operands(case) if word.lower().rpartition(".")[2] in _PROGRAMS)
    for line in _commands(case):
        words = line.split()
        word = words[-1] if words[:1] == ["call"] else next(iter(words), "")
        if _is_program(word):
            yield word


def _commands(case: Case) -> list[str]:
    told = [value[:_LONGEST] for option, value in pairwise(case.program.arguments) if option in ("-c", "--c")]
    return told[:_MOST]


def _is_file(word: str) -> bool:
    return bool(re.search(r"\.(exe|com|bat|conf|iso|img|cue|ima|zip)$", word, re.IGNORECASE))


def _operands(case: Case) -> Iterator[str]:
    return operands(case.program.arguments, lambda option: option.lower() in _VALUED)


def _is_program(word: str) -> bool:
    return not re.fullmatch(r"[a-z]:", word, re.IGNORECASE) and _telling(_stem(word))


def _by_content(case: Case) -> Inside | None:
    """What the settings file starts, as it says."""
    content = case.facts.content
    if content is not None and content.title:
        return Inside(from_content(content.title), content.source, _DOS)
    return _named_by(content.path, content.source, content.source) if content is not None and content.path else None


def _by_settings(case: Case) -> Inside | None:
    """By the settings file's own name or its directory's, which stores and collections give it."""
    arguments = case.program.arguments
    for option, value in pairwise(arguments):
        if option not in ("-conf", "--conf"):
            continue
        name = re.sub(
            r"^dosbox[_-]?|[_-]?dosbox$|[_-]?(single|client|server|settings)$",
            "",
            paths.stem(paths.base_name(value)).removesuffix(".conf"),
            flags=re.I,
        )
        directory = paths.base_name(paths.directory(value))
        if _telling(directory):
            return Inside(_title(directory), "the directory of its settings", _DOS)
        if _telling(name):
            return _window_knows_better(case, name) or Inside(_title(name), "the name of its settings", _DOS)
    return None


def _window_knows_better(case: Case, name: str) -> Inside | None:
    shown = _program_shown(case)
    return (
        Inside(DOS_GAMES[_stem(shown)], "its window's title", _DOS)
        if _stem(shown) in DOS_GAMES and _stem(shown) != name.lower()
        else None
    )


def _named_by(path: str, program: str, place: str) -> Inside | None:
    directory, stem = paths.base_name(paths.directory(path)), _stem(path)
    words = _telling(directory) and not _EIGHT.fullmatch(directory)
    if not words and stem in DOS_GAMES:
        return Inside(DOS_GAMES[stem], program, _DOS)
    if _telling(directory):
        return Inside(_title(directory), place, _DOS)
    return Inside(_title(stem), program, _DOS) if _telling(stem) else None


def _by_window(case: Case) -> Inside | None:
    shown = _program_shown(case)
    return Inside(_title(shown), "its window's title", _DOS) if shown else None


def _program_shown(case: Case) -> str:
    """The program that the window says runs; "" at the prompt."""
    for pattern in _TITLES:
        if found := pattern.fullmatch(case.title) or (pattern is _TITLES[0] and pattern.match(case.title)) or None:
            name = found["title"].strip()
            return name if _telling(_stem(name)) else ""
    return ""


def _stem(path: str) -> str:
    return paths.stem(paths.base_name(path)).lower()


def _title(name: str) -> str:
    """A title from a directory's or a program's name; the eight letters of a known program are those of its game."""
    if known := DOS_GAMES.get(_stem(name)):
        return known
    return (
        from_content(name)
        if " " in name
        else from_directory(name.lower() if _EIGHT.fullmatch(name) and name == name.upper() else name)
    )


def _telling(name: str) -> bool:
    """True for a name that is a game's: not a drive, a command, a set-up program or something generic."""
    lowered = name.lower().strip("\"' .")
    if (
        not lowered
        or lowered in DOS_OWN
        or lowered.startswith(("dosbox", "setup", "install"))
        or len(squeezed(lowered)) < 2
    ):
        return False
    return not is_generic_name(name) and not re.fullmatch(r"[a-z]:?|[.\\/]+|[a-z]:[\\/]?", lowered)

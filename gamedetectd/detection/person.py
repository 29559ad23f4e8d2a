"""The person's own word about a program: it wins over everything else, for the executable and its moved copies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from gamedetectd.detection import containers, paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.places import is_shared, is_system_place
from gamedetectd.detection.titles import is_generic_name, slug, squeezed
from gamedetectd.domain import Game, Rule, RuleKind

PERSON = "your own rule"
"""Where a title comes from that the person gave; it is never judged."""
_SHORTEST = 5
"""Letters of a file name below which other programs bear it too: ``LMS.exe`` is a service and a game."""


def testify(case: Case) -> Iterator[Sign]:
    """At most one sign: that of the most exact rule that fits, the person's last word among equals."""
    rule = fitting(case)
    if rule is None:
        return
    if rule.kind is RuleKind.IGNORE:
        yield Sign("person.ignore", f"You said that {rule.executable} is not a game.")
        return
    game = Game(
        f"user:{slug(rule.title or case.program.stem)}", rule.title, PERSON if rule.title else "", case.directory
    )
    called = f"the game {rule.title}" if rule.title else "a game"
    yield Sign("person.game", f"You said that {rule.executable} is {called}.", game)


def fitting(case: Case) -> Rule | None:
    """The rule that decides about the program, or None."""
    fit = [(exactness, rule) for rule in case.facts.rules if (exactness := _exactness(case, rule))]
    best = max((exactness for exactness, _ in fit), default=0)
    return next((rule for exactness, rule in reversed(fit) if exactness == best), None)


@dataclass(frozen=True, slots=True)
class Meant:
    """How a rule must name a running program: its file, and the argument that tells what runs in it.

    ``content`` is what it runs, where its file runs many things and no argument says which; a rule would mean them all.
    """

    executable: str
    argument: str = ""
    content: str = ""


def meant(case: Case) -> Meant | None:
    """What a rule for this very program looks like; None where not even a name of it is known."""
    program, family = case.program, case.family
    if family is None or not program.path:
        return None
    host = family.subject.exe or paths.base_name(family.subject.argv[0] if family.subject.argv else program.path)
    if program.generic:
        return Meant(host)
    if not paths.is_absolute(program.path):
        given = next((one for one in family.subject.argv[1:] if one.replace("/", ".").endswith(program.path)), "")
        return Meant(host if given else program.base, given)
    found = containers.inside(case)
    if found is None or _inside_alone(case) == found:
        return Meant(program.path)
    argument = _telling_argument(case)
    return Meant(program.path, argument, "" if argument or program.runtime else found.title)


def _inside_alone(case: Case) -> Inside | None:
    """What would run inside by the file alone: stores sell old games with an emulator of their own."""
    alone = replace(case.facts, window=None, content=None)
    return containers.inside(replace(case, facts=alone, program=replace(case.program, arguments=())))


def _telling_argument(case: Case) -> str:
    """The argument without which something else would run inside; a content's file by its name, wherever it lies."""
    given, found = case.program.arguments, containers.inside(case)
    for place in sorted(range(len(given)), key=lambda place: given[place].startswith(("-", "+"))):
        fewer = replace(case.program, arguments=(*given[:place], *given[place + 1 :]))
        if containers.inside(replace(case, program=fewer)) != found:
            name = paths.base_name(given[place])
            return given[place] if is_generic_name(paths.stem(name)) else name
    return ""


def _exactness(case: Case, rule: Rule) -> int:
    """0: does not fit; 1: same file name; 2: that and the argument; 3: this very file; 4: this very file and argument.

    A rule for a full path also fits a moved copy of the executable, if the file's name, or the directory's beside it, is
    specific enough to know it by and an argument, where the rule has one, is the same.
    """
    if case.family is None or (rule.argument and not _has_argument(case, rule.argument)):
        return 0
    bonus = 1 if rule.argument else 0
    candidates = {case.program.path, case.program.alias, case.family.subject.exe or ""} - {""}
    folded = {paths.folded(path, ignore_case=case.ignore_case) for path in candidates}
    wanted = paths.folded(rule.executable, ignore_case=case.ignore_case)
    if paths.is_absolute(rule.executable) and wanted in folded:
        return 3 + bonus
    if not paths.is_absolute(rule.executable):
        return 1 + bonus if wanted in {paths.base_name(path) for path in folded} else 0
    spelt = {case.program.path, case.program.alias} - {""}
    content = bool(re.match(r"[^-+/\\].*|.*\.\w{2,5}$", rule.argument))
    moved = any(
        _is_moved(case, wanted, paths.folded(path, ignore_case=case.ignore_case), content=content) for path in spelt
    )
    return 1 + bonus if moved else 0


def _is_moved(case: Case, wanted: str, path: str, *, content: bool) -> bool:
    """The same file name elsewhere: a specific one on its own, a common one in a directory of the same specific name.

    With ``content`` named, as an emulator's, the name is enough. A program among the system's commands says nothing of
    what bears its name in a directory of its own.
    """
    name = paths.base_name(path)
    if name != paths.base_name(wanted) or any(is_system_place(one, case.facts.system) for one in (wanted, path)):
        return False
    inner, outer = _directories(path), _directories(wanted)
    if inner and outer and inner == outer:
        return True
    return (_specific(name) or content) and bool(inner) == bool(outer)


def _directories(path: str) -> tuple[str, ...]:
    """The names of the directories from the program's up to the first that tells what it is of; () in a shared place."""
    names: list[str] = []
    place = paths.directory(path)
    while place and not is_shared(place):
        names.append(paths.base_name(place))
        if not is_generic_name(names[-1]):
            return tuple(names)
        place = paths.directory(place)
    return ()


def _has_argument(case: Case, argument: str) -> bool:
    subject = case.family.subject if case.family else None
    return subject is not None and any(argument in given for given in subject.argv[1:])


def _specific(name: str) -> bool:
    """False for names that many programs bear, so that a rule for one of them must not spread to the others."""
    stem = paths.stem(name)
    return not is_generic_name(stem) and (len(squeezed(stem)) >= _SHORTEST or not stem.isascii())

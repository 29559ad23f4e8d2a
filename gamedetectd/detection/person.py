"""The person's own word about a program: it wins over everything else."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.titles import is_generic_name, slug
from gamedetectd.domain import Game, Rule, RuleKind

PERSON = "your own rule"
"""Where a title comes from that the person gave; it is never judged."""


def testify(case: Case) -> Iterator[Sign]:
    """At most one sign: that of the most exact rule that fits, the person's last word among equals."""
    fitting = [(exactness, rule) for rule in case.facts.rules if (exactness := _exactness(case, rule))]
    if not fitting:
        return
    best = max(exactness for exactness, _ in fitting)
    rule = [rule for exactness, rule in fitting if exactness == best][-1]
    if rule.kind is RuleKind.IGNORE:
        yield Sign("person.ignore", f"You said that {rule.executable} is not a game.")
        return
    title = rule.title or case.program.stem
    game = Game(f"user:{slug(title)}", title, PERSON if rule.title else "", case.directory)
    yield Sign("person.game", f"You said that {rule.executable} is the game {title}.", game)


def _exactness(case: Case, rule: Rule) -> int:
    """0: does not fit; 1: same file name; 2: that and the argument; 3: this very file; 4: this very file and argument.

    A rule for a full path also fits a moved copy of the executable, if the file name is specific enough to know it by
    and an argument, where the rule has one, is the same.
    """
    if case.family is None or (rule.argument and not _has_argument(case, rule.argument)):
        return 0
    bonus = 1 if rule.argument else 0
    candidates = {case.program.path, case.program.alias, case.family.subject.exe or ""} - {""}
    folded = {paths.folded(path, ignore_case=case.ignore_case) for path in candidates}
    wanted = paths.folded(rule.executable, ignore_case=case.ignore_case)
    if paths.is_absolute(rule.executable) and wanted in folded:
        return 3 + bonus
    name = paths.base_name(wanted)
    known_names = {paths.base_name(path) for path in folded}
    if not paths.is_absolute(rule.executable):
        return 1 + bonus if name in known_names else 0
    moved = name == paths.base_name(paths.folded(case.program.path, ignore_case=case.ignore_case))
    return 1 + bonus if moved and (bonus or _specific(name)) else 0


def _has_argument(case: Case, argument: str) -> bool:
    subject = case.family.subject if case.family else None
    return subject is not None and any(argument in given for given in subject.argv[1:])


def _specific(name: str) -> bool:
    """False for names that many programs bear, so that a rule for one of them must not spread to the others."""
    return not is_generic_name(paths.stem(name))

"""The decision: a verdict on one program from what is known of it, or the kinds of fact that could still change it."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator

from gamedetectd.detection import (
    catalogue,
    containers,
    engines,
    entry,
    fusion,
    identity,
    library,
    naming,
    person,
    picture,
    place,
    stores,
    stranger,
    streams,
    surface,
    version,
)
from gamedetectd.detection.case import Case, Sign, build
from gamedetectd.detection.weights import GROUP_CAPS, SIGNALS, THRESHOLD, TOTAL_CAP
from gamedetectd.domain import ALL_KINDS, Evidence, FactKind, Facts, Needs, System, Verdict, is_store_id

RULES: tuple[Callable[[Case], Iterator[Sign]], ...] = (
    person.testify,
    stores.testify,
    entry.testify,
    library.testify,
    stranger.testify,
    catalogue.testify,
    containers.testify,
    place.testify,
    identity.testify,
    engines.testify,
    version.testify,
    surface.testify_window,
    surface.testify_mapped,
    surface.testify_gpu,
    picture.testify,
)
"""Every kind of evidence, in the order in which equal ones are told."""

_CHEAP = (FactKind.DESKTOP_ENTRY, FactKind.LIBRARY, FactKind.CATALOGUE, FactKind.FILES)
_IDENTIFYING = frozenset([FactKind.LIBRARY, FactKind.CATALOGUE, FactKind.METADATA])
_NEVER_ASKED = frozenset([FactKind.SCREEN, FactKind.TEXTS])
_NEEDS_WINDOW = frozenset([FactKind.MAPPED, FactKind.GPU])
_LINE = math.log(THRESHOLD / (1 - THRESHOLD))


def judge(facts: Facts) -> Verdict | Needs:
    """The verdict, once nothing that could be gathered would change the decision or the name; else what to gather.

    With every kind gathered the answer is always a verdict. The same facts give the same answer, in the same order.
    """
    case = build(facts)
    signs = testimony(case)
    reasons = fusion.weigh(signs)
    needed = _needed(case, signs, fusion.log_odds(reasons))
    return Needs(needed) if needed else _verdict(case, signs, reasons)


def verdict_on(facts: Facts) -> Verdict:
    """The verdict on what is known, as if nothing more could be gathered."""
    case = build(facts)
    signs = testimony(case)
    return _verdict(case, signs, fusion.weigh(signs))


def _verdict(case: Case, signs: list[Sign], reasons: tuple[Evidence, ...]) -> Verdict:
    odds = fusion.log_odds(reasons)
    probability = fusion.probability(odds)
    family = case.family
    return Verdict(
        game=naming.game(case, signs) if probability >= THRESHOLD else None,
        probability=probability,
        evidence=reasons,
        root=family.root.key if family else None,
        subject=family.subject.key if family else None,
        later=containers.came_later(case, signs),
    )


def testimony(case: Case) -> list[Sign]:
    """What every rule says of the case; of a game that is streamed from elsewhere, only what is said of the game."""
    if streams.streamed(case) is not None:
        return [*person.testify(case), *streams.testify(case)]
    signs = [sign for rule in RULES for sign in rule(case)]
    return containers.without_itself(case, picture.supported(signs))


def _needed(case: Case, signs: list[Sign], odds: float) -> tuple[FactKind, ...]:
    """The kinds that could change the answer: the cheap ones alone first, the costly ones once those are known."""
    told = {sign.signal for sign in signs if sign.signal.startswith(("person.", "container.stream"))}
    if told - {"person.game"}:
        return ()
    named = any(sign.signal == "person.game" and sign.game is not None and sign.game.title for sign in signs)
    if FactKind.CONTENT not in case.facts.gathered and not named and containers.may_be_told(case):
        return (FactKind.CONTENT,)
    open_kinds = [kind for kind in FactKind if kind in ALL_KINDS - case.facts.gathered and _applies(case, kind)]
    if not open_kinds:
        return ()
    trust = _trust(case, signs) if told or odds >= _LINE else math.inf
    if told:
        wanted = [kind for kind in open_kinds if _could_name(trust, kind) or _could_identify(signs, kind)]
    elif odds >= _LINE:
        wanted = [
            kind
            for kind in open_kinds
            if _could_refute(kind, odds) or _could_name(trust, kind) or _could_identify(signs, kind)
        ]
    else:
        open_kinds = [kind for kind in open_kinds if kind is not FactKind.METADATA]  # it only names what is a game
        most = sum(_bounds(kind)[1] for kind in open_kinds)
        wanted = open_kinds if odds + min(most, TOTAL_CAP) >= _LINE else []
    cheap = tuple(kind for kind in wanted if kind in _CHEAP)
    return cheap or tuple(wanted)


def _applies(case: Case, kind: FactKind) -> bool:
    """False for what cannot exist here: no bundle outside macOS, no loaded libraries worth a look without a window."""
    system = case.facts.system
    if kind in _NEVER_ASKED or kind is FactKind.CONTENT or (kind in _NEEDS_WINDOW and case.window is None):
        return False
    if kind is FactKind.BUNDLE:
        return system is System.MACOS
    if kind is FactKind.DESKTOP_ENTRY:
        return system is System.LINUX
    if kind is FactKind.VERSION_INFO:
        return case.program.base.lower().endswith(".exe")
    return True


def _could_refute(kind: FactKind, odds: float) -> bool:
    return odds + _bounds(kind)[0] < _LINE


def _trust(case: Case, signs: list[Sign]) -> float:
    """How far the best name at hand is trusted; without limit where a sign decides it."""
    if any(naming.decides(sign) for sign in signs):
        return math.inf
    return max((name.trust for name in naming.candidates(case)), default=0.0)


def _could_name(trust: float, kind: FactKind) -> bool:
    """True where this kind could bring a name that is trusted more."""
    return trust < naming.TRUST.get(kind, 0.0)


def _could_identify(signs: list[Sign], kind: FactKind) -> bool:
    """True where this kind could bring a store's id for a game that has none yet; what an emulator runs has none."""
    if kind not in _IDENTIFYING or any(sign.signal.startswith("container.") for sign in signs):
        return False
    return not any(sign.game is not None and is_store_id(sign.game.id) for sign in signs)


@functools.cache
def _bounds(kind: FactKind) -> tuple[float, float]:
    """The most that a kind of fact can say against and for a game."""
    rows = [row for row in SIGNALS.values() if row.kind is kind]
    against = sum(row.weight for row in rows if row.weight < 0)
    for_game = {
        group: sum(row.weight for row in rows if row.group == group and row.weight > 0)
        for group in {row.group for row in rows}
    }
    return against, sum(min(total, GROUP_CAPS.get(group, total)) for group, total in for_game.items())

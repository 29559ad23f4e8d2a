"""Adding reasons up: log-odds on top of the prior, capped for each group so that one thing said five times counts once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from gamedetectd.detection.case import Sign
from gamedetectd.detection.weights import GROUP_CAPS, PRIOR, SIGNALS, TOTAL_CAP
from gamedetectd.domain import Evidence

_WEIGHTS: Mapping[str, float] = {name: row.weight for name, row in SIGNALS.items()}


def weigh(signs: Iterable[Sign], weights: Mapping[str, float] | None = None) -> tuple[Evidence, ...]:
    """The reasons with their weights, the heaviest first, the prior among them: they add up to the log-odds.

    A reason whose group is already at its cap keeps its place with what is left for it, which may be 0.
    ``weights`` replaces the table's column while it is being fitted.
    """
    table = _WEIGHTS if weights is None else weights
    once = {sign.signal: sign for sign in reversed(list(signs))}
    heavy = sorted(once.values(), key=lambda sign: (-abs(table[sign.signal]), sign.signal))
    left = defaultdict(lambda: TOTAL_CAP, GROUP_CAPS)
    total = TOTAL_CAP
    reasons = []
    for sign in heavy:
        weight, group = table[sign.signal], SIGNALS[sign.signal].group
        if weight > 0:
            weight = min(weight, left[group])
            if group != "person":
                weight = min(weight, total)
                total -= weight
            left[group] -= weight
        reasons.append(Evidence(sign.signal, round(weight, 2), sign.reason, sign.game))
    reasons.append(Evidence("prior", PRIOR, "Most programs are not games."))
    return tuple(sorted(reasons, key=lambda one: (-abs(one.weight), one.source)))


def log_odds(reasons: Sequence[Evidence]) -> float:
    """What the reasons add up to."""
    return sum(reason.weight for reason in reasons)


def probability(odds: float) -> float:
    """The probability of log-odds, rounded to six digits; never beyond 0 and 1, whatever the size."""
    if odds >= 0:
        return round(1.0 / (1.0 + math.exp(-min(odds, 700.0))), 6)
    grown = math.exp(max(odds, -700.0))
    return round(grown / (1.0 + grown), 6)

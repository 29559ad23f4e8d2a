"""Fits the column ``weight`` of detection's table of weights on recorded cases, and says how well all of it decides.

    python packaging/weights/fit.py            # scores, and which weights would change
    python packaging/weights/fit.py --write    # also writes them into gamedetectd/detection/weights.py

Logistic regression towards the expected weights (L2), within each row's bounds, through the same caps as the decision
itself. Only cases of the split "fit" are learned from; those of "held_out" belong to other families of programs.
Plain Python and no randomness: the same cases always give the same weights.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gamedetectd.app.known import with_catalogue
from gamedetectd.detection import case as cases
from gamedetectd.detection import fusion, weights
from gamedetectd.detection.case import Sign
from gamedetectd.detection.judge import testimony, verdict_on
from gamedetectd.detection.titles import squeezed
from gamedetectd.domain import Facts
from gamedetectd.facts.format import parse

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "replay" / "facts"
TABLE = ROOT / "gamedetectd" / "detection" / "weights.py"
ROUNDS = 200
STEP = 0.2
TOWARDS_EXPECTED = 1.0
"""Strength of the pull towards the expected weight, in cases: it takes about so many to move one by a unit."""
_LINE = math.log(weights.THRESHOLD / (1 - weights.THRESHOLD))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded case with what is expected of it."""

    name: str
    family: str
    split: str
    facts: Facts
    is_game: bool
    title: str
    row_tells: bool
    """True where a library row of the facts tells the title."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over one split."""

    games: int
    found: int
    titled: int
    others: int
    called_games: int


def recorded(folder: Path = CASES) -> list[Recorded]:
    """Every case of every file, in the order of their names, each with what the built-in catalogue knows of it."""
    found = []
    completed = with_catalogue()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            value = json.loads(line)
            expected = value["expected"]
            title = expected.get("title") or ""
            row_tells = any(row.get("title") == title for row in value.get("library", ()))
            facts = completed(parse(value))
            found.append(
                Recorded(value["id"], value["family"], value["split"], facts, expected["is_game"], title, row_tells)
            )
    return found


def fit(learned: Iterable[Recorded]) -> dict[str, float]:
    """The weights, rounded to two digits, by their names.

    A case that the catalogue knows is learned from a second time as if it did not: most games are in no catalogue, and
    the other signs must carry those.
    """
    told = [(facts, one.is_game) for one in learned for facts in _ways(one.facts)]
    seen = [([sign.signal for sign in testimony(cases.build(facts))], is_game) for facts, is_game in told]
    current = {name: row.expected for name, row in weights.SIGNALS.items()}
    for _ in range(ROUNDS):
        slope = {name: TOWARDS_EXPECTED * (current[name] - row.expected) for name, row in weights.SIGNALS.items()}
        for names, is_game in seen:
            odds, counting = _odds(names, current)
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds - _LINE)))) - is_game
            for name in counting:
                slope[name] += error
        for name, row in weights.SIGNALS.items():
            current[name] = min(row.high, max(row.low, current[name] - STEP * slope[name]))
    return {name: round(value, 2) for name, value in current.items()}


def _ways(facts: Facts) -> Iterator[Facts]:
    yield facts
    if facts.catalogue:
        yield replace(facts, catalogue=())


def _odds(names: Sequence[str], current: Mapping[str, float]) -> tuple[float, list[str]]:
    """Log-odds as the decision adds them up, and the signals that count in full: no others can be learned from."""
    reasons = fusion.weigh([Sign(name, "") for name in names], current)
    counting = [
        reason.source for reason in reasons if abs(reason.weight - round(current.get(reason.source, 0.0), 2)) < 1e-9
    ]
    return fusion.log_odds(reasons), [name for name in counting if name in current]


def score(judged: Iterable[Recorded]) -> Score:
    """How the table as it is decides these cases; a title counts whatever its capitals and punctuation."""
    games = found = titled = others = called = 0
    for one in judged:
        verdict = verdict_on(one.facts)
        if one.is_game:
            games += 1
            found += verdict.is_game
            titled += verdict.game is not None and squeezed(verdict.game.title) == squeezed(one.title)
        else:
            others += 1
            called += verdict.is_game
    return Score(games, found, titled, others, called)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def write(fitted: Mapping[str, float]) -> None:
    """Put the fitted weights into the table, line by line."""
    text = TABLE.read_text(encoding="utf-8")
    for name, value in fitted.items():
        text = re.sub(rf'("{re.escape(name)}": Signal\()-?[\d.]+', rf"\g<1>{value}", text)
    TABLE.write_text(text, encoding="utf-8")


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits}/{of} = {hits / max(of, 1):.1%} (95 %: {low:.1%} to {high:.1%})"


def main() -> None:
    """Print the scores; with ``--write``, change the table."""
    known = recorded()
    fitted = fit(one for one in known if one.split == "fit")
    for name, value in fitted.items():
        if value != weights.SIGNALS[name].weight:
            print(f"{name}: {weights.SIGNALS[name].weight} -> {value}")
    for split in ("fit", "held_out"):
        part = [one for one in known if one.split == split]
        result = score(part)
        print(f"{split}: {len({one.family for one in part})} families, {len(part)} cases")
        print(f"  games found            {_share(result.found, result.games)}")
        print(f"  of those, right title  {_share(result.titled, result.found)}")
        print(f"  others called a game   {_share(result.called_games, result.others)}")
    if "--write" in sys.argv[1:]:
        write(fitted)


if __name__ == "__main__":
    main()

"""331 cases by somebody who did not know the rules, which are never changed for them: they tell how good we are."""

import json
import re
from pathlib import Path

import pytest

from gamedetectd.app.known import with_catalogue
from gamedetectd.detection.judge import verdict_on
from gamedetectd.facts.format import parse

PLACE = Path(__file__).parent / "blind"
CASES = [json.loads(line) for file in sorted(PLACE.glob("*.jsonl")) for line in file.read_text().splitlines()]
FLOORS = {"games found": 0.90, "right title": 0.95, "others called a game": 0.01}
"""What they were at first sight, rounded towards worse: 150 of 164, 148 of 150, 1 of 167."""


def same(title, other):
    return re.sub(r"[\W_]", "", title.casefold()) == re.sub(r"[\W_]", "", other.casefold())


@pytest.fixture(scope="module")
def judged():
    completed = with_catalogue()
    return [(case["expected"], verdict_on(completed(parse(case)))) for case in CASES]


def test_the_cases_are_half_games_and_half_not(judged):
    games = sum(expected["is_game"] for expected, _ in judged)
    assert len(judged) == 331
    assert 0.45 < games / len(judged) < 0.55


def test_games_are_found_and_called_what_people_call_them(judged):
    games = [(expected, verdict) for expected, verdict in judged if expected["is_game"]]
    found = [(expected, verdict) for expected, verdict in games if verdict.game is not None]
    right = [1 for expected, verdict in found if same(expected["title"], verdict.game.title)]
    print(f"games found {len(found)} of {len(games)}, right title {len(right)} of {len(found)}")
    assert len(found) / len(games) >= FLOORS["games found"]
    assert len(right) / len(found) >= FLOORS["right title"]


def test_what_is_no_game_is_not_called_one(judged):
    others = [verdict for expected, verdict in judged if not expected["is_game"]]
    called = [verdict for verdict in others if verdict.game is not None]
    print(f"others called a game {len(called)} of {len(others)}")
    assert len(called) / len(others) <= FLOORS["others called a game"]

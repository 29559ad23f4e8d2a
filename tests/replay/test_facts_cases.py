"""Facts of programs of three systems, each with what a person would say of it; and what asking step by step costs."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gamedetectd.detection.judge import judge, verdict_on
from gamedetectd.detection.titles import squeezed
from gamedetectd.detection.weights import SIGNALS
from gamedetectd.domain import ALL_KINDS, FactKind, Facts, Needs, Verdict

FIT = Path(__file__).resolve().parents[2] / "packaging" / "weights" / "fit.py"
BEYOND_US = {
    # what neither its files nor its window tell: no engine's data, no store, a title that is only half of the name
    "touhou-6",
}


def load_fit():
    spec = importlib.util.spec_from_file_location("weights_fit", FIT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fit = load_fit()
CASES = fit.recorded()


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in BEYOND_US], ids=lambda case: case.name)
def test_each_program_is_what_a_person_would_say(case):
    verdict = verdict_on(case.facts)
    assert verdict.is_game is case.is_game, verdict.evidence
    if case.is_game:
        assert squeezed(verdict.game.title) == squeezed(case.title), verdict.game
        assert verdict.game.title_source


def test_what_is_beyond_us_is_still_beyond_us():
    """A case that is right by now must be taken from the list, so that the list never hides anything."""
    for case in CASES:
        if case.name in BEYOND_US:
            game = verdict_on(case.facts).game
            right = game is not None and squeezed(game.title) == squeezed(case.title) if case.is_game else game is None
            assert not right, case.name


def test_splits_share_no_family():
    families = {split: {case.family for case in CASES if case.split == split} for split in ("fit", "held_out")}
    assert not families["fit"] & families["held_out"]
    assert len(CASES) >= 400
    assert 0.4 <= sum(not case.is_game for case in CASES) / len(CASES) <= 0.7


def test_the_committed_weights_are_the_fitted_ones():
    fitted = fit.fit(case for case in CASES if case.split == "fit")
    assert fitted == {name: row.weight for name, row in SIGNALS.items()}


def test_held_out_families_hold_their_floor():
    result = fit.score([case for case in CASES if case.split == "held_out"])
    assert result.called_games <= 0.01 * result.others
    assert result.found >= 0.95 * result.games
    assert result.titled >= 0.95 * result.found


def test_every_fitted_weight_lies_within_its_bounds():
    for name, row in SIGNALS.items():
        assert row.low <= row.weight <= row.high, name
        assert row.low * row.high >= 0, name


# --- asked step by step -----------------------------------------------------------------------------------------------

FIELDS = {
    FactKind.DESKTOP_ENTRY: {"desktop_entry": None},
    FactKind.LIBRARY: {"library": ()},
    FactKind.CATALOGUE: {"catalogue": ()},
    FactKind.CONTENT: {"content": None},
    FactKind.FILES: {"files": {}},
    FactKind.METADATA: {"metadata": {}},
    FactKind.VERSION_INFO: {"version_info": {}},
    FactKind.BUNDLE: {"bundle": None},
    FactKind.MAPPED: {"mapped": frozenset()},
    FactKind.GPU: {"gpu": 0.0},
    FactKind.SCREEN: {"screen": None},
    FactKind.TEXTS: {"texts": ()},
}


def asked_step_by_step(whole: Facts) -> tuple[Verdict, list[FactKind]]:
    """The verdict when only what is asked for is told, as the daemon does it, and all that was asked."""
    known = replace(
        whole, gathered=frozenset(), **{key: value for field in FIELDS.values() for key, value in field.items()}
    )
    asked: list[FactKind] = []
    for _ in range(len(FactKind) + 1):
        answer = judge(known)
        if isinstance(answer, Verdict):
            return answer, asked
        assert isinstance(answer, Needs)
        assert answer.kinds
        assert list(answer.kinds) == [kind for kind in FactKind if kind in answer.kinds], "cheapest first"
        assert not known.gathered & set(answer.kinds), "nothing is asked for twice"
        asked += answer.kinds
        told = {key: getattr(whole, key) for kind in answer.kinds for key in FIELDS[kind]}
        known = replace(known, gathered=known.gathered | set(answer.kinds), **told)
    raise AssertionError("never an answer")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_asking_step_by_step_gives_the_same_answer(case):
    verdict, asked = asked_step_by_step(case.facts)
    whole = verdict_on(case.facts)
    assert verdict.is_game is whole.is_game
    if whole.game is not None:
        assert verdict.game.title == whole.game.title
        assert verdict.game.id == whole.game.id
    assert not {FactKind.SCREEN, FactKind.TEXTS} & set(asked)
    if case.facts.window is None:
        assert not {FactKind.MAPPED, FactKind.GPU} & set(asked)


@pytest.mark.parametrize(
    "name", ["gcc", "task-manager", "steam", "vlc-fullscreen", "xscreensaver-hack", "chrome-renderer"]
)
def test_dull_programs_cost_nothing(name):
    """Of most programs on a computer the name is enough: no file is opened for them."""
    case = next(case for case in CASES if case.name == name)
    assert asked_step_by_step(case.facts)[1] == []


def test_all_gathered_is_always_a_verdict():
    for case in CASES:
        assert isinstance(judge(replace(case.facts, gathered=ALL_KINDS)), Verdict)

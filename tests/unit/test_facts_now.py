"""Facts gathered at once for a command that looks and ends."""

import pytest

from gamedetectd.domain import DesktopEntry, FactKind, Facts
from gamedetectd.facts.later import Later
from gamedetectd.facts.now import MOMENTS, gather_now

ENTRY, FILES, GPU = FactKind.DESKTOP_ENTRY, FactKind.FILES, FactKind.GPU
NOTHING = Facts(gathered=frozenset())


class Scripted:
    time_limit = 1.0

    def __init__(self, kind, *answers):
        self.kind, self.answers = kind, list(answers)

    def gather(self, facts):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Facts(
            **{self.kind.value: answer}, **({} if self.kind is ENTRY else {"desktop_entry": facts.desktop_entry})
        )


def test_every_kind_asked_for_is_there_or_marked():
    slept = []
    sources = [Scripted(GPU, Later(0.7), 0.5), Scripted(ENTRY, DesktopEntry("Doom")), Scripted(FILES, OSError("gone"))]
    seen = gather_now(sources, NOTHING, [GPU, ENTRY, FILES, FactKind.BUNDLE], sleep=slept.append)
    assert (seen.gpu, seen.desktop_entry, seen.files) == (0.5, DesktopEntry("Doom"), {})
    assert {GPU, ENTRY, FILES, FactKind.BUNDLE} <= seen.gathered
    assert slept == [0.7]


def test_kinds_nobody_asked_for_are_left_alone():
    assert gather_now([Scripted(GPU)], NOTHING, []) == NOTHING


def test_a_source_that_never_has_a_moment_is_given_up():
    slept = []
    seen = gather_now([Scripted(GPU, *[Later(1.0)] * 99)], NOTHING, [GPU], sleep=slept.append)
    assert seen == Facts(gathered=frozenset({GPU}))
    assert len(slept) == MOMENTS


def test_a_bug_is_not_hidden():
    with pytest.raises(AttributeError):
        gather_now([Scripted(GPU, AttributeError())], NOTHING, [GPU])

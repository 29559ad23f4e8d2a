"""What reading the settings again changes at once, what waits for a restart, and what changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.config import Settings, load, options
from gamedetectd.config.reload import Reloader
from gamedetectd.domain import Rule, RuleKind
from gamedetectd.paths import Paths


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    return paths


@pytest.fixture
def reloader(paths):
    return Reloader(paths, load(paths, {}), environment={})


def test_nothing_changed(reloader):
    outcome = reloader.reload()
    assert (outcome.settings, outcome.rules) == (Settings(), ())
    assert (outcome.applied, outcome.needs_restart, outcome.problems) == ((), (), ())


def test_what_can_be_applied_is_and_the_rest_waits(paths, reloader):
    paths.settings_file.write_text(
        "[logging]\nlevel = 'debug'\nterminal = 'json'\n[watch]\nprocess_source = 'polling'\npoll_interval = 6\n"
    )
    outcome = reloader.reload()
    assert outcome.applied == ("watch.poll_interval", "logging.level")
    assert outcome.needs_restart == ("watch.process_source", "logging.terminal")
    assert outcome.settings.logging.level == "debug"
    assert outcome.settings.logging.terminal == "human"
    assert outcome.settings.watch.process_source == "auto"
    assert outcome.settings is reloader.settings
    assert set(outcome.settings.origins) == {"watch.poll_interval", "logging.level"}


def test_what_waits_is_named_every_time_until_it_is_taken_back(paths, reloader):
    paths.settings_file.write_text("[logging]\nterminal = 'json'\n")
    for _ in range(2):
        assert reloader.reload().needs_restart == ("logging.terminal",)
    paths.settings_file.write_text("")
    assert reloader.reload().needs_restart == ()


def test_what_waits_keeps_the_origin_of_the_value_in_force(paths):
    paths.settings_file.write_text("\n[logging]\nterminal = 'json'\n")
    reloader = Reloader(paths, load(paths, {}), environment={})
    paths.settings_file.write_text("[logging]\nterminal = 'none'\n")
    assert reloader.reload().settings.origins["logging.terminal"].line == 3


def test_an_invalid_edit_keeps_the_old_settings_and_says_so(paths, reloader):
    paths.settings_file.write_text("[logging]\nlevel = 'error'\n")
    before = reloader.reload().settings
    paths.settings_file.write_text("[logging]\nlevel = 'loud'\n[watch]\npoll_interval = 6\n")
    outcome = reloader.reload()
    assert outcome.settings is None
    assert [problem.key for problem in outcome.problems] == ["logging.level"]
    assert reloader.settings is before


def test_environment_and_flags_stay_above_the_file(paths):
    environment, flags = {"GAMEDETECTD_LOGGING_LEVEL": "error"}, {"watch.poll_interval": 9}
    reloader = Reloader(paths, load(paths, environment, flags), (), environment, flags)
    paths.settings_file.write_text("[logging]\nlevel = 'debug'\n[watch]\npoll_interval = 6\n")
    assert reloader.reload().applied == ()


def test_rules_are_read_again_and_a_broken_one_costs_only_itself(paths, reloader):
    paths.rules_file.write_text("[[rule]]\nkind = 'ignore'\nexecutable = 'a'\n[[rule]]\nkind = 'x'\nexecutable = 'b'\n")
    outcome = reloader.reload()
    assert outcome.rules == reloader.rules == (Rule(RuleKind.IGNORE, "a"),)
    assert len(outcome.problems) == 1


def test_a_rules_file_that_cannot_be_read_keeps_the_old_rules(paths):
    old = (Rule(RuleKind.IGNORE, "a"),)
    reloader = Reloader(paths, Settings(), old, environment={})
    paths.rules_file.write_text("[[rule")
    outcome = reloader.reload()
    assert outcome.rules is None
    assert reloader.rules == old
    assert len(outcome.problems) == 1
    assert outcome.settings == Settings()


@given(st.sets(st.sampled_from(sorted(options())), min_size=1))
def test_every_changed_option_is_either_applied_or_waits(tmp_path_factory, names):
    paths = Paths.below(tmp_path_factory.mktemp("home"))
    flags = {}
    reloader = Reloader(paths, Settings(), (), {}, flags)
    flags.update((name, options()[name].example) for name in names)
    outcome = reloader.reload()
    assert {*outcome.applied} == {name for name in names if options()[name].live}
    assert {*outcome.needs_restart} == {name for name in names if not options()[name].live}
    for name, option in options().items():
        new = name in names and option.live
        assert (outcome.settings.value(name) != option.default) is new

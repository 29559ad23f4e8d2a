"""Settings out of file, environment and flags: what is in force, and everything that is wrong, at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.config import InvalidSettingsError, Origin, Settings, check, check_file, load, show
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    return paths


def one(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_no_file_means_all_defaults(paths):
    settings = load(paths, {})
    assert settings == Settings()
    assert (settings.watch.poll_interval, settings.sessions.grace_seconds) == (1.0, 8.0)
    assert {each.origin for each in show(settings)} == {"default"}


def test_flags_are_above_the_environment_and_that_above_the_file(paths):
    paths.settings_file.write_text(
        "[sessions]\ngrace_seconds = 1\nsync_seconds = 11\n\n[watch]\npoll_interval = 2\n[logging]\nlevel = 'error'\n"
    )
    environment = {"GAMEDETECTD_WATCH_POLL_INTERVAL": "3", "GAMEDETECTD_SESSIONS_GRACE_SECONDS": " 4 ", "OTHER": "x"}
    settings = load(paths, environment, {"sessions.grace_seconds": 5, "logging.level": None})
    assert settings.sessions.grace_seconds == 5
    assert settings.watch.poll_interval == 3
    assert settings.sessions.sync_seconds == 11
    assert settings.logging.level == "error"
    origins = {each.option.name: each.origin for each in show(settings)}
    assert origins["sessions.grace_seconds"] == "the command line"
    assert origins["watch.poll_interval"] == "the environment (GAMEDETECTD_WATCH_POLL_INTERVAL)"
    assert origins["sessions.sync_seconds"] == f"{paths.settings_file}:3"
    assert origins["logging.level"] == f"{paths.settings_file}:8"
    assert origins["watch.gamepads"] == "default"
    assert settings.origins["logging.level"] == Origin(str(paths.settings_file), 8)


@pytest.mark.parametrize(
    ("variable", "text", "option", "value"),
    [
        ("WATCH_GAMEPADS", "false", "watch.gamepads", False),
        ("WATCH_GAMEPADS", "1", "watch.gamepads", True),
        ("LOGGING_MAX_FILE_BYTES", "20000", "logging.max_file_bytes", 20000),
        ("LOGGING_LEVEL", "debug", "logging.level", "debug"),
        ("PRIVACY_PRIVATE_TITLES", "*bank*, keepassxc,", "privacy.private_titles", ("*bank*", "keepassxc")),
        ("PRIVACY_PRIVATE_TITLES", ' ["a, b", "c"]', "privacy.private_titles", ("a, b", "c")),
        ("PRIVACY_PRIVATE_TITLES", "", "privacy.private_titles", ()),
    ],
)
def test_texts_of_the_environment_and_of_flags_become_values(variable, text, option, value, paths):
    assert load(paths, {f"GAMEDETECTD_{variable}": text}).value(option) == value
    assert load(paths, {}, {option: text}).value(option) == value


WRONG = [
    # text, line, key, part of the message, part of the remedy
    ("[watch]\npoll_interval = 'fast'", 2, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\npoll_interval = 0.1", 2, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\npoll_interval = nan", 2, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\npoll_interval = inf", 2, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\npoll_interval = true", 2, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\ngamepads = 'yes'", 2, "watch.gamepads", "true or false", "gamepads = false"),
    ("[logging]\n\nlevel = 'loud'", 3, "logging.level", '"debug", "info", "warning", "error"', 'level = "debug"'),
    ("[logging]\nmax_age_days = 1.5", 2, "logging.max_age_days", "a whole number from 1 to 3650", "= 30"),
    ("[logging]\nmax_age_days = 1979-05-27", 2, "logging.max_age_days", "a whole number", "= 30"),
    (f"[logging]\nmax_age_days = {10**30}", 2, "logging.max_age_days", "a whole number", "= 30"),
    ("[privacy]\nprivate_titles = 'a'", 2, "privacy.private_titles", "a list of texts", '["*bank*", "keepassxc"]'),
    ("[privacy]\nprivate_titles = ['']", 2, "privacy.private_titles", "none of them empty", "keepassxc"),
    ("watch.poll_interval = 11", 1, "watch.poll_interval", "a number from 0.2 to 10", "poll_interval = 2.0"),
    ("[watch]\npol_interval = 3", 2, "watch.pol_interval", "no option of [watch]", "Did you mean poll_interval?"),
    ("[watch]\ngpu = false", 2, "watch.gpu", "no option of [watch]", "It belongs below [detection]."),
    ("[watch]\nxyzzy = 3", 2, "watch.xyzzy", "no option of [watch]", "There are: process_source, poll_interval"),
    ("[Wach]", 1, "Wach", "no section", "Did you mean watch?"),
    ("[xyzzy]", 1, "xyzzy", "no section", "There are: watch, sessions"),
    ("pol_interval = 2", 1, "pol_interval", "outside its section", "Write poll_interval below [watch]."),
    ("xyzzy = 2", 1, "xyzzy", "outside every section", "There are the sections watch, sessions"),
    ("watch = 2", 1, "watch", "must be a section", "Write [watch] on a line of its own."),
    ("[[watch]]\ngamepads = true", 1, "watch", "must be a section", "Write [watch]"),
    ("[logging]\nmax_file_bytes = 60_000_000", 2, "logging.max_total_bytes", "is less than", "at least as long as one"),
    ("[logging]\nmax_total_bytes = 20_000", 2, "logging.max_total_bytes", "is less than", "at least as long as one"),
    ("[watch]\npoll_interval", 2, "", "is not TOML: Expected '='", "Mend line 2"),
    ("[watch]\n\npoll_interval = [1,\n", 4, "", "is not TOML", "Mend line 4"),
    ("[watch]\ngamepads = yes\n", 2, "", "is not TOML: Invalid value", "Mend line 2"),
    ("[watch]\ngamepads = true\ngamepads = true\n", 3, "", "is not TOML: Cannot overwrite a value", "Mend line 3"),
    (f"[watch]\npoll_interval = {'9' * 5000}", 0, "", "is not TOML", "a number that is too long"),
    ("a = " + "[" * 30_000, 0, "", "is nested too deeply", "as flat as the template"),
]


@pytest.mark.parametrize(("text", "line", "key", "message", "remedy"), WRONG)
def test_what_is_wrong_is_named_with_its_line_and_its_remedy(text, line, key, message, remedy):
    problem = one(check(text, {}, file="mine.toml"))
    assert (problem.file, problem.line, problem.key) == ("mine.toml", line, key)
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.where == (f"mine.toml:{line}" if line else "mine.toml")


@pytest.mark.parametrize(
    ("environment", "flags", "place", "message", "remedy"),
    [
        ({"GAMEDETECTD_WATCH_GAMEPADS": "maybe"}, {}, "GAMEDETECTD_WATCH_GAMEPADS", "true or false", "gamepads = "),
        ({"GAMEDETECTD_WATCH_POLL": "1"}, {}, "GAMEDETECTD_WATCH_POLL", "no variable of ours", "WATCH_POLL_INTERVAL?"),
        ({"GAMEDETECTD_HOM": "1"}, {}, "GAMEDETECTD_HOM", "no variable of ours", "Did you mean GAMEDETECTD_HOME?"),
        ({"GAMEDETECTD_PRIVACY_PRIVATE_TITLES": "[1]"}, {}, "PRIVATE_TITLES", "a list of texts", "keepassxc"),
        ({"GAMEDETECTD_PRIVACY_PRIVATE_TITLES": "[x"}, {}, "PRIVATE_TITLES", "a list of texts", "keepassxc"),
        ({"GAMEDETECTD_PRIVACY_PRIVATE_TITLES": '["\udcff"]'}, {}, "PRIVATE_TITLES", "a list of texts", "keepassxc"),
        ({}, {"watch.gamepads": 1}, "the command line", "true or false", "gamepads = false"),
        ({}, {"logging.leve": "info"}, "the command line", "no option", "Did you mean logging.level?"),
    ],
)
def test_environment_and_flags_are_judged_alike(environment, flags, place, message, remedy):
    problem = one(check("", {"GAMEDETECTD_HOME": "/tmp", **environment}, flags))
    assert place in problem.file
    assert message in problem.message
    assert remedy in problem.remedy


def test_the_value_of_a_foreign_variable_is_not_shown_for_it_could_be_a_secret():
    problem = one(check("", {"GAMEDETECTD_TOKEN": "hunter2"}))
    assert "hunter2" not in str(problem)


def test_everything_wrong_is_named_at_once(paths):
    paths.settings_file.write_text("[watch]\npoll_interval = 'x'\ngamepads = 3\n[logging]\nlevle = 'info'\n[nowhere]\n")
    environment = {"GAMEDETECTD_SESSIONS_GRACE_SECONDS": "-1", "GAMEDETECTD_NOTHING": ""}
    with pytest.raises(SettingsError) as caught:
        load(paths, environment, {"detection.gpu": "perhaps"})
    error = caught.value
    assert isinstance(error, InvalidSettingsError)
    assert len(error.problems) == 7
    assert error.cause.startswith("7 things are wrong:")
    for part in ("poll_interval", "gamepads", "levle", "nowhere", "GRACE_SECONDS", "NOTHING", "detection.gpu"):
        assert part in error.cause
    assert f"{paths.settings_file}:5" in error.cause
    assert "config check" in error.remedy


def test_a_file_that_cannot_be_read_does_not_hide_the_other_problems(paths):
    paths.settings_file.mkdir()
    problems = check_file(paths, {"GAMEDETECTD_WATCH_GAMEPADS": "x"})
    assert [problem.message for problem in problems] == ["is a directory", "must be true or false"]
    with pytest.raises(InvalidSettingsError, match="One thing is wrong"):
        load(paths, {})


def test_a_problem_reads_as_one_line():
    (problem,) = check("[watch]\npoll_interval = 'fast'", {})
    assert str(problem) == (
        'settings.toml:2: watch.poll_interval = "fast" must be a number from 0.2 to 10. '
        "Write for example poll_interval = 2.0."
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (r'"\u001b[31mred\u0007"', r'"\u001b[31mred\u0007"'),
        ('"a\u202eb"', r'"a\u202eb"'),
        (f'"{"x" * 5000}"', '"' + "x" * 58 + "…"),
        ("0x" + "f" * 5000, "a very long number"),
        ("1979-05-27T07:32:00Z", '"1979-05-27 07:32:00+00:00"'),
    ],
)
def test_a_value_is_shown_short_and_without_what_a_terminal_obeys(value, shown):
    assert one(check(f"[watch]\ngamepads = {value}", {})).value == shown


@given(st.text(max_size=200))
def test_no_text_whatever_is_more_than_a_problem(text):
    for problem in check(text, {}):
        assert str(problem).isprintable()


@given(
    st.dictionaries(
        st.sampled_from(["poll_interval", "gamepads", "level", "private_titles", "x"]),
        st.one_of(
            st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.none(), st.binary()
        ),
    ),
    st.sampled_from(["watch", "logging", "privacy", "nowhere"]),
)
def test_no_flag_whatever_is_more_than_a_problem(flags, section):
    for problem in check("", {}, {f"{section}.{key}": value for key, value in flags.items()}):
        assert problem.file == "the command line"
        assert str(problem).isprintable()

"""The schema, the template and the table of options say the same, for they come out of one source."""

from __future__ import annotations

import json
import re
import tomllib

import jsonschema
import pytest

from gamedetectd.config import Settings, check, load, options, schema, template
from gamedetectd.config.problems import shown
from gamedetectd.paths import Paths

EVERY_OPTION = pytest.mark.parametrize("option", options().values(), ids=options().keys())


def uncommented() -> str:
    """The template with every option in force (a line ``#key = value``; explanations begin with ``# ``)."""
    return re.sub(r"^#(?=[a-z_]+ = )", "", template(), flags=re.MULTILINE)


def test_the_template_changes_nothing(tmp_path):
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    paths.settings_file.write_text(template())
    settings = load(paths, {})
    assert settings == Settings()
    assert not settings.origins


def test_the_template_names_every_option_with_its_default():
    written = tomllib.loads(uncommented())
    assert {f"{section}.{key}" for section, table in written.items() for key in table} == set(options())
    assert check(uncommented(), {}) == []
    for option in options().values():
        default = option.default if option.default != () else []
        assert written[option.section][option.key] == default


def test_the_template_fits_a_terminal():
    assert max(map(len, template().splitlines())) <= 120


@EVERY_OPTION
def test_every_option_explains_itself(option):
    assert option.description.endswith(".")
    assert option.expects
    assert option.variable == f"GAMEDETECTD_{option.section}_{option.key}".upper()


@EVERY_OPTION
def test_every_example_is_valid_and_no_default(option):
    assert option.example != option.default
    assert check(f"[{option.section}]\n{option.key} = {shown(option.example)}", {}) == []


def complaints(option, value) -> list[str]:
    """What is said of this option, whatever is said of others."""
    return [problem.message for problem in check("", {}, {option.name: value}) if "must be" in problem.message]


@pytest.mark.parametrize(
    "option", [each for each in options().values() if "minimum" in each.limits], ids=lambda each: each.name
)
def test_every_numbers_range_is_what_it_says(option):
    low, high = option.limits["minimum"], option.limits["maximum"]
    assert low <= option.default <= high
    assert f"from {low} to {high}" in option.expects
    assert complaints(option, low) == complaints(option, high) == []
    assert complaints(option, low - 1) == complaints(option, high + 1) == [f"must be {option.expects}"]


def test_the_schema_is_one_and_accepts_exactly_what_we_accept():
    ours = schema()
    jsonschema.Draft202012Validator.check_schema(ours)
    validator = jsonschema.Draft202012Validator(ours)
    texts = {
        uncommented(): True,
        "": True,
        "[watch]": True,
        "[watch]\npoll_interval = 11": False,
        "[watch]\npoll = 1": False,
        "[nowhere]": False,
        "watch = 1": False,
        "[logging]\nlevel = 'loud'": False,
        "[privacy]\nprivate_titles = ['']": False,
        "[privacy]\nprivate_titles = ['*']": True,
    }
    for text, valid in texts.items():
        assert validator.is_valid(tomllib.loads(text)) is valid, text
        assert (check(text, {}) == []) is valid, text


@EVERY_OPTION
def test_the_schema_carries_description_default_example_and_when_it_applies(option):
    part = json.loads(json.dumps(schema()))["properties"][option.section]["properties"][option.key]
    assert part["description"] == option.description
    assert part["default"] == (list(option.default) if isinstance(option.default, tuple) else option.default)
    assert part["examples"] == [option.example]
    assert part["x-applies"] == ("at once" if option.live else "after a restart")

"""The person's rules: what can be used is used, and what cannot is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from gamedetectd.config import load_rules
from gamedetectd.domain import Rule, RuleKind


@pytest.fixture
def rules_file(tmp_path):
    return tmp_path / "rules.toml"


def test_no_file_means_no_rules(rules_file):
    assert load_rules(rules_file) == ((), ())


def test_rules_are_read_in_order_whatever_system_they_are_for(rules_file):
    rules_file.write_text(
        """
        [[rule]]
        kind = "game"
        executable = "/opt/abc/abc.bin"
        argument = "--play"
        title = "A Big Cave"

        [[rule]]
        kind = "ignore"
        executable = "LMS.exe"

        [[rule]]
        kind = "game"
        executable = 'C:\\Games\\x.exe'
        """
    )
    assert load_rules(rules_file) == (
        (
            Rule(RuleKind.GAME, "/opt/abc/abc.bin", "--play", "A Big Cave"),
            Rule(RuleKind.IGNORE, "LMS.exe"),
            Rule(RuleKind.GAME, "C:\\Games\\x.exe"),
        ),
        (),
    )


WRONG = [
    # text, line, key, part of the message, part of the remedy
    ("[[rule]]\nkind = 'gam'\nexecutable = 'x'", 2, "rule[0].kind", '"game" or "ignore"', 'kind = "game"'),
    ("[[rule]]\n\nexecutable = 'x'", 1, "rule[0]", "has no kind", 'kind = "game"'),
    ("[[rule]]\nkind = 'game'", 1, "rule[0]", "has no executable", "executable ="),
    ("[[rule]]\nkind = 'game'\nexecutable = ''", 3, "rule[0].executable", "not empty", "executable ="),
    ("[[rule]]\nkind = 'game'\nexecutable = 4", 3, "rule[0].executable", "must be a text", "executable ="),
    ("[[rule]]\nkind = 'game'\nexecutable = 'a/b'", 3, "rule[0].executable", "neither a full path", "from the root"),
    ("[[rule]]\nkind = 'game'\nexecutable = 'a\\b'", 3, "rule[0].executable", "neither a full path", "from the root"),
    ("[[rule]]\nkind = 'game'\nexecutable = '~/a'", 3, "rule[0].executable", "neither", f"Write {Path.home() / 'a'}."),
    ("[[rule]]\nkind = 'game'\nexecutable = 'a'\ntitle = 3", 4, "rule[0].title", "must be a text", "title ="),
    ("[[rule]]\nkind = 'game'\nexecutable = 'a'\nargument = []", 4, "rule[0].argument", "must be a text", "argument ="),
    ("[[rule]]\nkind = 'game'\nexecutable = 'a'\ntitel = 'a'", 4, "rule[0].titel", "no key of a rule", "title?"),
    ("[rule]\nkind = 'game'\nexecutable = 'a'", 1, "rule", "must be a list of tables", "[[rule]], with two"),
    ("rule = [\n1]", 2, "rule[0]", "must be a table", "[[rule]]"),
    ("kind = 'game'", 1, "kind", "stands outside a rule", "below a line [[rule]]"),
    ("[[rules]]\nkind = 'game'", 1, "rules", "stands outside a rule", "below a line [[rule]]"),
]


@pytest.mark.parametrize(("text", "line", "key", "message", "remedy"), WRONG)
def test_a_broken_rule_is_named_and_the_others_stay(text, line, key, message, remedy, rules_file):
    good = "\n[[rule]]\nkind = 'ignore'\nexecutable = 'good'\n"
    rules_file.write_text(text + (good if text.startswith("[[rule]]") else ""))
    rules, (problem,) = load_rules(rules_file)
    assert [rule.executable for rule in rules] == (["good"] if text.startswith("[[rule]]") else [])
    assert (problem.file, problem.line, problem.key) == (str(rules_file), line, key)
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_rule_with_two_faults_names_both(rules_file):
    rules_file.write_text("[[rule]]\nkind = 1\nexecutable = 2\n")
    assert [problem.line for problem in load_rules(rules_file)[1]] == [2, 3]


def test_bad_syntax_is_named(rules_file):
    rules_file.write_text("[[rule]]\nkind = game\n")
    rules, (problem,) = load_rules(rules_file)
    assert rules == ()
    assert (problem.line, problem.value) == (2, "kind = game")

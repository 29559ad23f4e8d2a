"""The person's rules changed for them: what they wrote themselves stays as they wrote it."""

from __future__ import annotations

import errno
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.config import load_rules
from gamedetectd.config.rules_edit import drop_rules, put_rule
from gamedetectd.domain import Rule, RuleKind
from gamedetectd.errors import RulesError

GAME = Rule(RuleKind.GAME, "/opt/cave/cave", title="A Big Cave")
IGNORE = Rule(RuleKind.IGNORE, "C:\\Intel\\LMS.exe")
MINE = '''\
# my rules
# -------

[[rule]]   # the cave
kind    = "game"   # it is one
  executable = "/opt/cave/cave"

# the service that is no game
[[rule]]
"kind" = 'ignore'
executable = 'C:\\Intel\\LMS.exe'
title = """
not [[rule]] a title
# nor a comment"""
# the end
'''


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config" / "rules.toml"


@pytest.fixture
def mine(file):
    file.parent.mkdir(mode=0o700)
    file.write_text(MINE)
    file.chmod(0o600)
    return file


def rules(file):
    found, problems = load_rules(file)
    assert problems == ()
    return found


def test_a_first_rule_makes_the_file_for_the_person_alone(file):
    assert put_rule(file, GAME) is None
    assert file.read_text() == '[[rule]]\nkind = "game"\nexecutable = "/opt/cave/cave"\ntitle = "A Big Cave"\n'
    assert rules(file) == (GAME,)
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700


def test_another_rule_comes_at_the_end_and_nothing_else_changes(mine):
    new = Rule(RuleKind.GAME, "/usr/bin/retroarch", "moon.rom", "Moon")
    assert put_rule(mine, new) is None
    assert mine.read_text() == MINE + (
        '\n[[rule]]\nkind = "game"\nexecutable = "/usr/bin/retroarch"\nargument = "moon.rom"\ntitle = "Moon"\n'
    )
    assert rules(mine)[-1] == new


def test_a_rule_for_the_same_program_is_altered_where_it_stands(mine):
    assert put_rule(mine, GAME) == Rule(RuleKind.GAME, "/opt/cave/cave")
    assert mine.read_text() == MINE.replace(
        '  executable = "/opt/cave/cave"\n', '  executable = "/opt/cave/cave"\n  title = "A Big Cave"\n'
    )
    put_rule(mine, Rule(RuleKind.IGNORE, "/opt/cave/cave"))
    assert mine.read_text() == MINE.replace('"game"   # it is one', '"ignore"   # it is one')


def test_a_value_of_several_lines_is_replaced_whole(mine):
    put_rule(mine, Rule(RuleKind.GAME, IGNORE.executable, title="LMS"))
    assert rules(mine)[1] == Rule(RuleKind.GAME, IGNORE.executable, title="LMS")
    assert mine.read_text().endswith('title = "LMS"\n# the end\n')
    assert '"kind" = "game"\n' in mine.read_text()
    put_rule(mine, IGNORE)
    assert mine.read_text().endswith("executable = 'C:\\Intel\\LMS.exe'\n# the end\n")


def test_the_last_of_equal_rules_is_the_one_that_counts_and_changes(file):
    file.parent.mkdir(mode=0o700)
    block = '[[rule]]\nkind = "game"\nexecutable = "x"\n'
    file.write_text(block + block)
    put_rule(file, Rule(RuleKind.IGNORE, "x"))
    assert [rule.kind for rule in rules(file)] == [RuleKind.GAME, RuleKind.IGNORE]


def test_rules_are_taken_out_and_the_persons_comments_stay(mine):
    assert drop_rules(mine, lambda rule: rule.kind is RuleKind.IGNORE) == (
        Rule(RuleKind.IGNORE, IGNORE.executable, title="not [[rule]] a title\n# nor a comment"),
    )
    assert mine.read_text() == MINE[: MINE.index('[[rule]]\n"kind"')] + "# the end\n"
    assert drop_rules(mine, lambda _rule: True) == (Rule(RuleKind.GAME, "/opt/cave/cave"),)
    assert mine.read_text() == "# my rules\n# -------\n\n# the service that is no game\n# the end\n"
    assert drop_rules(mine, lambda _rule: True) == ()


def test_windows_line_ends_stay(file):
    file.parent.mkdir(mode=0o700)
    file.write_bytes(b'[[rule]]\r\nkind = "game"\r\nexecutable = "x"')
    put_rule(file, Rule(RuleKind.GAME, "x", title="X"))
    put_rule(file, IGNORE)
    assert file.read_bytes() == (
        b'[[rule]]\r\nkind = "game"\r\nexecutable = "x"\r\ntitle = "X"\r\n'
        b"\r\n[[rule]]\r\nkind = \"ignore\"\r\nexecutable = 'C:\\Intel\\LMS.exe'\r\n"
    )
    drop_rules(file, lambda rule: rule.executable == "x")
    assert rules(file) == (IGNORE,)


BROKEN = {
    "bad syntax": "[[rule]]\nkind = game\n",
    "a bad rule": '[[rule]]\nkind = "game"\n',
    "a stray key": 'kind = "game"\n',
    "rules in a list": 'rule = [{kind = "game", executable = "x"}]\n',
    "an empty list": "rule = []\n",
    "not text": b"\xff\xfe[",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_has_errors_is_not_touched(name, file):
    content = BROKEN[name] if isinstance(BROKEN[name], bytes) else BROKEN[name].encode()
    file.parent.mkdir(mode=0o700)
    file.write_bytes(content)
    changes = [lambda: put_rule(file, Rule(RuleKind.IGNORE, "x"))]
    if name == "rules in a list":
        changes.append(lambda: drop_rules(file, lambda _rule: True))
    for change in changes:
        with pytest.raises(RulesError) as error:
            change()
        assert error.value.remedy
        assert file.read_bytes() == content
        assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_file_that_cannot_be_written_is_an_error(file):
    file.parent.parent.mkdir(exist_ok=True)
    file.parent.write_text("a file in the place of its directory")
    with pytest.raises(RulesError) as error:
        put_rule(file, GAME)
    assert error.value.remedy


def test_a_full_disk_is_an_error(mine, monkeypatch):
    def full(_path, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gamedetectd.config.rules_edit.write_private_atomic", full)
    with pytest.raises(RulesError, match="No space left"):
        put_rule(mine, GAME)
    assert mine.read_text() == MINE


def test_a_file_that_goes_bad_between_two_looks_is_left_alone(file, monkeypatch):
    from gamedetectd.config.problems import Problem

    problem = Problem(str(file), 0, "", "", "is gone", "Look.")
    monkeypatch.setattr("gamedetectd.config.rules_edit.read_text", lambda _path: problem)
    with pytest.raises(RulesError, match="is gone"):
        put_rule(file, GAME)


def test_a_name_that_is_no_text_is_refused(file):
    with pytest.raises(RulesError, match="no text can hold"):
        put_rule(file, Rule(RuleKind.GAME, "/opt/\udcff/game"))
    assert not file.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_links_file_is_written_and_not_the_link(file, tmp_path):
    file.parent.mkdir(mode=0o700)
    real = tmp_path / "dotfiles" / "rules.toml"
    real.parent.mkdir(mode=0o700)
    real.write_text("# mine\n")
    real.chmod(0o600)
    file.symlink_to(real)
    put_rule(file, GAME)
    assert file.is_symlink()
    assert real.read_text().startswith("# mine\n\n[[rule]]\n")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = TEXT.filter(lambda text: text and "/" not in text and "\\" not in text)
RULE = st.builds(Rule, st.sampled_from(RuleKind), NAME, TEXT, TEXT)


@given(st.lists(RULE, max_size=6), st.sampled_from(["", "# c\n", "\n\n", "#"]))
def test_whatever_is_put_in_and_taken_out_the_file_means_just_that(tmp_path_factory, told, before):
    file = tmp_path_factory.mktemp("any") / "rules.toml"
    file.write_bytes(before.encode())
    file.chmod(0o600)
    wanted = {}
    for rule in told:
        put_rule(file, rule)
        wanted[(rule.executable, rule.argument)] = rule
        assert list(rules(file)) == list(wanted.values())
    assert file.read_bytes().startswith(before.encode())
    tomllib.loads(file.read_bytes().decode())
    for rule in told:
        drop_rules(file, lambda one, rule=rule: (one.executable, one.argument) == (rule.executable, rule.argument))
    assert rules(file) == ()
    assert file.read_bytes().startswith(before.encode())

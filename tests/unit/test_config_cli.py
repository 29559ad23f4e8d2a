"""``gamedetectd config`` as a person and as a program meet it."""

from __future__ import annotations

import json
import os
import tomllib

import jsonschema
import pytest
from typer.testing import CliRunner

from gamedetectd.cli.config import app
from gamedetectd.config import options
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths


@pytest.fixture
def paths(tmp_path, monkeypatch):
    for variable in list(os.environ):
        if variable.startswith("GAMEDETECTD_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    return paths


def call(*arguments, **environment):
    result = CliRunner().invoke(app, arguments, env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_path_names_every_place(paths):
    output = call("path").output
    for file in (paths.settings_file, paths.rules_file, paths.history_file, paths.event_log_file):
        assert str(file) in output
    places = json.loads(call("path", "--json").output)
    assert places["settings"] == str(paths.settings_file)
    assert places["socket"] == str(paths.socket_file)


def test_show_says_where_every_value_comes_from(paths):
    paths.settings_file.write_text("[logging]\nlevel = 'debug'\n")
    output = call("show", GAMEDETECTD_WATCH_POLL_INTERVAL="3", COLUMNS="400").output
    (level,) = [line for line in output.splitlines() if "logging.level" in line]
    assert level.split() == ["logging.level", '"debug"', f"{paths.settings_file}:2"]
    assert "the environment (GAMEDETECTD_WATCH_POLL_INTERVAL)" in output
    assert "default" in output


def test_show_cuts_no_value_off(paths):
    address = "https://example.org/" + "long/" * 60 + "end.yaml"
    paths.settings_file.write_text(f"[catalogue]\nludusavi_url = '{address}'\n")
    assert address in call("show", COLUMNS="1000").output


def test_show_for_programs_has_every_option(paths):
    rows = {row["option"]: row for row in json.loads(call("show", "--json").output)}
    assert set(rows) == set(options())
    assert rows["watch.poll_interval"]["value"] == rows["watch.poll_interval"]["default"] == 1.0
    assert rows["watch.process_source"]["live"] is False


def test_show_of_broken_settings_says_what_is_broken(paths):
    paths.settings_file.write_text("[logging]\nlevel = 'loud'\n")
    with pytest.raises(SettingsError, match=r"logging\.level"):
        call("show")


def test_check_of_good_files_names_them_and_succeeds(paths):
    assert "no files yet" in call("check").output
    paths.settings_file.write_text("")
    result = call("check")
    assert result.exit_code == 0
    assert str(paths.settings_file) in result.output


@pytest.fixture
def broken(paths):
    paths.settings_file.write_text("[logging]\nlevel = 'loud'\nmax_age_days = '[bold]'\n")
    paths.rules_file.write_text("[[rule]]\nkind = 'gam'\nexecutable = 'x'\n")
    return paths


def test_check_names_everything_in_both_files_and_fails(broken):
    result = call("check")
    assert result.exit_code == 1
    first, second, third = result.output.splitlines()
    assert first.startswith(f'{broken.settings_file}:2: logging.level = "loud" must be one of')
    assert second.startswith(f'{broken.settings_file}:3: logging.max_age_days = "[bold]" must be')
    assert third.startswith(f'{broken.rules_file}:2: rule[0].kind = "gam" must be "game" or "ignore"')


def test_check_on_a_terminal_is_a_table(broken):
    result = call("check", FORCE_COLOR="1", TERM="xterm", COLUMNS="300")
    assert result.exit_code == 1
    for part in ("Where", "What to do", f"{broken.settings_file}:2", "logging.level", '"[bold]"', "Write for example"):
        assert part in result.output


def test_check_for_programs(broken):
    result = call("check", "--json")
    assert result.exit_code == 1
    problems = json.loads(result.output)
    assert [problem["line"] for problem in problems] == [2, 3, 2]
    assert set(problems[0]) == {"file", "line", "key", "value", "message", "remedy"}
    broken.settings_file.unlink()
    broken.rules_file.unlink()
    assert json.loads(call("check", "--json").output) == []


def test_schema_is_a_schema(paths):
    jsonschema.Draft202012Validator.check_schema(json.loads(call("schema").output))


def test_init_writes_a_file_that_checks_out_and_never_overwrites(paths):
    paths.config.rmdir()
    assert str(paths.settings_file) in call("init").output
    assert tomllib.loads(paths.settings_file.read_text())
    assert call("check").exit_code == 0
    paths.settings_file.write_text("[logging]\n")
    with pytest.raises(SettingsError, match="is there already"):
        call("init")
    assert paths.settings_file.read_text() == "[logging]\n"


def test_init_that_cannot_write_says_why(paths):
    paths.config.rmdir()
    paths.config.write_text("")
    with pytest.raises(SettingsError, match="not a directory is in the way"):
        call("init")

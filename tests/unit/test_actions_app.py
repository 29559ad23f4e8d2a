"""Hooks and webhooks in a daemon: switched on and off while it runs, from the moment on, and told of in health."""

import json
import subprocess
import sys
from types import SimpleNamespace

import msgspec
import pytest
from acting import World
from actions_world import Trail, authority, event, serving
from real_programs import eventually
from typer.testing import CliRunner

from gamedetectd.app import actions as acting
from gamedetectd.app import audit as auditing
from gamedetectd.app.actions import RunningActions
from gamedetectd.app.checks.actions import ActionsCheck
from gamedetectd.app.checks.settings import ACTIONS_INVALID
from gamedetectd.app.checks.settings import Settings as SettingsCheck
from gamedetectd.app.daemon import tell
from gamedetectd.cli.main import build
from gamedetectd.config import Settings
from gamedetectd.config.actions import NO_ACTIONS, Actions, Hook, Webhook
from gamedetectd.config.problems import Problem
from gamedetectd.config.reload import Reload
from gamedetectd.errors import HistoryError
from gamedetectd.paths import Paths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the hooks here are scripts of a Unix shell")


def hook(name, where, **settings):
    script = 'echo "$GAMEDETECTD_EVENT_NUMBER" >> "$0"'
    return Hook(name, ("/bin/sh", "-c", script, str(where / name)), **settings)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def test_one_that_is_switched_on_begins_with_the_next_event_and_keeps_its_place(world, tmp_path):
    world.happens(3)
    mine = Actions((hook("a", tmp_path),))
    world.actions.start(mine, whole=True)
    world.happens(2)
    world.settled()
    assert world.ran("a") == [4, 5]
    world.actions.stop()
    world.happens()
    again = RunningActions(world)
    world.actions = again
    again.start(mine, whole=True)
    world.settled()
    assert world.ran("a") == [4, 5, 6], "what happened meanwhile is delivered after the next start"


def test_a_change_touches_only_what_it_is_about(world, tmp_path):
    world.actions.apply(Actions((hook("a", tmp_path), hook("b", tmp_path))))
    kept = {worker.name: worker for worker in world.workers}
    world.happens()
    world.settled()
    world.actions.apply(Actions((hook("a", tmp_path), hook("b", tmp_path, timeout=5.0), hook("c", tmp_path))))
    now = {worker.name: worker for worker in world.workers}
    assert now["sink-hook.a"] is kept["sink-hook.a"]
    assert now["sink-hook.b"] is not kept["sink-hook.b"]
    world.happens()
    world.settled()
    assert (world.ran("a"), world.ran("b"), world.ran("c")) == ([1, 2], [1, 2], [2])


def test_a_change_repeats_nothing_though_no_cursor_was_committed_yet(world, tmp_path):
    world.actions.apply(Actions((hook("a", tmp_path),)))
    world.happens(2)
    eventually(lambda: world.ran("a") == [1, 2], 10, "the runs")
    eventually(lambda: world.positions.get("hook.a") == 2, 5)
    world.actions.apply(Actions((hook("a", tmp_path, retries=5),)))
    world.happens()
    eventually(lambda: len(world.ran("a")) >= 3, 10, "the next run")
    assert world.ran("a") == [1, 2, 3]


def test_one_that_goes_is_forgotten_and_holds_back_no_events(world, tmp_path):
    world.actions.apply(Actions((hook("a", tmp_path),)))
    assert world.history.sinks() == ("hook.a",)
    world.actions.apply(NO_ACTIONS)
    assert world.history.sinks() == ()
    world.happens(2)
    world.actions.apply(Actions((hook("a", tmp_path),)))
    world.happens()
    world.settled()
    assert world.ran("a") == [3]


def test_one_whose_runs_no_longer_wait_for_one_another_goes_on_from_its_place(world, tmp_path):
    mine = hook("a", tmp_path)
    world.actions.apply(Actions((mine,)))
    world.actions.stop()
    world.happens(2)
    world.actions.apply(Actions((msgspec.structs.replace(mine, parallel=True),)))
    assert world.history.sinks() == tuple(f"hook.a.{lane}" for lane in range(4))
    world.settled()
    assert world.ran("a") == [1, 2]
    world.actions.apply(Actions((mine,)))
    assert world.history.sinks() == ("hook.a",)


def test_a_mistake_in_the_file_at_the_start_loses_no_place(world, tmp_path):
    mine = Actions((hook("a", tmp_path),))
    world.actions.apply(mine)
    world.actions.stop()
    world.happens()
    world.actions = RunningActions(world)
    world.actions.start(NO_ACTIONS, whole=False)
    assert world.history.sinks() == ("hook.a",)
    world.actions.apply(mine)
    world.settled()
    assert world.ran("a") == [1]


def test_without_any_nothing_is_done(world, monkeypatch):
    monkeypatch.setattr(world.actions, "apply", lambda *_, **__: pytest.fail("there is nothing to do"))
    world.actions.start(NO_ACTIONS, whole=True)


def test_a_history_that_cannot_be_written_is_told(world, tmp_path, monkeypatch, caplog):
    def full(*_, **__):
        raise HistoryError("The disk is full.", "Free some space.")

    monkeypatch.setattr(world.history, "register", full)
    world.actions.apply(Actions((hook("a", tmp_path),)))
    assert "hooks, webhooks and brokers wait" in caplog.text


def test_one_that_fails_is_named_in_health_until_it_works(world, tmp_path):
    check = ActionsCheck(world)
    failing = Hook("a", ("/bin/sh", "-c", f"test -e {tmp_path}/mended"), retries=0)
    world.actions.apply(Actions((failing,), (Webhook("w", "https://games.invalid/"),)))
    world.happens()
    eventually(lambda: list(check.look()), 10, "the finding")
    [finding] = check.look()
    assert (finding.code, finding.key) == ("hook-failing", "a")
    assert "a: it ended with exit code 1" in finding.message
    assert world.changes
    (tmp_path / "mended").touch()
    world.happens()
    eventually(lambda: not list(check.look()), 10, "the recovery")
    webhook = next(runner for runner in world.sinks if runner.sink.name == "webhook.w")
    eventually(lambda: webhook.status().failing_since, 10, "the failure")
    assert "games.invalid: its name leads nowhere" in webhook.status().last_error


def test_a_mistake_in_the_file_is_told():
    problem = Problem("/c/actions.toml", 3, "hook[0].retries", "-1", "must be a whole number", "Write one.")
    news = Reload(Settings(), (), problems=(problem,), actions=None)
    daemon = SimpleNamespace(
        news=news,
        paths=SimpleNamespace(rules_file="/c/rules.toml", actions_file="/c/actions.toml"),
        settings=Settings(),
        monitor=SimpleNamespace(codes=frozenset()),
        newest_version=SimpleNamespace(newer=lambda: None),
    )
    [finding] = SettingsCheck(daemon).look()
    assert finding.code == ACTIONS_INVALID
    assert "Your hooks, webhooks and brokers have an error; the earlier ones stay in force." in tell(news)
    trail = Trail()
    auditing.reloaded(trail, news, Reload(Settings(), (), actions=Actions((Hook("a", ("a",)),)), by="an edit"))
    assert [action for action, _, _ in trail.records] == ["settings-changed"]


def test_nothing_of_it_is_loaded_while_there_is_none():
    """Neither urllib3 nor paho nor our own sinks: who has no hook pays for none."""
    ours = ("sinks.hook", "sinks.webhook", "sinks.mqtt", "security.https", "app.mqtt", "app.presence", "app.covers")
    heavy = {"urllib3", "paho", "paho.mqtt", *(f"gamedetectd.{one}" for one in (*ours, "cli.actions", "cli.covers"))}
    code = f"import gamedetectd.app.daemon, sys; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# --- commands ---


@pytest.fixture
def command(tmp_path, monkeypatch):
    """``command(text, *arguments)``: what a command says where actions.toml has this text."""
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(auditing, "note", lambda *_, **__: None)
    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)

    def run(text, *arguments):
        paths.actions_file.write_text(text)
        paths.actions_file.chmod(0o600)
        return CliRunner().invoke(build(), arguments)

    return run


FINE = """
[[hook]]
name = "fine"
command = ["/bin/sh", "-c", "printf '%s\\u001b[2J' \\"$GAMEDETECTD_GAME_TITLE\\"; exit 0"]
[[hook]]
name = "bad"
command = ["/bin/false"]
"""


def test_hooks_are_listed_and_tried(command):
    listed = command(FINE, "hooks", "list").output
    assert "fine" in listed
    assert "does not run" in listed
    tried = command(FINE, "hooks", "test", "fine", "--title", "A B", "--event", "ended")
    assert tried.exit_code == 0, tried.output
    assert "  A B\\x1b[2J" in tried.output
    assert "all went well" in tried.output
    failed = command(FINE, "hooks", "test", "bad")
    assert failed.exit_code == 1
    assert "exit code 1" in failed.output
    assert json.loads(command(FINE, "hooks", "list", "--json").output)[1]["name"] == "bad"
    assert command(FINE, "hooks", "test", "bad", "--event", "no").exit_code == 2
    missing = command(FINE, "hooks", "test", "fin")
    assert "Did you mean fine?" in missing.exception.remedy
    assert "actions.toml" in command("", "hooks", "test", "a").exception.remedy
    assert "There is no webhook" in command("[[hok]]", "webhooks", "list").output


def test_webhooks_are_listed_and_tried(command, tmp_path):
    ca_file, certificate = authority(tmp_path)
    with serving(certificate) as server:
        text = f'[[webhook]]\nname = "w"\nurl = "{server.url}"\nca_file = "{ca_file}"\nallow_private = true\n'
        assert "localhost" in command(text, "webhooks", "list").output
        assert json.loads(command(text, "webhooks", "list", "--json").output)[0]["template"] == "json"
        tried = command(text, "webhooks", "test", "w", "--event", "paused")
        assert "all went well" in tried.output, tried.exception
        [row] = server.rows()
        assert row["kind"] == "paused"
        server.script = [404]
        assert "nothing at that address" in command(text, "webhooks", "test", "w").exception.cause


def test_the_daemon_is_asked_how_each_is(command, monkeypatch):
    from gamedetectd.cli import actions
    from gamedetectd.control.client import Client

    def status(*_, **__):
        sinks = [
            {"name": "event_log", "delivered": 9, "backlog": 0, "failing_since": None, "error": None},
            {"name": "hook.fine.0", "delivered": 9, "backlog": 0, "failing_since": None, "error": None},
            {"name": "hook.bad", "delivered": 9, "backlog": 2, "failing_since": None, "error": "why"},
        ]
        condition = {"code": "hook-failing", "title": "", "severity": "warning", "remedy": "", "since": ""}
        conditions = [{**condition, "message": "fine: it broke."}]
        return SimpleNamespace(
            daemon=SimpleNamespace(sinks=[SimpleNamespace(**one) for one in sinks]),
            health=SimpleNamespace(conditions=[SimpleNamespace(**one) for one in conditions]),
        )

    monkeypatch.setattr(Client, "request", status)
    monkeypatch.setattr(msgspec, "convert", lambda value, _kind: value)
    assert actions._states("hook") == {"fine": "fails: it broke.", "bad": "2 events wait: why"}


def test_what_is_not_text_is_encoded(world):
    assert b"\\\\udce9" in acting.encode(event(1, title="\udce9"))

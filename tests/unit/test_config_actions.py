"""The file with hooks, webhooks and brokers: what it may say, and what is told of everything that is wrong with it."""

import dataclasses
import sys
from pathlib import Path

import pytest

from gamedetectd.config import Settings, load_actions
from gamedetectd.config.actions import NO_ACTIONS, Actions, Hook, Mqtt, Webhook, read_actions, wrong_address
from gamedetectd.config.reload import Reloader
from gamedetectd.paths import Paths


@pytest.fixture
def file(tmp_path):
    def write(text, mode=0o600):
        path = tmp_path / "actions.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    return write


def test_no_file_asks_for_nothing(tmp_path):
    assert load_actions(tmp_path / "none.toml") == (NO_ACTIONS, ())
    assert NO_ACTIONS.secrets() == {}


def test_everything_that_can_be_said(file):
    path = file(
        """
        [[hook]]
        name = "a"
        command = ["/bin/a", "--b", ""]
        events = ["updated", "corrected"]
        games = ["steam:620", "portal*"]
        timeout = 5
        retries = 0
        retry_pause = 0.5
        parallel = true

        [[webhook]]
        name = "a"
        url_secret = "discord-url"
        events = ["paused", "resumed"]
        games = ["*"]
        template = "discord"
        sign_secret = "sign"
        token_secret = "token"
        allow_private = true
        ca_file = "/etc/ca.pem"
        timeout = 2.5

        [[mqtt]]
        name = "a"
        host = "broker.lan"
        port = 8884
        tls = true
        ca_file = "/etc/ca.pem"
        user = "pc"
        password_secret = "mqtt"
        machine = "pc-17"
        prefix = "games/here"
        discovery = ""
        events = ["updated"]
        games = ["*"]

        [[hook]]
        name = "b"
        command = ["notify-send"]
        """
    )
    broker = Mqtt(
        "a", "broker.lan", 8884, True, "/etc/ca.pem", "pc", "mqtt", "pc-17", "games/here", "", ("updated",), ("*",)
    )
    hooks = (
        Hook("a", ("/bin/a", "--b", ""), ("updated", "corrected"), ("steam:620", "portal*"), 5.0, 0, 0.5, True),
        Hook("b", ("notify-send",)),
    )
    webhook = Webhook(
        "a", "", "discord-url", ("paused", "resumed"), ("*",), "discord", "sign", "token", True, "/etc/ca.pem", 2.5
    )
    actions, problems = load_actions(path)
    assert problems == ()
    assert actions == Actions(hooks, (webhook,), (broker,))
    assert actions.every() == (*hooks, webhook, broker)
    assert actions.secrets() == {
        "mqtt a: password_secret": "mqtt",
        "webhook a: url_secret": "discord-url",
        "webhook a: sign_secret": "sign",
        "webhook a: token_secret": "token",
    }


HOOK = '[[hook]]\nname = "a"\ncommand = ["a"]\n'
BROKER = '[[mqtt]]\nname = "a"\nhost = "b"\n'
WEB = '[[webhook]]\nname = "a"\nurl = "https://example.org"\n'
WRONG = {
    "not TOML": ("[[hook", 1, "is not TOML", ""),
    "another table": ("[[hok]]\n", 1, "neither a hook nor a webhook", "[[hook]] or [[webhook]]"),
    "one bracket": ('[hook]\nname = "a"\n', 1, "must be a list of tables", "two brackets"),
    "no table": ("hook = [3]\n", 1, "must be a table", "keys below it"),
    "no name": ('[[hook]]\ncommand = ["a"]\n', 1, "has no name", "living-room"),
    "no command": ('[[hook]]\nname = "a"\n', 1, "has no command", "no shell"),
    "a bad name": ('[[hook]]\nname = "A b"\ncommand = ["a"]\n', 2, "must be 1 to 31", ""),
    "a shell's line": ('[[hook]]\nname = "a"\ncommand = "a | b"\n', 3, "list of texts", "no shell"),
    "nothing to run": ('[[hook]]\nname = "a"\ncommand = []\n', 3, "list of texts", ""),
    "an empty program": ('[[hook]]\nname = "a"\ncommand = [""]\n', 3, "names no program", ""),
    "a zero byte": ('[[hook]]\nname = "a"\ncommand = ["a", "\\u0000"]\n', 3, "list of texts", ""),
    "a shell's home": ('[[hook]]\nname = "a"\ncommand = ["~/a"]\n', 3, "only a shell", str(Path("~/a").expanduser())),
    "half a path": ('[[hook]]\nname = "a"\ncommand = ["bin/a"]\n', 3, "neither a full path", "root on"),
    "a slip": (HOOK + "evnts = []\n", 4, "is no key of a hook", "events"),
    "another's key": (HOOK + "url = 'x'\n", 4, "is no key of a hook", ""),
    "no such event": (HOOK + 'events = ["start"]\n', 4, "must be a list of", ""),
    "no event": (HOOK + "events = []\n", 4, "must be a list of", ""),
    "an empty game": (HOOK + 'games = [""]\n', 4, "list of ids or titles", ""),
    "no time": (HOOK + "timeout = 0\n", 4, "out of range", ""),
    "retries": (HOOK + "retries = 1.5\n", 4, "whole number", ""),
    "pause": (HOOK + "retry_pause = 0\n", 4, "from 0.1", ""),
    "parallel": (HOOK + "parallel = 2\n", 4, "true or false", ""),
    "the same name": (HOOK + HOOK, 5, "the name of another hook", ""),
    "the same server's name": (WEB + WEB, 5, "the name of another webhook", ""),
    "no address": ('[[webhook]]\nname = "a"\n', 1, "exactly one", ""),
    "two addresses": (WEB + 'url_secret = "b"\n', 3, "exactly one", ""),
    "no https": ('[[webhook]]\nname = "a"\nurl = "http://example.org"\n', 3, "begins with https", ""),
    "no text": ('[[webhook]]\nname = "a"\nurl = 3\n', 3, "must be a text", ""),
    "a secret address": (
        '[[webhook]]\nname = "a"\nurl = "https://discord.com/api/webhooks/1/T0P53CRET"\n',
        3,
        "it is a secret",
        'url_secret = "a-url"',
    ),
    "Slack's": ('[[webhook]]\nname = "a"\nurl = "https://hooks.slack.com/T0P53CRET"\n', 3, "it is a secret", ""),
    "a secret itself": (WEB + 'sign_secret = "T0P53CRET!"\n', 4, "must be the name of a secret", "secret set"),
    "a token itself": (WEB + 'token_secret = "T0P53CRET"\n', 4, "must be the name of a secret", "secret set"),
    "no host": ('[[mqtt]]\nname = "a"\n', 1, "has no host", "homeassistant.local"),
    "an address for a host": ('[[mqtt]]\nname = "a"\nhost = "mqtt://b"\n', 3, "name or address of a computer", ""),
    "no port": (BROKER + "port = 70000\n", 4, "must be a port", "8883"),
    "half TLS": (BROKER + 'tls = "no"\n', 4, "true or false", "yours alone"),
    "a machine's name": (BROKER + 'machine = "a/b"\n', 4, "1 to 64", "pc-17"),
    "a wildcard": (BROKER + 'prefix = "a/#"\n', 4, "levels of a topic", ""),
    "no level": (BROKER + 'discovery = "/a"\n', 4, "levels of a topic", "Home Assistant"),
    "nobody's password": (BROKER + 'password_secret = "b"\n', 4, "no use without a user", ""),
    "a password itself": (BROKER + 'user = "b"\npassword_secret = "T0P53CRET!"\n', 5, "name of a secret", ""),
    "certificates for nothing": (BROKER + 'tls = false\nca_file = "/a"\n', 5, "no use without TLS", ""),
    "half a path of certificates": (BROKER + 'ca_file = "a"\n', 4, "no whole path", ""),
    "the same broker's name": (BROKER + BROKER, 5, "the name of another mqtt", ""),
    "no template": (WEB + 'template = "teams"\n', 4, "must be", "json"),
    "private": (WEB + 'allow_private = "yes"\n', 4, "true or false", ""),
    "certificates": (WEB + "ca_file = 3\n", 4, "must be a text", ""),
    "half a file": (WEB + 'ca_file = "ca.pem"\n', 4, "no whole path", ""),
}


@pytest.mark.parametrize(("text", "line", "message", "remedy"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(file, text, line, message, remedy):
    _, problems = read_actions(file(text))
    [problem] = problems
    assert problem.line == line, problem
    assert message in problem.message
    assert remedy in problem.remedy
    assert "T0P53CRET" not in str(problem)


def test_one_mistake_spoils_no_other_hook(file):
    text = HOOK + "retries = -1\n" + HOOK.replace('"a"', '"b"', 1) + '[[webhook]]\nname = "a"\nurl = "https://a.org"\n'
    actions, problems = load_actions(file(text))
    assert len(problems) == 1
    assert ([one.name for one in actions.hooks], [one.name for one in actions.webhooks]) == (["b"], ["a"])


ADDRESSES = {
    "https://example.org": "",
    "https://example.org:8443/a%20b?c=d": "",
    "https://[::1]/x": "",
    "HTTPS://EXAMPLE.ORG/": "",
    "https://": "begins with https",
    "https://example.org:0/": "begins with https",
    "https://example.org:99999/": "is no address",
    "https://[::1/": "is no address",
    "ftp://example.org/": "begins with https",
    "https://me:pw@example.org/": "name or password",
    "https://example.org/a b": "spaces",
    "https://example.org/ä": "spaces",
    "https://example.org/\r\nHost: x": "spaces",
    "https://example.org/#x": "a #",
}


@pytest.mark.parametrize(("url", "why"), ADDRESSES.items(), ids=repr)
def test_where_a_webhook_may_be(url, why):
    told = wrong_address(url)
    assert why in told
    assert bool(why) == bool(told)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode that says who may write")
def test_a_file_that_others_may_write_is_refused(file):
    actions, [problem] = read_actions(file(HOOK, 0o666))
    assert actions is None
    assert "is not protected" in problem.message
    assert "chmod go-w" in problem.remedy
    assert load_actions(file(HOOK, 0o666))[0] == NO_ACTIONS


def test_a_change_is_taken_over_whole_or_not_at_all(tmp_path):
    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)
    reloader = Reloader(paths, Settings(), environment={})
    assert reloader.reload().actions == NO_ACTIONS
    paths.actions_file.write_text(HOOK)
    paths.actions_file.chmod(0o600)
    assert reloader.reload().actions == Actions((Hook("a", ("a",)),))
    paths.actions_file.write_text(HOOK + HOOK.replace('"a"', '"B"'))
    wrong = reloader.reload()
    assert wrong.actions is None
    assert wrong.settings == dataclasses.replace(Settings())
    assert len(wrong.problems) == 1

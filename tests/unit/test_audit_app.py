"""What the daemon and commands note in the audit trail."""

import json

import pytest
from audit_trails import Keyring

from gamedetectd.app import audit as auditing
from gamedetectd.config import Reload, Settings
from gamedetectd.config.problems import Problem
from gamedetectd.control.server import Server
from gamedetectd.domain import Rule, RuleKind
from gamedetectd.errors import ControlError
from gamedetectd.paths import Paths
from gamedetectd.security.audit import AuditLog
from gamedetectd.worker import Worker


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path / "home")


@pytest.fixture
def trail(paths):
    trail = AuditLog(paths.audit_log_file, Keyring)
    yield trail
    trail.close()


@pytest.fixture
def noted(trail, paths):
    def read():
        trail.flush()
        try:
            lines = paths.audit_log_file.read_text().splitlines()
        except FileNotFoundError:
            return []
        return [
            (event["event"]["action"], event["message"], event["gamedetectd"].get("details", {}))
            for event in map(json.loads, lines)
        ]

    return read


OLD = Reload(Settings(), ())
RULES = (Rule(RuleKind.IGNORE, executable="x"),)
WRONG = (Problem("settings.toml", 1, "a", "b", "is wrong", "Mend it."),)
RELOADS = {
    "nothing new": (Reload(Settings(), (), by="a command"), []),
    "a setting": (
        Reload(Settings(), (), applied=("logging.level",), by="the tray"),
        [("settings-changed", "Changed by the tray: logging.level.")],
    ),
    "one that waits for a restart": (
        Reload(Settings(), (), needs_restart=("tray.enabled",), by="an edit of the file"),
        [("settings-changed", "Changed by an edit of the file: tray.enabled.")],
    ),
    "settings with an error": (
        Reload(None, (), problems=WRONG, by="a command"),
        [("settings-changed", "The settings have errors and were not taken over (a command).")],
    ),
    "rules": (Reload(Settings(), RULES, by="a command"), [("rules-changed", "Changed by a command: 1 rules.")]),
    "rules that cannot be read": (
        Reload(Settings(), None, by="a command"),
        [("rules-changed", "The rules have errors and were not taken over (a command).")],
    ),
}


@pytest.mark.parametrize("news", RELOADS)
def test_what_a_reload_brings_is_noted_with_who_did_it_and_without_values(trail, noted, news):
    outcome, lines = RELOADS[news]
    auditing.reloaded(trail, OLD, outcome)
    assert [(action, message) for action, message, _ in noted()] == lines


def test_the_same_error_and_the_same_wait_are_noted_once(trail, noted):
    broken = Reload(None, None, needs_restart=("tray.enabled",), problems=WRONG, by="a command")
    auditing.reloaded(trail, broken, broken)
    assert noted() == []


def test_a_client_that_is_turned_away_is_noted(trail, noted):
    auditing.refused(trail, "it belongs to user 65534")
    assert noted()[0][:2] == (
        "client-refused", "The control channel turned a client away: it belongs to user 65534."
    )  # fmt: skip


class TestCommands:
    @pytest.mark.parametrize(
        ("action", "message", "details"),
        [
            ("secret-set", "The secret mqtt was kept.", {"name": "mqtt", "place": "keyring"}),
            ("screen-revoked", "The person took back the leave to see the screen.", {}),
        ],
    )
    def test_with_a_daemon_it_notes_what_the_command_says(self, paths, trail, noted, action, message, details):
        def audit(request):
            auditing.noted_by_command(trail, request)
            return {}

        server = Server(paths, {"audit": audit})
        worker = Worker("control", server.run)
        worker.start()
        while server.probe() is not None:
            pass
        auditing.note(paths, action, message, **details)
        worker.stop()
        worker.join(5.0)
        assert noted() == [(action, message, {**details, "by": "a command"})]

    def test_without_a_daemon_it_writes_the_line_itself(self, paths, noted):
        auditing.note(paths, "secret-deleted", "The secret mqtt was deleted.", success=False, name="mqtt")
        auditing.note(paths, "secret-set", "The secret mqtt was kept.", name="mqtt")
        assert [action for action, _, _ in noted()] == ["secret-deleted", "secret-set"]

    def test_it_never_fails_for_the_trail(self, paths, trail, caplog, monkeypatch):
        monkeypatch.setattr(auditing, "_WAIT", 0.1)
        trail.record("start", "Somebody else writes.")
        trail.flush()
        auditing.note(paths, "secret-set", "The secret mqtt was kept.")
        assert "was not noted" in caplog.text

    @pytest.mark.parametrize(
        "request_",
        [
            {},
            {"action": "audit-sealed", "message": "x", "details": {}},
            {"action": "start", "message": "x", "details": {}},
            {"action": "secret-set", "message": 5, "details": {}},
            {"action": "secret-set", "message": "x", "details": ["y"]},
            {"action": ["secret-set"], "message": "x", "details": {}},
        ],
    )
    def test_what_no_command_of_ours_says_is_refused(self, trail, noted, request_):
        with pytest.raises(ControlError):
            auditing.noted_by_command(trail, request_)
        assert noted() == []

    def test_what_it_says_is_bounded_and_cannot_speak_for_us(self, trail, noted):
        details = {
            "message": "x",
            "self": "x",
            "action": "stop",
            "by": "the tray",
            **{f"n{i}": "x" * 9_000 for i in range(99)},
        }
        auditing.noted_by_command(
            trail, {"action": "secret-set", "message": "y" * 9_000, "success": True, "details": details}
        )
        ((action, message, kept),) = noted()
        assert action == "secret-set"
        assert len(message) == auditing.LONGEST
        assert kept["by"] == "a command"
        assert len(kept) <= 21
        assert all(len(value) <= auditing.LONGEST for value in kept.values())

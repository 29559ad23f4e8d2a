"""How status and doctor look to a person: the few lines that matter, everything on request, nothing that acts."""

import msgspec
import pytest

from gamedetectd.cli import doctor as command
from gamedetectd.cli.doctor_tables import print_doctor
from gamedetectd.cli.status_tables import print_status
from gamedetectd.control import doctor_shapes as doctor
from gamedetectd.control.daemon_shapes import (
    DaemonRow,
    ResourcesRow,
    SecurityRow,
    SensorRow,
    SinkRow,
    WorkerRow,
)
from gamedetectd.control.shapes import ConditionRow, GameRow, HealthRow, SessionRow, StatusRow

THEN = "2026-01-01T12:00:00.000Z"
RESOURCES = ResourcesRow(
    12.5, 0.0012, 46_000_000, 31, 1024, 14, 8, 0.25, (0.5, 0.4, 0.3), 16_000_000_000, 9_000_000_000, 0.02, 0.0, None
)
BARE = ResourcesRow(1.0, None, 40_000_000, 9, None, 5, 2, None, None, 8_000_000_000, 4_000_000_000, None, None, None)
DAEMON = DaemonRow(
    pid=7,
    started_at=THEN,
    uptime_seconds=7_500.0,
    sensors=[
        SensorRow("processes", "fallback", "the process table, again and again", "No events \x1b[31mhere.", 0.0, 0),
        SensorRow("foreground", "stuck", "X11", None, 31.5, 2),
    ],
    sinks=[SinkRow("event_log", 1_200, 3, THEN, "The disk is full.")],
    workers=[WorkerRow("engine", "running", 1, 0.0, "ValueError: odd")],
    resources=RESOURCES,
    last_backup=THEN,
    security=SecurityRow("auto", None, "sealed", None),
    yielding="The machine is starved: looking three times less often.",
)
CONDITIONS = [
    ConditionRow("sink-failing", "Events cannot be delivered", "warning", "event_log: full.", "Free some space.", THEN),
    ConditionRow("sensor-fallback", "Something is watched the slower way", "info", "By polling.", "Nothing.", THEN),
]
SESSION = SessionRow("s", GameRow("name:x", "A [bold]Game"), THEN, None, 60.0, 60.0, 0.0, None, [])
STATUS = StatusRow("1.0", True, False, None, [SESSION], HealthRow("degraded", CONDITIONS), {"programs": 3.0}, DAEMON)


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("NO_COLOR", "1")


def said(capsys, row, *, verbose=False):
    print_status(row, verbose=verbose)
    return capsys.readouterr().out


def test_status_is_a_few_lines_with_what_costs_something_and_its_remedy(capsys):
    lines = said(capsys, STATUS).splitlines()
    assert lines[0] == "gamedetectd 1.0 runs and is degraded, for 2 h 05 min."
    assert lines[1].startswith("A [bold]Game for ")
    assert lines[2:] == [
        "The machine is starved: looking three times less often.",
        "warning Events cannot be delivered: event_log: full.",
        "  Free some space.",
        "1 note: Something is watched the slower way. See: status --verbose",
        lines[-1],
    ]
    assert lines[-1].startswith(
        "1 of 2 sensors watch; 3 events wait for delivery; 12.5 s of CPU, 0.12% of a core now; 46 MB; history backed "
    )


def test_verbose_tells_of_every_part(capsys):
    text = said(capsys, STATUS, verbose=True)
    for word in (
        "By polling.",
        "No events \\x1b[31mhere.",
        "31.5 s",
        "1,200",
        "The disk is full.",
        "ValueError: odd",
        "31 of 1,024",
        "25% of 8 cores",
        "0.50, 0.40, 0.30",
        "9.0 GB of 16.0 GB available",
        "CPU 2%, memory 0%",
        "sealed by its key",
        "the keyring, or a file without one",
        "programs",
    ):
        assert word in text, word
    assert "\x1b" not in text


def test_what_a_system_does_not_tell_is_left_out(capsys):
    daemon = msgspec.structs.replace(DAEMON, resources=BARE, security=None, last_backup=None, yielding=None)
    text = said(capsys, msgspec.structs.replace(STATUS, daemon=daemon), verbose=True)
    assert "2 cores" in text
    assert "its load" not in text
    assert "waiting" not in text
    bare = msgspec.structs.replace(DAEMON, resources=None, sinks=[], last_backup=None, yielding=None)
    assert said(capsys, msgspec.structs.replace(STATUS, daemon=bare)).splitlines()[-1] == "1 of 2 sensors watch."


def test_trouble_with_secrets_and_the_trail_is_told(capsys):
    security = SecurityRow("keyring", "The keyring is locked.", "chained", "Line 3 was changed.")
    row = msgspec.structs.replace(STATUS, daemon=msgspec.structs.replace(DAEMON, security=security))
    text = said(capsys, row, verbose=True)
    assert "The keyring is locked." in text
    assert "Line 3 was changed." in text


def test_a_pause_and_a_daemon_of_an_older_version(capsys):
    healthy = HealthRow("healthy", [])
    row = msgspec.structs.replace(STATUS, sessions=[], health=healthy, daemon=None)
    assert said(capsys, row) == "gamedetectd 1.0 runs and is healthy.\nNo game is being played.\n"
    for until, words in ((None, "Paused until you resume it."), (THEN, "Paused until 2026-")):
        assert words in said(capsys, msgspec.structs.replace(row, paused=True, paused_until=until))
    assert said(capsys, msgspec.structs.replace(row, health=None)) == ""


def test_the_doctor_ends_with_what_is_wrong(capsys):
    history = doctor.HistoryRow("/h", True, False, 2, None, [doctor.BackupRow("b", THEN, 9)], [])
    row = doctor.DoctorRow(
        version="1.0",
        at=THEN,
        seconds=0.5,
        overall="unhealthy",
        daemon="hung",
        findings=[doctor.FindingRow("history-damaged", "The history is damaged", "error", "/h: odd.", "Restart.", "x")],
        system={"python": "3"},
        parts=[doctor.PartRow("rich", None, None), doctor.PartRow("psutil", None, "needed for processes")],
        places=[doctor.PlaceRow("data", "/d", True, "0700", "you", None, 10**9, "It is full.")],
        capabilities=[doctor.CapabilityRow("tray", "menu bar", "off", "Switched off in the settings.")],
        settings=[
            doctor.SettingRow("privacy.private_titles", 2, "settings.toml:1", True),
            doctor.SettingRow("tray.enabled", False, "settings.toml:4", False),
            doctor.SettingRow("watch.gamepads", True, "default", False),
        ],
        rules=2,
        history=history,
        catalogue=[doctor.ListRow("built-in", 4_000, "")],
        library=[doctor.ListRow("steam", 3, ""), doctor.ListRow("gog", 0, "GOG is not here.")],
        secrets=doctor.SecretsRow("the keyring", 1, "It is locked."),
        logging_of="doctor",
        logging_tree=['<--""'],
        status=None,
    )
    print_doctor(row)
    text = capsys.readouterr().out
    for word in (
        "psutil",
        "1.0 GB",
        "2 patterns",
        "settings.toml:4",
        "damaged",
        "1 backup",
        "steam 3",
        "1 secret",
        '<--""',
    ):
        assert word in text, word
    assert "watch.gamepads" not in text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[-4:] == [
        "error The history is damaged",
        "/h: odd.",
        "Restart.",
        "gamedetectd 1.0 is unhealthy: 1 problem. The daemon runs and does not answer. 0.5 s",
    ]


def test_the_self_tests_steps_are_told_one_by_one(capsys):
    command._print_step(doctor.StepRow("A daemon starts", True, 0.5, "version 1", None))
    command._print_step(doctor.StepRow("Its session opens", False, 8.0, "It did not.", "Try again."))
    assert capsys.readouterr().out.splitlines() == [
        "ok     A daemon starts (0.50 s) version 1",
        "FAILED Its session opens (8.00 s) It did not.",
        "       Try again.",
    ]

"""rsyslog, as our example configures it, reads the real log across rotations: every line once, in order, in fields."""

import json
import subprocess
from pathlib import Path

import pytest
from real_logs import events, files, log, real_log
from real_programs import end, eventually, find_program

from gamedetectd.domain import Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.observability.correlation import correlation
from gamedetectd.sinks.event_log import EventLog

pytestmark = [pytest.mark.timeout(120)]

EXAMPLE = Path(__file__).resolve().parents[2] / "packaging" / "monitoring" / "logs" / "rsyslog.conf"
LONG = "x" * 20_000
"""Characters, more than rsyslog takes unless it is told to."""


class Rsyslog:
    """A real rsyslogd with the example's configuration, whose three places are below ``directory``."""

    def __init__(self, directory):
        self.log, self.out = directory / "log", directory / "shipped.json"
        (directory / "spool").mkdir()
        self.log.mkdir(mode=0o700)
        text = EXAMPLE.read_text()
        for theirs, ours in (
            ("/var/spool/rsyslog", directory / "spool"),
            ("/home/*/.local/state/gamedetectd/log", self.log),
            ("/var/log/gamedetectd.json", self.out),
        ):
            assert text.count(f'"{theirs}') == 1
            text = text.replace(theirs, str(ours))
        self.config = directory / "rsyslog.conf"
        self.config.write_text(text)
        self.command = [find_program("rsyslogd"), "-f", self.config]
        self.pid_file = directory / "rsyslogd.pid"

    def __enter__(self):
        self.process = subprocess.Popen([*self.command, "-n", "-i", self.pid_file], start_new_session=True)
        eventually(self.pid_file.exists, 10, "rsyslogd's start")
        return self

    def __exit__(self, *_):
        end(self.process, 10)

    def rows(self):
        whole, _, _ = (self.out.read_text() if self.out.exists() else "").rpartition("\n")  # it may be writing the next
        return [json.loads(line) for line in whole.splitlines()]


@pytest.fixture
def rsyslog(tmp_path):
    return Rsyslog(tmp_path)


def test_the_example_is_valid(rsyslog):
    done = subprocess.run([*rsyslog.command, "-N1"], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower()


def test_every_line_is_shipped_once_and_in_order_across_rotations_and_a_restart(rsyslog):
    with real_log(rsyslog.log, max_file_bytes=60_000, max_total_bytes=10_000_000):
        with rsyslog:
            for number in range(600):
                log.info("line %d, Pokémon", number)
            log.info(LONG)
            eventually(lambda: len(rsyslog.rows()) == 601, 20, lambda: f"{len(rsyslog.rows())} of 601 lines")
        log.info("while rsyslog did not run")
        with rsyslog:
            log.info("once it ran again")
            eventually(lambda: len(rsyslog.rows()) == 603, 20, lambda: f"{len(rsyslog.rows())} of 603 lines")
    assert len(files(rsyslog.log)) >= 4, "it was rotated meanwhile"
    assert [row["message"] for row in rsyslog.rows()] == [event["message"] for event in events(rsyslog.log)]


def test_a_session_arrives_as_fields(rsyslog):
    key = ProcessKey("boot", 42, 1)
    evidence = (Evidence("desktop", 2.0, 'It says "game".'),)
    session = Session("s1", Game("steam:620", "Portal\t2 »ä«"), 1_700_000_000.0, 5.0, key, (key,), evidence)
    with rsyslog, real_log(rsyslog.log) as handle, correlation() as correlation_id:
        log.warning("careful")
        EventLog(handle.write_event).accept(
            SessionEvent("e1", SessionEventKind.STARTED, 1_700_000_100.0, session, correlation_id, 7)
        )
        eventually(lambda: len(rsyslog.rows()) == 2, 20, "both lines")
    careful, started = rsyslog.rows()
    assert (careful["level"], careful["correlation_id"]) == ("warning", correlation_id)
    assert started == {
        "time": "2023-11-14T22:15:00.000Z",
        "level": "info",
        "message": r"Portal\t2 »ä« started",
        "correlation_id": correlation_id,
        "action": "session-started",
        "event_id": "e1",
        "sequence": "7",
        "game": r"Portal\t2 »ä«",
        "error_code": "",
    }

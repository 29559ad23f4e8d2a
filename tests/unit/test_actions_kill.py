"""Killed again and again between commit and delivery: every event reaches hook, webhook and broker, each session in
order.
"""

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from actions_world import authority, serving
from delivering import numbered
from mqtt_world import broking
from real_programs import eventually

HERE = Path(__file__).parent.parent
EACH = 5
"""Events committed in each life."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the hook is a script of a Unix shell")


def life(home, first, count):
    return subprocess.Popen(
        [
            sys.executable,
            str(HERE / "delivering.py"),
            home / "history.db",
            home / "actions.toml",
            str(first),
            str(count),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])},
    )


def first_arrivals(ids):
    return list(dict.fromkeys(ids))


@pytest.mark.parametrize("kills", [20, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_every_event_arrives_whatever_is_killed(tmp_path, kills):
    ca_file, certificate = authority(tmp_path)
    kinds = '["started", "paused", "resumed", "ended"]'
    chance = random.Random(kills)
    with serving(certificate) as server, broking(tmp_path) as (broker, ear):
        (tmp_path / "actions.toml").write_text(
            f"""
            [[hook]]
            name = "it"
            command = ["/bin/sh", "-c", 'echo "$GAMEDETECTD_EVENT_ID" >> "$0"', "{tmp_path}/ran"]
            events = {kinds}
            [[webhook]]
            name = "it"
            url = "{server.url}"
            ca_file = "{ca_file}"
            allow_private = true
            events = {kinds}
            [[mqtt]]
            name = "it"
            host = "127.0.0.1"
            port = {broker.port}
            tls = false
            machine = "pc"
            events = {kinds}
            """
        )
        (tmp_path / "actions.toml").chmod(0o600)
        for number in range(kills):
            process = life(tmp_path, number * EACH + 1, EACH)
            try:
                assert process.stdout.readline() == b"committed\n", (process.wait(5), process.stderr.read())
                try:
                    process.wait(chance.uniform(0.0, 0.12))
                except subprocess.TimeoutExpired:
                    pass
            finally:
                process.kill()
                process.wait(10)
                process.stdout.close()
                process.stderr.close()
        last = kills * EACH
        with life(tmp_path, 0, 0) as process:
            try:
                for line in itertools.islice(process.stdout, 2_000):
                    if line.strip() == b"%d" % last:
                        break
            finally:
                process.kill()
        at_server = server.ids()
        eventually(lambda: len({row["id"] for row in ear.events()}) == last, 30, "every event's arrival")
        at_broker = [row["id"] for row in ear.events()]
    ran = (tmp_path / "ran").read_text().split()
    events = list(numbered(1, last))
    expected = {one.id for one in events}
    print(f"{kills} kills, {last} events: {len(ran)} runs, {len(at_server)} posts, {len(at_broker)} messages")
    for arrived in (ran, at_server, at_broker):
        assert set(arrived) == expected
        for session in {one.session.id for one in events}:
            of_it = [one.id for one in events if one.session.id == session]
            assert [one for one in first_arrivals(arrived) if one in of_it] == of_it
    assert len(ran) + len(at_server) + len(at_broker) > 3 * last, "none was killed in between: this tried nothing"

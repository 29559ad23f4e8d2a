"""Pull the plug, or kill -9, at any moment: no session lost, none doubled, at most a little play time gone.

The power cut is replayed from a record of everything a life of the daemon wrote: whatever was not synced is thrown
away, or, harder for a database, every sector of it survives or not by chance.
"""

import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

POWER = Path(__file__).with_name("power")
sys.path.insert(0, str(POWER))
pytest.register_assert_rewrite("life")
from life import HEARTBEAT, SYNC, check  # noqa: E402 (beside this file)

HEADER = struct.Struct("=cQQII")
SECTOR = 512
KILLS = int(os.environ.get("KILLS", "25"))
LIFE = (sys.executable, str(POWER / "life.py"))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the recorder is preloaded, as only Linux does it here")


def environment(**more):
    places = os.pathsep.join([str(POWER.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1", **more}


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("NOT TESTED: the power cut needs gcc to build its recorder (apt-get install gcc libc6-dev)")
    library = tmp_path_factory.mktemp("recorder") / "recorder.so"
    source = POWER / "recorder.c"
    subprocess.run(["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture(scope="module")
def record(recorder, tmp_path_factory):
    """Three hours of a daemon's life: a list of (kind, inode, position, text, data)."""
    directory = tmp_path_factory.mktemp("life")
    written = tmp_path_factory.mktemp("record") / "record"
    surroundings = environment(LD_PRELOAD=str(recorder), RECORD_DIRECTORY=str(directory), RECORD_TO=str(written))
    subprocess.run([*LIFE, str(directory), "7", "3"], env=surroundings, check=True, timeout=100)
    content = written.read_bytes()
    operations, place = [], 0
    while place < len(content):
        kind, inode, position, text, data = HEADER.unpack_from(content, place)
        place += HEADER.size
        names = content[place : place + text].decode()
        operations.append((kind.decode(), inode, position, names, content[place + text : place + text + data]))
        place += text + data
    return operations


class File:
    """What of one file would survive (``durable``) and what only may (``pending``)."""

    def __init__(self):
        self.durable, self.pending = b"", []

    def content(self, survives):
        content = bytearray(self.durable)
        for kind, position, data in self.pending:
            if kind == "T" and survives():
                content[position:] = b"\0" * max(0, position - len(content))
            for start in range(0, len(data), SECTOR):
                if survives():
                    sector = data[start : start + SECTOR]
                    end = position + start + len(sector)
                    content.extend(b"\0" * (end - len(content)))
                    content[position + start : end] = sector
        return bytes(content)


class Disk:
    """The directory as the disk has it while the operations go by; names are durable once the directory is synced."""

    def __init__(self):
        self.names, self.durable_names, self.changes = {}, {}, []
        self.files = {}
        self.marks, self.marks_inode = b"", None

    def go(self, operation):
        kind, inode, position, names, data = operation
        if kind == "C":
            self.files[inode] = File()
            if names.endswith("/marks"):
                self.marks_inode = inode
            else:
                self.rename("", Path(names).name, self.files[inode])
        elif kind == "W" and inode == self.marks_inode:
            self.marks += data
        elif kind in "WT":
            self.files[inode].pending.append((kind, position, data))
        elif kind == "F":
            self.files[inode].durable = self.files[inode].content(lambda: True)
            self.files[inode].pending = []
        elif kind == "D":
            self.durable_names, self.changes = dict(self.names), []
        elif kind == "R":
            old, new = (Path(name).name for name in names.split("\0"))
            self.rename(old, new, self.names[old])
        elif kind == "U":
            self.rename(Path(names).name, "", None)

    def rename(self, old, new, file):
        self.changes.append((old, new, file))
        self.apply(self.names, *self.changes[-1])

    @staticmethod
    def apply(names, old, new, file):
        names.pop(old, None)
        if new:
            names[new] = file

    def left(self, chance, kept_sectors):
        """File contents by name after a cut: of what was not synced nothing is left, or what chance leaves."""
        names = dict(self.durable_names)
        for change in self.changes[: chance.randrange(len(self.changes) + 1) if kept_sectors else 0]:
            self.apply(names, *change)
        survives = (lambda: chance.random() < kept_sectors) if kept_sectors else (lambda: False)
        return {name: file.content(survives) for name, file in names.items() if not name.endswith("-shm")}


def cut(disk, directory, chance, kept_sectors):
    """Lay out what is left and start again on it; the most seconds of play that were lost."""
    directory.mkdir()
    for name, content in disk.left(chance, kept_sectors).items():
        (directory / name).write_bytes(content)
    lost = check(directory, disk.marks, SYNC)
    shutil.rmtree(directory)
    return lost


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("kept_sectors", "one_in"),
    [
        pytest.param(0.0, 3, id="nothing unsynced"),
        pytest.param(0.0, 1, id="nothing unsynced, at every sync", marks=pytest.mark.slow),
        pytest.param(0.5, 3, id="half of it"),
        pytest.param(0.95, 3, id="nearly all of it"),
    ],
)
def test_power_cut(record, tmp_path, measured, kept_sectors, one_in):
    chance = random.Random(int(kept_sectors * 100))
    syncs = [place for place, operation in enumerate(record) if operation[0] in "FD"]
    around = {place + offset for place in syncs for offset in (0, 1)}
    anywhere = {chance.randrange(len(record)) for _ in range(100)}
    cuts = {*chance.sample(sorted(around), len(around) // one_in), *anywhere}
    assert len(syncs) > 200
    disk, lost = Disk(), []
    for place, operation in enumerate([*record, ("end", 0, 0, "", b"")]):
        if place in cuts or operation[0] == "end":
            lost.append(cut(disk, tmp_path / f"cut-{place}", chance, kept_sectors))
        disk.go(operation)
    measured(
        f"power cut, {kept_sectors:.0%} of the unsynced sectors kept, around one sync in {one_in}",
        f"no session lost or doubled, at most {SYNC:.0f} s of play",
        f"{len(lost)} cuts at {len(syncs)} syncs, {max(lost):.0f} s lost at most",
    )
    assert max(lost) > HEARTBEAT or kept_sectors, "cuts that cost nothing would prove nothing"


def test_the_recorder_sees_every_byte(record):
    """The record played to its end is what the life left behind: the last sync or close left nothing open."""
    disk = Disk()
    for operation in record:
        disk.go(operation)
    assert {"history.db", "journal"} <= disk.names.keys()
    assert {operation[0] for operation in record} == set("CWTFDRU")
    assert disk.names["history.db"].content(lambda: True).startswith(b"SQLite format 3\0")


def test_a_database_that_is_not_synced_would_be_caught(record, tmp_path):
    """The same cuts with every sync taken out of the record lose what was promised."""
    disk = Disk()
    for operation in record:
        if operation[0] not in "FD":
            disk.go(operation)
    with pytest.raises(AssertionError):
        cut(disk, tmp_path / "cut", random.Random(1), 0.0)


@pytest.mark.timeout(300)
def test_kill(tmp_path, measured):
    """kill -9 at random moments: what was written is still there, so at most one heartbeat is lost."""
    chance, lost = random.Random(11), []
    for number in range(KILLS):
        directory = tmp_path / f"life-{number}"
        directory.mkdir()
        life = subprocess.Popen([*LIFE, str(directory), str(number), "100", "0.0005"], env=environment())
        try:
            while not (directory / "marks").exists() and life.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.uniform(0.0, 0.8))
            assert life.poll() is None, "it ended by itself"
        finally:
            life.send_signal(signal.SIGKILL)
            life.wait(10)
        lost.append(check(directory, (directory / "marks").read_bytes(), HEARTBEAT))
        shutil.rmtree(directory)
    measured(
        "kill -9 of history and journal at random moments",
        f"no session lost or doubled, at most {HEARTBEAT:.0f} s of play",
        f"{KILLS} kills, {max(lost):.1f} s lost at most",
    )

"""The program in one folder does what the installed one does, needs nothing of the system's, and is small."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from catalogue_samples import write_manifest
from facts_samples import windows_program
from real_daemon import pss
from real_programs import eventually

from gamedetectd.app.doctor.installation import PARTS
from gamedetectd.platforms.children import entry

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform != "linux", reason="its own tests for Windows are tests/desktop's"),
]  # the first one builds
MB = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK") if sys.platform == "linux" else 100


def held_child(program, module, *arguments, **environment):
    """What a module of ours prints as a held child, with the limits of an ordinary one."""
    limits = [str(os.getpid()), str(200 * MB), str(200 * MB), "20"]
    return subprocess.run(
        [program, entry.OPTION, *limits, module, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_is_as_small_as_it_says(folder):
    assert sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) <= 80 * MB


@pytest.mark.parametrize("part", ["numpy", "cv2", "onnxruntime", "mss", "tkinter", "readline", "gi"])
def test_what_the_daemon_must_not_carry_is_not_in_it(folder, program, part):
    assert [path for path in folder.rglob("*") if path.name.partition(".")[0] in (part, f"_{part}")] == []
    spelt = re.compile(rb"[zZ\xda\xfa]" + bytes([len(part)]) + part.encode() + rb"[(\xa9)]")
    assert spelt.search(program.read_bytes()) is None  # as a module is named in PyInstaller's table


def test_its_self_test_passes_with_nothing_around_it_as_nobody(program, tmp_path_factory):
    account = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(
        [program, "doctor", "--self-test", "--json"],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        umask=0o077,
        **account,
    )
    told = json.loads(done.stdout)
    assert told["passed"], told
    assert done.returncode == 0


def test_its_session_opens_within_a_second_and_a_half(daemon, spawn, tmp_path):
    """In processor time, which is what it takes on a machine with nothing else to do; by the clock, as the load is."""
    game = tmp_path / "toy" / "toy-game"
    game.parent.mkdir()
    shutil.copy("/bin/sleep", game)
    spawn(str(game), "60")
    clock, processor = [], []
    for home in ("first", "second", "third"):
        rules = tmp_path / home / "config" / "rules.toml"
        rules.parent.mkdir(parents=True, mode=0o700)
        rules.write_text(f'[[rule]]\nkind = "game"\nexecutable = "{game}"\ntitle = "Toy"\n')
        rules.chmod(0o600)
        begun = time.monotonic()
        running = daemon("--headless", home=home)
        log = running.home / "log" / "gamedetectd.jsonl"
        eventually(lambda seen=log: "Toy" in seen.read_text(), 20, "the session")
        clock.append(time.monotonic() - begun)
        fields = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
        processor.append((int(fields[11]) + int(fields[12])) / TICKS)
        running.stop()
    assert min(processor) <= 1.5, processor
    crowded = max(2.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert min(clock) <= 1.5 * crowded, clock


def test_its_memory(daemon):
    running = daemon()
    time.sleep(1)
    assert pss(running.process.pid) <= 60


def test_a_crash_is_followed_by_a_new_start_and_a_report(daemon):
    running = daemon("--headless", "--supervised")

    def child():
        listed = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
        return int(listed[0]) if listed else 0

    first = child()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: child() not in (0, first), 15, "the second life")
    eventually(running.answers, 20, "its answer")
    assert list((running.home / "state" / "crashes").iterdir())


@pytest.mark.parametrize("before", [None, "/usr/lib/mine"])
def test_what_it_starts_has_the_library_path_from_before(bare, tmp_path, before):
    seen = tmp_path / "seen"
    opener = tmp_path / "xdg-open"
    opener.write_text(f"#!/bin/sh\n/usr/bin/env > {seen}\n")
    opener.chmod(0o755)
    (tmp_path / "home" / "log").mkdir(parents=True, mode=0o700)
    path = {} if before is None else {"LD_LIBRARY_PATH": before}
    done = bare("open", "logs", GAMEDETECTD_HOME=str(tmp_path / "home"), PATH=str(tmp_path), **path)
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in seen.read_text().splitlines())
    assert told.get("LD_LIBRARY_PATH") == before
    assert [name for name in told if name.startswith("_PYI") or name.endswith("_ORIG")] == []


def test_its_children_do_their_work(program, bare, tmp_path):
    home = {"GAMEDETECTD_HOME": str(tmp_path / "home"), "PATH": ""}
    pe = tmp_path / "game.exe"
    pe.write_bytes(windows_program(ProductName="Fine Day"))
    done = held_child(program, "gamedetectd.facts.pe_child", pe, **home)
    assert json.loads(done.stdout)["ProductName"] == "Fine Day", done.stderr
    manifest = write_manifest(tmp_path / "manifest.yaml", 200)
    imported = bare("catalogue", "import", manifest, **home)
    assert (imported.returncode, "titles" in imported.stdout) == (0, True), imported.stderr
    secret = bare("secret", "list", "--json", **home)  # asks the keyring's child, which finds no bus
    assert secret.returncode == 0, secret.stderr


def test_over_http(daemon, bare, tmp_path):
    running = daemon("--headless", GAMEDETECTD_HTTP_ENABLED="true", GAMEDETECTD_HTTP_PORT="18736")
    from urllib.request import urlopen

    def alive():
        try:
            return urlopen("http://127.0.0.1:18736/healthz", timeout=2).status == 200
        except OSError:
            return False

    eventually(alive, 10, "the answer over HTTP")
    assert "gamedetectd_build_info" in running.run("metrics").stdout


def test_every_part_has_its_licence(folder):
    licences = folder / "_internal" / "licences"
    listed = [line.partition(" ")[0] for line in (licences / "INDEX.txt").read_text().splitlines()[2:]]
    assert all(any(path.stat().st_size for path in (licences / name).iterdir()) for name in listed)
    spelt = {name.lower().replace("_", "-").replace(".", "-") for name in listed}
    wanted = {part.distribution.lower() for part in PARTS if part.system in ("", sys.platform)}
    assert wanted | {"gamedetectd", "python", "pyinstaller"} <= spelt
    copying = [path.read_text(errors="replace") for path in licences.rglob("*") if path.is_file()]
    assert any("GNU LESSER GENERAL PUBLIC LICENSE" in text for text in copying)  # pystray, python-xlib


def test_parts_under_the_lgpl_can_be_replaced(folder, bare, tmp_path):
    assert list((folder / "_internal").glob("pystray/__init__.pyc"))
    assert list((folder / "_internal").glob("Xlib/__init__.pyc"))

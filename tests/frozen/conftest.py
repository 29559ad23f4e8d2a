"""The program in one folder, and a daemon of it, for all tests here."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from real_daemon import RealDaemon

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packaging" / "build.py"


@pytest.fixture(scope="session")
def folder():
    """Built once for all tests here, where every account can read it; ``FROZEN`` names one that is there already."""
    if named := os.environ.get("FROZEN", ""):
        yield Path(named).resolve()
        return
    place = Path(tempfile.mkdtemp(prefix="gamedetectd-frozen-"))
    place.chmod(0o755)
    build = [sys.executable, BUILD, "--output", place, "--no-test"]
    done = subprocess.run(build, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    yield place / "gamedetectd"
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def program(folder):
    return folder / "gamedetectd"


@pytest.fixture
def bare(program):
    """``bare(*arguments, **environment)``: a command of the program with nothing else in its environment."""

    def run(*arguments, **environment):
        command = [program, *map(str, arguments)]
        nothing = subprocess.DEVNULL
        return subprocess.run(
            command, env=environment, cwd="/", stdin=nothing, capture_output=True, text=True, timeout=60
        )

    return run


@pytest.fixture
def daemon(program, tmp_path):
    """``daemon(*options, home=…, **environment)`` starts one and waits until it answers; it ends with the test."""
    started = []

    def start(*options, home="home", **environment):
        one = RealDaemon(tmp_path / home, env=environment, arguments=options or ("--headless",))
        one.command = [str(program)]
        started.append(one)
        return one.start()

    yield start
    for one in started:
        one.stop()

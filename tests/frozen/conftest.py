"""The program in one folder, and a daemon of it, for all tests here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_programs import end, eventually

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The program in one folder, built once for all tests here; ``FROZEN`` names one that has been built already."""
    named = os.environ.get("FROZEN", "")
    if named:
        return Path(named).resolve()
    output = tmp_path_factory.mktemp("dist")
    build = [sys.executable, ROOT / "packaging" / "build.py", "--output", output, "--no-test"]
    done = subprocess.run(build, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return output / "gamedetectd"


@pytest.fixture(scope="session")
def program(folder):
    return folder / "gamedetectd"


@pytest.fixture
def bare(program):
    """``bare(*arguments, **environment)``: a command of the program with nothing else in its environment."""

    def run(*arguments, **environment):
        command = [program, *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    return run


class Running:
    def __init__(self, program, home, arguments):
        self.program, self.home = program, home
        self.environment = {**os.environ, "GAMEDETECTD_HOME": str(home)}
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        command = [program, "run", *arguments]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True, **quiet)
        eventually(self.answers, 20, "the answer of the daemon")

    def answers(self):
        asked = subprocess.run(
            [self.program, "status", "--json"], env=self.environment, capture_output=True, timeout=60
        )
        return asked.returncode == 0

    def stop(self):
        end(self.process, 10)


@pytest.fixture
def daemon(program, tmp_path):
    """``daemon(*options)`` starts a daemon in ``tmp_path/home`` and waits until it answers; it ends with the test."""
    started = []

    def start(*arguments):
        started.append(Running(program, tmp_path / "home", arguments))
        return started[-1]

    yield start
    for running in started:
        running.stop()

"""Prometheus' own tool, for tests of what is written for Prometheus; see tests/promtool.sh."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FETCHED = Path(__file__).resolve().parents[1] / ".promtool" / "promtool"


def promtool(*arguments, stdin=b""):
    """What it says and its exit code; where it is missing, the test is skipped, saying how to get it."""
    path = (
        os.environ.get("PROMTOOL")
        or shutil.which("promtool")
        or (str(FETCHED) if os.name == "posix" and FETCHED.exists() else "")
    )
    if not path:
        pytest.skip("promtool is not here: sh tests/promtool.sh .promtool")
    done = subprocess.run([path, *map(str, arguments)], input=stdin, capture_output=True, timeout=60)
    return done.returncode, (done.stdout + done.stderr).decode()

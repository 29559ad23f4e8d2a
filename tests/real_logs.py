"""A real log for tests: set up as the daemon does it, read back as bytes, lines and events."""

import json
import logging
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.observability import redaction
from gamedetectd.observability.fields import deviations
from gamedetectd.observability.rotation import finished_files
from gamedetectd.observability.setup import configure

log = logging.getLogger("gamedetectd.test")


@contextmanager
def real_log(directory, *, terminal=None, shown="human", private_titles=(), **settings):
    """``with real_log(tmp_path / "log") as handle``: logging as the daemon sets it up, and as it was afterwards."""
    redaction.redactor.cache_clear()
    handle = configure(
        Logging(terminal=shown, **settings), Privacy(private_titles), directory / "gamedetectd.jsonl", terminal
    )
    try:
        yield handle
    finally:
        handle.close()
        redaction.redactor.cache_clear()


def files(directory):
    """Every file of the log, oldest first."""
    path = directory / "gamedetectd.jsonl"
    return [*finished_files(path), *([path] if path.exists() else [])]


def written(directory):
    """Every byte of the log."""
    return b"".join(file.read_bytes() for file in files(directory))


def events(directory):
    """Every line as what a shipper sees; each is JSON by the strict rules and holds to the table of fields."""
    found = [json.loads(line, parse_constant=_no_json) for line in written(directory).decode("utf-8").splitlines()]
    for event in found:
        assert deviations(event) == []
    return found


def messages(directory):
    """What the lines say."""
    return [event["message"] for event in events(directory)]


def in_own_mounts(script, *arguments):
    """Run Python ``script`` in a mount namespace of its own, where it may mount; returns what it printed.

    It begins with a function ``mount(*arguments)``.
    """
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("NOT TESTED: a full and a read-only disk need Linux and unshare")
    if subprocess.run(["unshare", "-Urm", "true"], capture_output=True, timeout=20, check=False).returncode:
        pytest.skip("NOT TESTED: a full and a read-only disk need user namespaces, which this system refuses")
    mount = "import subprocess\ndef mount(*arguments): subprocess.run(['mount', *map(str, arguments)], check=True)\n"
    command = ["unshare", "-Urm", sys.executable, "-c", mount + script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "nothing of a trouble with the disk is printed at the person"
    return done.stdout


def _no_json(constant):
    raise ValueError(f"{constant} is not JSON")

"""A Windows Python under Wine for tests of what only Windows has; see README.md beside this file."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from real_programs import end, find_program

VARIABLE = "WINDOWS_PYTHON"
"""Names a python.exe with the dependencies of gamedetectd; see tests/desktop/README.md."""
ROOT = Path(__file__).resolve().parents[2]
BESIDE = frozenset(
    {"test_autostart", "test_autostart_wine", "test_dashboard", "test_foreground", "test_idle", "test_secret_service",
     "test_secrets_windows", "test_tray_windows", "test_wayland_idle", "test_window_capture", "test_wine_prefix"}
)  # fmt: skip
"""Files that may run beside the others: they start no game that others know, and mind none. Daemons see all games."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Of several processes one has all files that are not to run beside the others."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = Path(nodeid.partition("::")[0])
            return str(file) if file.stem in BESIDE or file.parent.name != "desktop" else "one after the other"

    return ByFile(config, log)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture(scope="session")
def windows_disk(tmp_path_factory):
    """The Wine prefix, where another process has tests in it a copy: its end is the end of all programs in it."""
    prefix = Path(os.environ.get("WINEPREFIX", "") or Path(os.environ.get(VARIABLE, "")).parents[2] / "prefix")
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        yield prefix
        return
    copy = tmp_path_factory.mktemp("wine") / "prefix"
    shutil.copytree(prefix, copy, symlinks=True)
    yield copy
    shutil.rmtree(copy)


@pytest.fixture
def windows(tmp_path, x_server, request):
    """Runs our commands as Windows would, ``windows.start`` any program; what is still there ends with the test."""
    python = os.environ.get(VARIABLE, "")
    if not Path(python).is_file():
        pytest.skip(f"{VARIABLE} names no Windows Python: see tests/desktop/README.md")
    env = {
        **os.environ, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;mscoree=;mshtml=",
        "WINEPREFIX": str(request.getfixturevalue("windows_disk")),
        "PYTHONPATH": windows_path(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
        "GAMEDETECTD_HOME": windows_path(tmp_path / "home"),
    }  # fmt: skip
    wine, started = find_program("wine"), []

    def start(*command, stderr=subprocess.STDOUT, **more):
        parts = [windows_path(part) if isinstance(part, Path) else part for part in command]
        quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": stderr}
        process = subprocess.Popen([wine, *parts], env={**env, **more}, start_new_session=True, **quiet)
        started.append(process)
        return process

    def run(*arguments, wait=True, given="", **more):
        if not wait:
            return start(python, "-m", "gamedetectd", *arguments, **more)
        # apart from each other: Wine's services, started with us, tell of their own faults among our errors
        process = start(python, "-m", "gamedetectd", *arguments, stderr=subprocess.PIPE, **more)
        told, errors = process.communicate(given.encode(), timeout=60)
        told += errors if process.returncode else b""
        return told.decode(errors="replace")

    run.start, run.python, run.drive = start, python, Path(env["WINEPREFIX"]) / "drive_c"
    yield run
    for process in started:
        end(process)
    subprocess.run([find_program("wineserver"), "-k"], env=env, timeout=20)
    for process in started:  # what Windows started from them is gone only now
        for stream in filter(None, (process.stdin, process.stdout, process.stderr)):
            stream.close()

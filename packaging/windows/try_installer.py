"""Installs, upgrades and uninstalls on this Windows as a person's silent installer would, and looks at what is there.

    python packaging/windows/try_installer.py dist/gamedetectd-VERSION-setup.exe

For machines that are thrown away afterwards, as a workflow's are: it refuses where gamedetectd is installed. Under
Wine ``tests/frozen/test_windows_installer.py`` looks more closely.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

INSTALLED = Path(os.environ.get("LOCALAPPDATA", "")) / "Programs" / "gamedetectd"
DATA = Path(os.environ.get("LOCALAPPDATA", "")) / "gamedetectd"
PROGRAM = INSTALLED / "gamedetectd.exe"
DAEMON = INSTALLED / "gamedetectdw.exe"
LOOKS = INSTALLED / "gamedetectd-vision.exe"
"""Of an installer that was built with ``--vision``."""
PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "dashboard.png"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\gamedetectd"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
PATIENCE = 120.0
NOT_RUNNING = 4
"""The exit code of ``status`` without a daemon."""


def main() -> int:
    """Go through all of it; 0, or SystemExit with what was not as it must be."""
    installer = Path(sys.argv[1]).resolve()
    if INSTALLED.exists():
        raise SystemExit(f"{INSTALLED} is there already; this is for a machine without gamedetectd.")
    step("installed", run(installer, "/S") == 0 and PROGRAM.is_file())
    step("its self-test passes", run(PROGRAM, "doctor", "--self-test") == 0)
    if LOOKS.is_file():
        step("it looks at a picture", run(PROGRAM, "vision", "test", str(PICTURE)) == 0)
    else:
        print("not tried: looking at a picture, as this installer was built without --vision", flush=True)
    step("listed under Installed apps", value(UNINSTALL, "DisplayName") == "gamedetectd")
    step("starts at login", DAEMON.name in str(value(RUN, "gamedetectd")))
    step("nothing runs yet", not answers())
    subprocess.Popen([DAEMON, "run", "--headless"], stdin=subprocess.DEVNULL)
    step("the daemon answers", eventually(answers))
    step("upgraded while it runs", run(installer, "/S") == 0)
    step("the daemon runs again", eventually(answers))
    step("the uninstaller ends", run(INSTALLED / "uninstall.exe", "/S") == 0)
    step("the program is gone", eventually(lambda: not INSTALLED.exists()))
    step("the registry is as before", value(UNINSTALL, "DisplayName") is None and value(RUN, "gamedetectd") is None)
    step("the history stays", (DATA / "history.db").is_file())
    return 0


def step(what: str, held: bool) -> None:
    """Say what held; SystemExit where it did not."""
    if not held:
        raise SystemExit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)


def run(program: Path, *arguments: str) -> int:
    """Run a program to its end; its exit code."""
    return subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, timeout=600, check=False).returncode


def answers() -> bool:
    """True while a daemon runs and answers."""
    asked = subprocess.run(
        [PROGRAM, "status", "--json"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    return asked.returncode != NOT_RUNNING and b'"running":true' in asked.stdout.replace(b" ", b"")


def eventually(look: Callable[[], bool]) -> bool:
    """Whether it became true in time."""
    until = time.monotonic() + PATIENCE
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.5)
    return seen


def value(key: str, name: str) -> object:
    """A value of this account's registry; None where there is none."""
    if sys.platform != "win32":
        raise SystemExit("This is for Windows.")
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())

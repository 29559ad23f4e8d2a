"""Stands in for the daemon under a supervisor: ``python supervised_samples.py WHAT FILE`` notes its start in FILE."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from gamedetectd.platforms.service_manager import service_manager


def main():
    what, file = sys.argv[1:]
    with Path(file).open("a") as notes:
        notes.write(f"{os.getpid()}\n")
    starts = len(Path(file).read_text().splitlines())
    if what.isdecimal():
        sys.exit(int(what))
    manager = service_manager()
    manager.tell("READY=1")
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    signal.signal(signal.SIGHUP, lambda *_: Path(file).with_name("reloaded").touch())
    manager.when_gone(end.set)
    Path(file).with_name(f"ready-{starts}").touch()
    if what == "well" or (what.endswith("-once") and starts > 1):
        while not end.wait(0.05):
            manager.tell("WATCHDOG=1")
    elif what == "killed-once":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "hang-once":
        end.wait(60)
    elif what == "grow-once":
        while not end.wait(0.05):
            manager.tell("WATCHDOG=1", "X_MEMORY=500000000")
    elif what == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            manager.tell("WATCHDOG=1")
            time.sleep(0.05)
    manager.tell("STOPPING=1")


main()

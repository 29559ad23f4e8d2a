"""The real daemon with a fault, once: ``python faulty_daemon.py leak|hang FILE`` is well when FILE is there already."""

import sys
import threading
from pathlib import Path

from gamedetectd.app.run import run
from gamedetectd.engine.loop import Engine
from gamedetectd.facts.room import FactsRoom

fault, file = sys.argv[1], Path(sys.argv[2])
begin = threading.Event()


def leak(self, stop, leaked=[], real=FactsRoom.run):  # noqa: B006 - it is to be kept
    begin.wait()
    while not stop.wait(0.01):
        leaked.append(b"x" * 5_000_000)
    real(self, stop)


def hang(self, real=Engine.step):
    if begin.is_set():
        threading.Event().wait(60)
    real(self)


if not file.exists():
    file.touch()
    if fault == "hang":
        Engine.step = hang
    else:
        FactsRoom.run = leak
    threading.Timer(4.0, begin.set).start()
run(headless=True)

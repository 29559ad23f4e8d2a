"""A vision child that does everything wrong: each way ends in a clear error for who asked."""

import os
import sys
import time
from pathlib import Path

from gamedetectd.vision import wire

ANSWER = wire.Unseen(wire.Outcome.GONE, "Gone.")


def main():
    """What it does is in its file of references, whose name it is given."""
    how = Path(sys.argv[2]).name
    for _line in sys.stdin.buffer:
        globals()[how.removesuffix(".gdr")]()


def say(value):
    sys.stdout.buffer.write(value if isinstance(value, bytes) else wire.line(value))
    sys.stdout.flush()


def well():
    say(ANSWER)
    say(wire.Done())


def hangs():
    say(ANSWER)
    time.sleep(100)


def crashes():
    os.abort()


def raises():
    raise RuntimeError("an error of ours")


def leaves():
    say(ANSWER)
    sys.exit(0)


def grows():
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def floods():
    while True:
        say(b"x" * 100_000)


def floods_in_lines():
    while True:
        say(ANSWER)


def nonsense():
    say(b"[" * 100_000 + b"\n")


def another_form():
    say(b'{"answer":"seen","blank":7}\n')


def fails():
    say(wire.Failed("GD863", "It is broken.", "Mend it."))


def fails_unknown():
    say(wire.Failed("GD999", "It is broken.", "Mend it."))

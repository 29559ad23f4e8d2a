"""The child's life: reads a request a line, answers with labels and numbers, ends with its input.

``main`` runs in a process of its own, held to memory and time (``platforms.children.held``), with two arguments: the
directory of the models, and the person's file of references. What it needs is loaded for the first request that does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from gamedetectd.errors import GamedetectdError, VisionError
from gamedetectd.vision import wire
from gamedetectd.vision.child import bench, learning, looking, packs
from gamedetectd.vision.child.state import Answers, State

ANSWERS: Mapping[type, Callable[..., Answers]] = {
    wire.LookAtPicture: looking.look_at_picture,
    wire.LookAtWindow: looking.look_at_window,
    wire.Learn: learning.learn,
    wire.ListReferences: packs.list_references,
    wire.Forget: packs.forget,
    wire.Export: packs.export,
    wire.Import: packs.import_,
    wire.Bench: bench.measured,
}
"""What answers each request; raises GamedetectdError."""


def main() -> None:
    """Answer until the input ends; nothing but answers gets onto the output, whatever a library prints."""
    state = State(Path(sys.argv[1]), Path(sys.argv[2]))
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as told:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin.buffer:
            _answer(state, line, told)
    state.capture.close()


def _answer(state: State, line: bytes, told: BinaryIO) -> None:
    try:
        request = wire.read_request(line)
        for answer in ANSWERS[type(request)](state, request):
            _tell(told, answer)
        _tell(told, wire.Done())
    except GamedetectdError as error:
        _tell(told, wire.Failed(error.code, error.cause, error.remedy))
    except ValueError as error:
        _tell(told, wire.Failed(VisionError.code, f"The request is none: {error}.", "Report this."))


def _tell(told: BinaryIO, answer: wire.Answer) -> None:
    told.write(wire.line(answer))
    told.flush()

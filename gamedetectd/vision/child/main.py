"""The child's life: reads a request a line, answers with labels and numbers, ends with its input.

``main`` runs in a process of its own, held to memory and time (``platforms.children.held``), with two arguments: the
directory of the models, and the person's file of references. What it needs is loaded for the first request that does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from gamedetectd.vision import wire
from gamedetectd.vision.child import bench, learning, looking, packs
from gamedetectd.vision.child.serving import serve
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
    """Answer until the input ends."""
    state = State(Path(sys.argv[1]), Path(sys.argv[2]))
    serve(wire.read_request, lambda request: ANSWERS[type(request)](state, request))
    state.capture.close()

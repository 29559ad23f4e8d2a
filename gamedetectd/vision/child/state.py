"""What the child keeps between requests: eyes, references, and the frames of the window it looked at last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gamedetectd.errors import ReferencesError
from gamedetectd.vision import wire
from gamedetectd.vision.child.capture import Capture
from gamedetectd.vision.child.decision import Sequence
from gamedetectd.vision.child.eyes import Eyes
from gamedetectd.vision.child.references import References, Store, fingerprint

Answers = Iterator[wire.Told]


class State:
    """Everything is loaded when it is first asked for."""

    def __init__(self, models: Path, references: Path) -> None:
        self._models = models
        self._file = references
        self._eyes: Eyes | None = None
        self._sequence: tuple[object, Sequence] | None = None
        self.known: References | None = None
        self.capture = Capture()

    @property
    def eyes(self) -> Eyes:
        """The loaded models. Raises as ``Eyes.load`` does."""
        if self._eyes is None:
            self._eyes = Eyes.load(self._models)
        return self._eyes

    def store(self) -> Store:
        """The person's references, comparable with the models in use. Raises as ``Eyes.load`` does."""
        return Store(self._file, *fingerprint(self._models))

    def load_references(self) -> Answers:
        """Load what titles are known by; said once where that cannot be used, and then no title is told."""
        if self.known is None:
            self.known = References()
            try:
                self.known = self.store().load()
            except ReferencesError as error:
                yield wire.NoTitles(error.code, error.cause, error.remedy)

    def frames_of(self, whose: object, *, stream: bool) -> Sequence:
        """The frames so far of the same window; none for what stands alone (None)."""
        key = (whose, stream)
        if whose is None or self._sequence is None or self._sequence[0] != key:
            self._sequence = (key, Sequence(self.eyes.heads, stream=stream))
        return self._sequence[1]

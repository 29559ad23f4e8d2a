"""Asks the child process that looks at the screen, and holds it to its limits. The daemon knows nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from gamedetectd import errors
from gamedetectd.errors import GamedetectdError, VisionChildError
from gamedetectd.observability.correlation import child_environment
from gamedetectd.platforms.children import held
from gamedetectd.vision import model_files, reading_parts, wire

CHILD = "gamedetectd.vision.child.main"
READER = "gamedetectd.vision.child.reader"
"""Named, not imported: what they need is their own affair."""
REFERENCES = "references.gdr"
"""The file below the data directory that keeps what titles look like."""
MEMORY = 210_000_000
"""Bytes that the child may take beyond an empty Python, which has ten million of its own."""
READING_MEMORY = 280_000_000
"""The same for the child that reads, whose libraries alone set a hundred million aside; half of it is ever used."""
MAPPED = 600_000_000
"""Bytes of libraries that it may map besides: they are files, and mostly never read."""
PATIENCE = 20.0
"""Seconds for one answer, the child's start included; ten times what a slow machine needs."""
READING_PATIENCE = 40.0
"""The same for the child that reads."""
PROCESSOR = 86_400
"""Seconds of the processor's time in all, for those whose batch takes a day; an answer has ``PATIENCE`` anyway."""
OUTPUT = 1_000_000
"""Bytes of one answer."""
MOST_ANSWERS = 200_000
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Libraries that would start a thread for each processor, with memory for each."""
LITTLE_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "1000000",
    "MALLOC_MMAP_THRESHOLD_": "1000000",
}
"""Has glibc give back at once what a network no longer needs: a third of what reading takes. Others know none of it."""

_REPORTED: dict[str, type[GamedetectdError]] = {
    kind.code: kind
    for kind in (
        errors.VisionError,
        errors.ReferencesError,
        errors.LearnError,
        errors.ModelMissingError,
        errors.ModelDamagedError,
        errors.ModelShapeError,
        errors.PictureError,
        errors.DisplayGoneError,
        errors.PermissionsError,
    )
}
"""What the child reports comes out as what it was there."""


class _Child:
    """A held child that answers requests: what every child of vision has in common."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        limits: held.Limits,
        program: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._patience = limits.seconds
        around = {**child_environment({}), **ONE_THREAD, **(environment or {})}
        try:
            self._child = held.Child(module, arguments, limits, around, program=program)
        except OSError as error:
            raise _failed(f"could not be started: {error.strerror or error}") from error
        self._lines = self._child.lines()
        self._asked = False

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def ask(self, request: wire.Request | wire.Reading) -> Iterator[wire.Told]:
        """What it answers, as it comes. Raises what it reports, and VisionChildError where it ends without an answer.

        An answer that is not read to its end ends the child.
        """
        pause = getattr(request, "pause", 0.0)
        try:
            if self._asked:
                raise _failed("still had an answer to give")
            self._asked = True
            self._child.again(self._patience)
            self._child.write(wire.line(request))
            for told in self._answers(pause):
                if isinstance(told, wire.Done):
                    self._asked = False
                    return
                if isinstance(told, wire.Failed):
                    self._asked = False
                    raise _REPORTED.get(told.code, errors.VisionError)(told.cause, told.remedy)
                yield told
        finally:
            if self._asked:
                self.close()

    def close(self) -> None:
        """End it; fine if it has ended."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _answers(self, pause: float) -> Iterator[wire.Answer]:
        """What it says; each answer has its own time, and the end of the child is an error."""
        try:
            for number, line in enumerate(self._lines):
                self._child.again(self._patience + pause)
                if number > MOST_ANSWERS:
                    raise _failed("talked without an end")
                yield wire.read_answer(line)
            self._child.finish()
        except held.ChildError as error:
            raise _failed(str(error)) from error
        except (ValueError, RecursionError) as error:
            raise _failed("said what nobody understands") from error
        raise _failed("ended before it had answered")


class VisionChild(_Child):
    """The child: ``with VisionChild(references) as eyes: for told in eyes.ask(LookAtWindow(…)): …``.

    It loads its models for the first question that needs them (a third of a second), and ends with the block. Ask one
    thing at a time, from the thread that made it. Raises VisionMissingError, ModelMissingError, VisionChildError.
    """

    def __init__(
        self, references: Path, *, patience: float = PATIENCE, memory: int = MEMORY, cpu: int = PROCESSOR
    ) -> None:
        model_files.insist_on_parts()
        arguments = (str(model_files.models()), str(references))
        super().__init__(CHILD, arguments, held.Limits(patience, memory, OUTPUT, cpu, MAPPED), model_files.program())


class ReadingChild(_Child):
    """The child that reads title screens, to be asked in the same way.

    It loads its models, for a second of the processor, when it first reads. Raises ReadingMissingError,
    VisionChildError.
    """

    def __init__(self, *, patience: float = READING_PATIENCE, memory: int = READING_MEMORY) -> None:
        reading_parts.insist_on_parts()
        limits = held.Limits(patience, memory, OUTPUT, PROCESSOR, MAPPED)
        super().__init__(READER, (), limits, environment=LITTLE_MEMORY)


def references_file(data: Path) -> Path:
    """Where references are kept, below the data directory."""
    return data / "vision" / REFERENCES


def _failed(why: str) -> VisionChildError:
    return VisionChildError(
        f"It {why}.",
        "Try again; if it stays so, `gamedetectd doctor` tells what is missing, and `gamedetectd logs` why.",
    )

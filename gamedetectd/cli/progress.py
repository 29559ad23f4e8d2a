"""How far a long job is, on standard error: a bar on a terminal, one line elsewhere, nothing for what takes no time."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 1.0
"""What takes less is not worth a word."""


class Bar:
    """Give ``show`` to the job, which calls it with what is done and the whole (0 where nobody knows).

    Both are bytes, or pieces of another kind where ``pieces`` says so.
    """

    def __init__(self, what: str, *, pieces: bool = False) -> None:
        self._what = what
        self._pieces = pieces
        self._started = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if time.monotonic() - self._started < QUIET_SECONDS:
            return
        if sys.stderr.isatty():
            self._draw(done, total)
        elif not self._said:
            self._said = True
            typer.echo(f"{self._what} …", err=True)

    def _draw(self, done: int, total: int) -> None:
        if self._bar is None or self._task is None:
            self._bar = _bar(pieces=self._pieces)
            self._task = self._bar.add_task(self._what, total=total or None)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total or None)


def _bar(*, pieces: bool) -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn() if pieces else DownloadColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)

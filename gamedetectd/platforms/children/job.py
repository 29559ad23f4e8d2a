"""Windows: a child and all that it starts live in a job object, which limits them and ends with our handle to it.

It is started suspended and let go once it is in the job: Python's launcher in a virtual environment starts the real
Python at once, and that one must be in the job too.
https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from gamedetectd.platforms.win32 import kernel32, kernel32_jobs

if TYPE_CHECKING:
    from gamedetectd.platforms.children.held import Limits

CREATE_SUSPENDED = 0x00000004
BARE_PYTHON = 40_000_000
"""Bytes an empty Python commits on Windows, rounded up: its limit counts from zero."""

if sys.platform == "win32":

    class HeldGroup:
        """The job of one child."""

        def __init__(self, job: int) -> None:
            self._job: int | None = job

        @classmethod
        def start(
            cls,
            command: Sequence[str],
            environment: Mapping[str, str],
            limits: Limits | None,
            *,
            heard: bool = True,
            **more: Any,
        ) -> tuple[subprocess.Popen[bytes], Self]:
            """``more`` is for ``Popen``, such as other streams. Raises OSError."""
            import psutil

            group = cls(kernel32_jobs.make_job(*_bounds(limits)))
            streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            if not heard:
                streams["stderr"] = subprocess.DEVNULL
            try:
                process = subprocess.Popen(
                    command,
                    env=environment,
                    creationflags=subprocess.CREATE_NO_WINDOW | CREATE_SUSPENDED,
                    **{**streams, **more},
                )
                try:
                    kernel32_jobs.put_into_job(group._job or 0, int(process._handle))  # type: ignore[attr-defined]  # noqa: SLF001
                    psutil.Process(process.pid).resume()
                except BaseException:
                    process.kill()
                    raise
            except psutil.Error as error:
                group.close()
                raise OSError(str(error)) from error
            except OSError:
                group.close()
                raise
            return process, group

        def kill(self, _process: subprocess.Popen[bytes]) -> None:
            """End all that is in the job."""
            if self._job is not None:
                kernel32_jobs.end_job(self._job)

        def close(self) -> None:
            """Give the handle back; what is still in the job ends."""
            job, self._job = self._job, None
            if job is not None:
                kernel32.close(job)

    def _bounds(limits: Limits | None) -> tuple[int | None, int | None]:
        """Bytes and seconds of the processor for a job; None for a program that may take what it needs."""
        if limits is None:
            return None, None
        return limits.memory + BARE_PYTHON, limits.cpu if limits.cpu is not None else int(limits.seconds) + 1

"""How a source says that it needs a moment, without making the room wait for it."""

from __future__ import annotations


class Later(Exception):  # noqa: N818 - a request, not an error
    """Ask again for the same facts after ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ask again in {seconds:g} s")
        self.seconds = seconds

"""What sources of facts have in common: whom the facts are about, and text of one line."""

from __future__ import annotations

from gamedetectd.domain import Facts, ProcessInfo


def printable(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters: control characters and runs of blanks become one blank."""
    cleaned = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    return " ".join(cleaned.split())[:limit]


def subject(facts: Facts) -> ProcessInfo | None:
    """The process the facts are about: the one that owns the window, else the last."""
    if facts.window is not None and facts.window.pid:
        for process in facts.processes:
            if process.pid == facts.window.pid:
                return process
    return facts.processes[-1] if facts.processes else None

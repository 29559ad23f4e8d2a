"""The pieces of the facts format: a line as JSON within limits; processes, windows and screen labels both ways."""

from __future__ import annotations

from typing import Any

import msgspec

from gamedetectd.domain import Bounds, ProcessInfo, ProcessKey, ScreenLabels, Window
from gamedetectd.errors import FactsError

LONGEST_LINE = 8_000_000
"""Bytes of one line beyond which it is refused."""
DEEPEST = 64
"""Levels of nesting beyond which a line is refused."""


class ProcessLine(msgspec.Struct):
    """One process as a line has it."""

    pid: int | None = None
    ppid: int | None = None
    exe: str | None = None
    argv: list[str] | str | None = None
    cwd: str | None = None
    env: dict[str, str | int | float | None] | None = None
    user: str | None = None
    comm: str | None = None
    boot_id: str | None = None
    start_ticks: int | None = None
    started_elapsed: float | None = None


class BoundsLine(msgspec.Struct):
    """A rectangle in px."""

    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


class WindowLine(msgspec.Struct):
    """A window as a line has it; bounds are an object or ``[x, y, width, height]``."""

    pid: int | None = None
    title: str | None = None
    class_name: str | None = msgspec.field(name="class", default=None)
    fullscreen: bool | None = None
    bounds: BoundsLine | list[float] | None = None
    handle: int | None = None
    monitor: str | None = None


_decoder = msgspec.json.Decoder()


def decode(line: bytes | str) -> dict[str, Any]:
    """One line as a JSON object; FactsError where it is none, too long or too deep."""
    data = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
    if len(data) > LONGEST_LINE:
        raise FactsError(
            f"The line is {len(data)} bytes long; {LONGEST_LINE} are allowed.",
            "Split the facts or leave out file lists.",
        )
    if _depth(data) > DEEPEST:
        raise FactsError(f"The line is nested more than {DEEPEST} levels deep.", "Facts need three levels.")
    try:
        value = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FactsError(f"The line is not valid JSON: {error}.", "Write one JSON object a line, in UTF-8.") from error
    if not isinstance(value, dict):
        raise FactsError(
            "The line is not a JSON object.", 'Write one object a line, such as {"id": "1", "os": "linux"}.'
        )
    return value


def _depth(data: bytes) -> int:
    """How deep brackets nest, counted without a parser; brackets within strings count too, which only errs upwards
    for text full of opening brackets, so strings are skipped first where the cheap count is too high.
    """
    depth = deepest = 0
    in_string = escaped = False
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return 0
    for byte in data:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth -= 1
    return deepest


def read_process(raw: ProcessLine) -> ProcessInfo:
    """The process a line describes."""
    return ProcessInfo(
        key=ProcessKey(raw.boot_id or "", raw.pid or 0, raw.start_ticks or 0),
        parent_pid=raw.ppid or 0,
        exe=raw.exe or None,
        argv=(raw.argv,) if isinstance(raw.argv, str) else tuple(raw.argv or ()),
        cwd=raw.cwd or None,
        user=raw.user or None,
        environment={name: str(value) for name, value in (raw.env or {}).items() if value is not None},
        started_elapsed=raw.started_elapsed or 0.0,
        comm=raw.comm or "",
    )


def read_window(raw: WindowLine) -> Window:
    """The window a line describes."""
    box = raw.bounds
    if isinstance(box, list):
        box = BoundsLine(*box) if len(box) == 4 else None
    return Window(
        handle=raw.handle or 0,
        pid=raw.pid or 0,
        title=raw.title or "",
        class_name=raw.class_name or "",
        fullscreen=bool(raw.fullscreen),
        bounds=None if box is None else Bounds(_px(box.x), _px(box.y), _px(box.width), _px(box.height)),
        monitor=raw.monitor or "",
    )


def _px(value: float) -> int:
    """Whole pixels; what no screen has is cut off at 2**31."""
    return int(max(-(2.0**31), min(2.0**31, value)))


def dump_process(process: ProcessInfo) -> dict[str, Any]:
    """One process as the format has it; what is at its default is left out."""
    whole = {
        "pid": process.pid,
        "ppid": process.parent_pid,
        "exe": process.exe,
        "argv": list(process.argv),
        "cwd": process.cwd,
        "env": dict(process.environment),
        "user": process.user,
        "comm": process.comm,
        "boot_id": process.key.boot_id,
        "start_ticks": process.key.start_ticks,
        "started_elapsed": process.started_elapsed,
    }
    always = ("pid", "ppid", "exe", "argv")
    return {key: value for key, value in whole.items() if key in always or value not in (None, "", 0, 0.0, {})}


def dump_window(window: Window) -> dict[str, Any]:
    """One window as the format has it."""
    line: dict[str, Any] = {
        "pid": window.pid,
        "title": window.title,
        "class": window.class_name,
        "fullscreen": window.fullscreen,
        "bounds": None,
    }
    if window.bounds is not None:
        box = window.bounds
        line["bounds"] = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    if window.handle:
        line["handle"] = window.handle
    if window.monitor:
        line["monitor"] = window.monitor
    return line


def dump_screen(screen: ScreenLabels) -> dict[str, Any]:
    """Screen labels as the format has them."""
    labels: dict[str, Any] = {
        "game_probability": screen.game_probability,
        "title": screen.title,
        "title_score": screen.title_score,
    }
    told = {"decision": screen.decision, "read": screen.read}
    return labels | {key: text for key, text in told.items() if text}

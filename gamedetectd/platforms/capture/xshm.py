"""X11's MIT-SHM extension, which python-xlib does not have: pictures that the server writes into memory of ours.

Requests as in https://gitlab.freedesktop.org/xorg/proto/xorgproto, ``shmproto.h``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from Xlib.error import CatchError
from Xlib.protocol import rq

from gamedetectd.platforms.capture.sysv_memory import SharedMemory

if TYPE_CHECKING:
    from Xlib.display import Display

NAME = "MIT-SHM"
Z_PIXMAP, ALL_PLANES = 2, 0xFFFFFFFF


class _Attach(rq.Request):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(1),
        rq.RequestLength(),
        rq.Card32("segment"),
        rq.Card32("id"),
        rq.Bool("read_only"),
        rq.Pad(3),
    )


class _Detach(rq.Request):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(2), rq.RequestLength(), rq.Card32("segment"))


class _GetImage(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(4),
        rq.RequestLength(),
        rq.Card32("drawable"),
        rq.Int16("x"),
        rq.Int16("y"),
        rq.Card16("width"),
        rq.Card16("height"),
        rq.Card32("planes"),
        rq.Card8("format"),
        rq.Pad(3),
        rq.Card32("segment"),
        rq.Card32("offset"),
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Card8("depth"),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card32("visual"),
        rq.Card32("size"),
        rq.Pad(16),
    )


class Segment:
    """Memory that this process and the server share. Raises OSError where the server has none or refuses ours."""

    def __init__(self, display: Display, size: int) -> None:
        self._display = display
        self._opcode = _opcode(display)
        self._memory = SharedMemory(size)
        self._segment = display.display.allocate_resource_id()
        refused = CatchError()
        try:
            self._ask(_Attach, onerror=refused, id=self._memory.id, read_only=0)
            display.sync()
        finally:
            self._memory.forget()
        if refused.get_error() is not None:
            self._memory.close()
            raise OSError("the X server does not share memory with this process")

    @property
    def size(self) -> int:
        """In bytes."""
        return self._memory.size

    def picture(self, drawable: int, x: int, y: int, width: int, height: int) -> memoryview:
        """The pixels of a rectangle, until the next call. Raises XError."""
        answer: Any = self._ask(
            _GetImage,
            drawable=drawable,
            x=x,
            y=y,
            width=width,
            height=height,
            planes=ALL_PLANES,
            format=Z_PIXMAP,
            offset=0,
        )
        return self._memory.data[: answer.size]

    def close(self) -> None:
        """Let go of it, on a living connection."""
        self._ask(_Detach)
        self._memory.close()

    def _ask(self, kind: Any, **fields: object) -> Any:
        return kind(display=self._display.display, opcode=self._opcode, segment=self._segment, **fields)


def _opcode(display: Display) -> int:
    found = display.query_extension(NAME)
    if found is None or not found.present:
        raise OSError(f"the X server has no {NAME}")
    return int(found.major_opcode)

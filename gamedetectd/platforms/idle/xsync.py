"""The part of X11's SYNC extension that idle detection needs: alarms on the server's own IDLETIME counter.

python-xlib lacks this extension. Three requests are defined here in its own terms (X Synchronization Extension Protocol
3.1): with them the server says when the person stopped or resumed, so that nobody has to ask every second. The alarms'
events need no definition: whatever arrives only means that it is time to look.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from Xlib.display import Display

EXTENSION = "SYNC"
_ALL_VALUES = 0x3F
_ABSOLUTE = 0
POSITIVE_TRANSITION = 0
NEGATIVE_TRANSITION = 1


@cache
def _requests() -> tuple[type[Any], type[Any], type[Any]]:
    """Initialize, ListSystemCounters and CreateAlarm; made on first use, for python-xlib is on Linux only."""
    from Xlib.protocol import rq

    def head(number: int, *fields: rq.Field) -> rq.Struct:
        return rq.Struct(rq.Card8("opcode"), rq.Opcode(number), rq.RequestLength(), *fields)

    def reply(*fields: rq.Field) -> rq.Struct:
        return rq.Struct(rq.ReplyCode(), rq.Pad(1), rq.Card16("sequence_number"), rq.ReplyLength(), *fields)

    class Initialize(rq.ReplyRequest):
        _request = head(0, rq.Card8("major"), rq.Card8("minor"), rq.Pad(2))
        _reply = reply(rq.Card8("major"), rq.Card8("minor"), rq.Pad(22))

    class ListSystemCounters(rq.ReplyRequest):
        _request = head(1)
        _reply = reply(rq.Card32("count"), rq.Pad(20), rq.Binary("counters"))

    class CreateAlarm(rq.Request):
        _request = head(
            8,
            rq.Card32("alarm"),
            rq.Card32("value_mask"),
            rq.Card32("counter"),
            rq.Card32("value_type"),
            rq.Int32("value_high"),
            rq.Card32("value_low"),
            rq.Card32("test_type"),
            rq.Int32("delta_high"),
            rq.Card32("delta_low"),
            rq.Card32("events"),
        )

    return Initialize, ListSystemCounters, CreateAlarm


def parse_counters(count: int, data: bytes) -> dict[str, int]:
    """The system counters' names and numbers: each a number, its resolution (two words), a length and a name,
    padded to four bytes. A list that is cut short yields what it holds.
    """
    counters = {}
    offset = 0
    for _ in range(count):
        if offset + 14 > len(data):
            break
        number, _high, _low, length = struct.unpack_from("=IiIH", data, offset)
        name = data[offset + 14 : offset + 14 + length]
        counters[name.decode("latin-1")] = number
        offset += (14 + length + 3) // 4 * 4
    return counters


def alarm_on_idle(display: Display, milliseconds: int) -> bool:
    """Have the server send an event whenever its idle time grows past ``milliseconds`` or falls below it again.

    False where it has no such counter. Raises Xlib's own errors, as its requests do.
    """
    extension = display.query_extension(EXTENSION)
    if extension is None:
        return False
    opcode = extension.major_opcode
    initialize, list_counters, create_alarm = _requests()
    initialize(display=display.display, opcode=opcode, major=3, minor=1)
    listed = list_counters(display=display.display, opcode=opcode)
    counter = parse_counters(listed.count, bytes(listed.counters)).get("IDLETIME")
    if counter is None:
        return False
    for test in (POSITIVE_TRANSITION, NEGATIVE_TRANSITION):
        create_alarm(
            display=display.display,
            opcode=opcode,
            alarm=display.display.allocate_resource_id(),
            value_mask=_ALL_VALUES,
            counter=counter,
            value_type=_ABSOLUTE,
            value_high=0,
            value_low=milliseconds,
            test_type=test,
            delta_high=0,
            delta_low=0,
            events=1,
        )
    display.flush()
    return True

"""The person's calendar: where days and hours begin in a time zone, over changes of the clock. Pure but for the zone.

A span of time is cut into stretches in which the zone's distance from UTC does not change, so that days and hours can
be told there by adding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

DAY = 86_400
_LAST = 253_402_214_400 - DAY
"""Wall time: a day before the last that the calendar can hold."""
_SYSTEMS_LAST = 32_535_216_000 - DAY
"""Wall time: a day before the year 3000 ends, where the system's own zone ends on Windows; its offset goes on."""
_STRIDE = 7 * DAY
"""No zone changes its clock twice within that."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``begin`` to before ``end`` (wall time) the zone is ``offset`` seconds ahead of UTC."""

    begin: float
    end: float
    offset: int


def offset_at(wall: float, zone: tzinfo | None) -> int:
    """Seconds by which the zone (None: the system's own) is ahead of UTC at a wall time."""
    last = _SYSTEMS_LAST if zone is None else _LAST
    moment = datetime.fromtimestamp(min(max(wall, DAY), last), UTC).astimezone(zone)
    ahead = moment.utcoffset()
    return 0 if ahead is None else round(ahead.total_seconds())


def stretches(begin: float, end: float, zone: tzinfo | None) -> Iterator[Stretch]:
    """The span from ``begin`` to ``end`` (wall time) in stretches of one offset, in order."""
    start, offset, place = begin, offset_at(begin, zone), begin
    while place < end:
        following = min(place + _STRIDE, end)
        if (other := offset_at(following, zone)) != offset:
            change = _change(place, following, offset, zone)
            yield Stretch(start, change, offset)
            start, offset = change, other
        place = following
    if start < end:
        yield Stretch(start, end, offset)


def local_day(wall: float, zone: tzinfo | None) -> date:
    """The day of a wall time in the zone."""
    return day_of(_day_number(wall, zone))


def midnight(day: date, zone: tzinfo | None) -> float:
    """When the day begins in the zone, as wall time; where the clock skips midnight, the first moment after it."""
    number = number_of(day)
    low, high = (number - 1) * DAY, (number + 1) * DAY
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _day_number(middle, zone) >= number else (middle, high)
    return float(high)


def day_of(number: int) -> date:
    """The day that comes ``number`` days after the first of 1970."""
    return _EPOCH + timedelta(days=number)


def number_of(day: date) -> int:
    """How many days after the first of 1970 a day comes."""
    return (day - _EPOCH).days


def _day_number(wall: float, zone: tzinfo | None) -> int:
    held = min(max(wall, 0.0), _LAST)
    return int((held + offset_at(held, zone)) // DAY)


def _change(before: float, after: float, offset: int, zone: tzinfo | None) -> float:
    """The first whole second from ``before`` to ``after`` at which the offset is another."""
    low, high = int(before), int(after)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return float(high)

"""Reads protocol buffers without their description: only the wire format, within limits.

Format: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gamedetectd.library.files import UnreadableError

FIELDS_LIMIT = 100_000
"""Fields of one message."""

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_VARINT_BYTES = 10

Message = Mapping[int, Sequence[int | bytes]]


def parse_message(data: bytes) -> Message:
    """The values of a message by field number, in order: numbers, or the bytes of texts and of messages inside.

    Raises UnreadableError for anything that is no message.
    """
    fields: dict[int, list[int | bytes]] = {}
    position = count = 0
    while position < len(data):
        count += 1
        if count > FIELDS_LIMIT:
            raise UnreadableError("It has too many fields.")
        tag, position = _number(data, position)
        kind, number = tag & 7, tag >> 3
        value: int | bytes
        if kind == _VARINT:
            value, position = _number(data, position)
        else:
            size, position = _size(kind, data, position)
            if number == 0 or size > len(data) - position:
                raise UnreadableError("It ends in the middle of a field.")
            value, position = data[position : position + size], position + size
        fields.setdefault(number, []).append(value)
    return fields


def message_in(message: Message, number: int) -> Message:
    """The message in a field, the last one where it is repeated; an empty one where there is none.

    Raises UnreadableError.
    """
    value = last(message, number)
    return parse_message(value) if isinstance(value, bytes) else {}


def text_in(message: Message, number: int) -> str:
    """The text in a field, or ""."""
    value = last(message, number)
    return value.decode("utf-8", "replace").replace("\0", "").strip() if isinstance(value, bytes) else ""


def last(message: Message, number: int) -> int | bytes | None:
    """The value that counts where a field is repeated."""
    values = message.get(number)
    return values[-1] if values else None


def _size(kind: int, data: bytes, position: int) -> tuple[int, int]:
    if kind == _BYTES:
        return _number(data, position)
    if kind in (_FIXED_32, _FIXED_64):
        return (4 if kind == _FIXED_32 else 8), position
    raise UnreadableError("It is not a protocol buffer of a kind that is known.")


def _number(data: bytes, position: int) -> tuple[int, int]:
    """A variable-length number and where it ends."""
    value = 0
    for index in range(_VARINT_BYTES):
        if position + index >= len(data):
            raise UnreadableError("It ends in the middle of a number.")
        byte = data[position + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, position + index + 1
    raise UnreadableError("It has a number that is too long.")

"""Pictures of the kinds that covers come as: their heads are right, what they show is nothing."""

import struct
import zlib


def png(width=600, height=900):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg(width=600, height=900):
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + app0 + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(20)


def webp(form, width=600, height=900):
    if form == b"VP8X":
        body = bytes(8) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif form == b"VP8 ":
        body = bytes(7) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height)
    else:
        body = bytes(4) + b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + bytes(10)
    return b"RIFF" + bytes(4) + b"WEBP" + form + body

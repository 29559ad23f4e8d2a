"""Registries to test with, written as regedit writes them, and what Battle.net's agent keeps beside them."""

import struct

from gamedetectd.platforms.registry.files import ExportedRegistry

UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_32 = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
_HIVES = {"HKLM": "HKEY_LOCAL_MACHINE", "HKCU": "HKEY_CURRENT_USER"}


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def spelt(value):
    if isinstance(value, int):
        return f"dword:{value:08x}"
    if isinstance(value, bytes):
        return "hex:" + ",".join(f"{byte:02x}" for byte in value)
    return quoted(value)


def as_reg(keys):
    """The text of a file that holds these keys: ``{path: {name: value}}``."""
    lines = ["Windows Registry Editor Version 5.00", ""]
    for path, values in keys.items():
        hive, _, rest = path.partition("\\")
        lines.append(f"[{_HIVES[hive]}\\{rest}]")
        lines += [f"{quoted(name) if name else '@'}={spelt(value)}" for name, value in values.items()]
        lines.append("")
    return "\r\n".join(lines)


def exported(directory, keys):
    """A registry with these keys, in a file of its own below ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "exported.reg"
    file.write_bytes(b"\xff\xfe" + as_reg(keys).encode("utf-16-le"))
    return ExportedRegistry([file])


def number(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(index, value):
    if isinstance(value, int):
        return number(index << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(index << 3 | 2) + number(len(data)) + data


def product(name, code, directory, *, installed=1):
    settings = field(1, directory) + field(2, "eu") + number(3 << 3) + number(2)
    state = field(1, field(1, installed) + field(2, 1) + number(7 << 3 | 1) + struct.pack("<d", 0.5))
    return field(
        1, field(1, name) + field(2, code) + field(3, settings) + field(4, state) + number(9 << 3 | 5) + b"1234"
    )

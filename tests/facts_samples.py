"""Builders for tests of facts: processes, a small /proc, desktop files, a Windows program with a version resource."""

import os
import struct

import pytest

from gamedetectd.domain import Facts, ProcessInfo, ProcessKey, Window


def make_pipe(path):
    """A named pipe, which makes whoever opens it wait for ever; the test is skipped where there are none."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(path)


def process(exe, *argv, pid=300, parent=1, cwd="/", env=None, ticks=1):
    """A process; without ``argv`` it was started by its own path."""
    return ProcessInfo(
        key=ProcessKey("boot", pid, ticks),
        parent_pid=parent,
        exe=exe,
        argv=argv or ((exe,) if exe else ()),
        cwd=cwd,
        environment=env or {},
    )


def chain(*commands, window_class=None, **last):
    """Facts of processes that started one another, given as ``(exe, *argv)``, the oldest first."""
    count = len(commands)
    processes = tuple(
        process(*command, pid=100 + place, parent=99 + place, **(last if place == count - 1 else {}))
        for place, command in enumerate(commands)
    )
    window = Window(pid=99 + count, class_name=window_class) if window_class is not None else None
    return Facts(processes=processes, window=window, gathered=frozenset())


def proc_directory(root, pid, ticks=1, comm="game", **files):
    """``root/PID`` as /proc shows a process, with a ``stat`` that tells its start, and further files."""
    directory = root / str(pid)
    directory.mkdir(parents=True)
    (directory / "stat").write_bytes(f"{pid} ({comm}) S 1 ".encode() + b"0 " * 17 + b"%d 0 0\n" % ticks)
    for name, text in files.items():
        (directory / name).write_text(text)
    return directory


def drm_client(directory, descriptor, text, device="/dev/dri/renderD128"):
    """An open graphics device of the process in ``directory``, with the kernel's counters for it."""
    (directory / "fd").mkdir(exist_ok=True)
    (directory / "fdinfo").mkdir(exist_ok=True)
    (directory / "fd" / descriptor).unlink(missing_ok=True)
    (directory / "fd" / descriptor).symlink_to(device)
    (directory / "fdinfo" / descriptor).write_text(text)


def desktop_file(directory, file_name, **keys):
    """A desktop file; ``Name`` and ``Exec`` are what a test must give, the rest is usual."""
    lines = {"Type": "Application", "Categories": "Game;", **keys}
    path = directory / f"{file_name}.desktop"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in lines.items()))
    return path


# --- a Windows program ------------------------------------------------------------------------------------------------


def windows_program(german=None, **strings):
    """The bytes of a small 64-bit Windows program with a version resource in English and, before it, in German."""
    versions = {0x407: ("040704B0", german)} if german else {}
    versions[0x409] = ("040904B0", strings)
    rsrc = _resources({number: _version_resource(*texts) for number, texts in versions.items()})
    raw_size = (len(rsrc) + 0x1FF) & ~0x1FF
    dos = b"MZ" + b"\0" * 58 + struct.pack("<I", 64)
    coff = struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x22)
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 0, 0, raw_size, 0, 0x1000, 0x1000)
    optional += struct.pack("<QIIHHHHHHIIIIHH", 0x140000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x3000, 0x200, 0, 2, 0)
    optional += struct.pack("<QQQQII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    directories = [(0, 0)] * 16
    directories[2] = (0x1000, len(rsrc))
    optional += b"".join(struct.pack("<II", *place) for place in directories)
    section = b".rsrc\0\0\0" + struct.pack("<IIIIIIHHI", len(rsrc), 0x1000, raw_size, 0x200, 0, 0, 0, 0, 0x40000040)
    head = dos + b"PE\0\0" + coff + optional + section
    return head.ljust(0x200, b"\0") + rsrc.ljust(raw_size, b"\0")


def _resources(versions):
    """A resource tree: type 16 (version), id 1, and for each language number a version resource."""
    tree = b"".join(_directory([(number, 24 * (level + 1) | 0x80000000)]) for level, number in enumerate((16, 1)))
    leaves = len(tree) + 16 + 8 * len(versions)
    tree += _directory([(number, leaves + 16 * place) for place, number in enumerate(versions)])
    texts = b""
    for version in versions.values():
        place = 0x1000 + leaves + 16 * len(versions) + len(texts)
        tree += struct.pack("<IIII", place, len(version), 0, 0)
        texts += _padded(version)
    return tree + texts


def _directory(entries):
    return struct.pack("<IIHHHH", 0, 0, 0, 0, 0, len(entries)) + b"".join(struct.pack("<II", *one) for one in entries)


def _version_resource(language, strings):
    table = _block(language, b"", [_text(*item) for item in strings.items()])
    fixed = struct.pack("<IIIIIIIIIIIII", 0xFEEF04BD, 0x10000, 1, 0, 1, 0, 0x3F, 0, 0x40004, 1, 0, 0, 0)
    return _block("VS_VERSION_INFO", fixed, [_block("StringFileInfo", b"", [table])])


def _text(key, value):
    return _block(key, value.encode("utf-16-le") + b"\0\0", [], text=True)


def _block(key, value, children, *, text=False):
    """One node of the version tree: lengths, a key in UTF-16, a value and children, each on a 4-byte boundary."""
    body = _padded(b"\0" * 6 + key.encode("utf-16-le") + b"\0\0")
    body += value
    for child in children:
        body = _padded(body) + child
    value_length = len(value) // 2 if text else len(value)
    return struct.pack("<HHH", len(body), value_length, int(text or not value)) + body[6:]


def _padded(data):
    return data + b"\0" * (-len(data) % 4)

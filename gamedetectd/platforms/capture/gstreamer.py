"""One frame of a PipeWire stream, by GStreamer's own program: GNOME and KDE both bring its plug-in along.

The frame comes through a pipe and is written nowhere.
https://gitlab.freedesktop.org/pipewire/pipewire/-/tree/master/src/gst
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from gamedetectd.platforms.capture.shown import LARGEST, NotShown, Outcome
from gamedetectd.platforms.children.environment import child_environment

PROGRAM = "gst-launch-1.0"
SECONDS = 10.0
"""For one frame; the very first also has GStreamer look at all its plug-ins."""
MOST = 150_000_000
"""Bytes of one frame: one of 8K has 133 million."""
MOST_SAID = 1_000_000
READ_SIZE = 1 << 20
_CAPS = re.compile(rb"fdsink\S*:sink: caps = video/x-raw,[^\n]*")
_SIDE = re.compile(rb"(width|height)=\(int\)(\d{1,5})\b")
_MISSING = re.compile(rb'no element "(\w+)"')
_PACKAGES = {
    "pipewiresrc": "gstreamer1.0-pipewire (pipewire-gstreamer on Fedora, gst-plugin-pipewire on Arch)",
    "videoconvert": "gstreamer1.0-plugins-base (gst-plugins-base on Arch)",
    "fdsink": "gstreamer1.0-plugins-base (gst-plugins-base on Arch)",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Blue, green, red and nothing for each pixel; ``stride`` is bytes from one row to the next."""

    width: int
    height: int
    stride: int
    data: bytearray


def program() -> str:
    """Where it is. Raises NotShown, which says what to install."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise NotShown(
            Outcome.CANNOT,
            f"On this desktop {PROGRAM} takes pictures from PipeWire, which is not installed: install"
            " gstreamer1.0-tools and gstreamer1.0-pipewire (gstreamer1 and pipewire-gstreamer on Fedora).",
        )
    return found


def frame(remote: int, node: int) -> Frame:
    """The next frame of a stream, through this connection to PipeWire. Raises NotShown."""
    seen, shows = os.pipe()
    source = ("pipewiresrc", f"fd={remote}", f"path={node}", "num-buffers=1", "do-timestamp=true")
    shape = ("!", "videoconvert", "!", "video/x-raw,format=BGRx")
    command = (program(), "-v", *source, *shape, "!", "fdsink", f"fd={shows}", "sync=false")
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**child_environment(), "LC_ALL": "C", "LANGUAGE": "C"},
            pass_fds=(remote, shows),
        )
    except OSError as error:
        os.close(seen)
        raise NotShown(Outcome.CANNOT, f"{PROGRAM} gave no picture: {error}.") from error
    finally:
        os.close(shows)
    try:
        said, data = _read(process, seen)
    finally:
        process.kill()
        process.wait()
        os.close(seen)
        if process.stdout is not None:
            process.stdout.close()
    return _framed(said, data)


def _read(process: subprocess.Popen[bytes], picture: int) -> tuple[bytes, bytearray]:
    """What it says and the picture, until it ends. Raises NotShown where that is too much or takes too long."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said, data = bytearray(), bytearray()
    until = time.monotonic() + SECONDS
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ, said)
        ready.register(picture, selectors.EVENT_READ, data)
        while ready.get_map():
            for key, _ in ready.select(max(0.0, until - time.monotonic())):
                got = os.read(key.fd, READ_SIZE)
                key.data.extend(got)
                if not got:
                    ready.unregister(key.fileobj)
            if time.monotonic() > until:
                raise NotShown(Outcome.CANNOT, "The desktop's screen cast shows no picture.")
            if len(data) > MOST or len(said) > MOST_SAID:
                raise NotShown(Outcome.CANNOT, f"{PROGRAM} says more than a picture has.")
    with suppress(subprocess.TimeoutExpired):
        process.wait(1.0)
    return bytes(said), data


def _framed(said: bytes, data: bytearray) -> Frame:
    """The frame by what was said of it. Raises NotShown."""
    caps = _CAPS.findall(said)
    sides = {name: int(number) for name, number in _SIDE.findall(caps[-1])} if caps else {}
    width, height = sides.get(b"width", 0), sides.get(b"height", 0)
    if not data or not 0 < width <= LARGEST or not 0 < height <= LARGEST:
        raise NotShown(Outcome.CANNOT, _trouble(said))
    stride, rest = divmod(len(data), height)
    if rest or not 4 * width <= stride < 8 * width + 4096:
        raise NotShown(Outcome.CANNOT, f"{PROGRAM} gave half a picture.")
    return Frame(width, height, stride, data)


def _trouble(said: bytes) -> str:
    if missing := _MISSING.search(said):
        name = missing[1].decode()
        return f"GStreamer has no {name}: install {_PACKAGES.get(name, 'its plug-ins')}."
    errors = [line for line in said.decode(errors="replace").splitlines() if line.startswith("ERROR")]
    why = errors[0][:200] if errors else "it said nothing"
    return f"PipeWire gave no picture, as {PROGRAM} tells: {why}"

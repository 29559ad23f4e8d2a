"""What this process uses, and how busy the machine is: one cheap look, for health, metrics and ``api``.

Linux is read from ``/proc`` (a look costs a few dozen microseconds and no memory); elsewhere psutil tells.
"""

from __future__ import annotations

import sys

from gamedetectd.platforms.resources.reading import Meter, Resources

__all__ = ["Meter", "Resources", "resource_meter"]


def resource_meter() -> Meter:
    """What reads the resources of this process and this machine."""
    if sys.platform == "linux":
        from gamedetectd.platforms.resources.linux import LinuxMeter

        return LinuxMeter()
    from gamedetectd.platforms.resources.portable import PortableMeter

    return PortableMeter()

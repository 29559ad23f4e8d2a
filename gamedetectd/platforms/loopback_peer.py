"""Which account a program on this computer that connected to us over the loopback belongs to, where the system tells.

On Linux, ``/proc/net/tcp`` has the user id of each end of a connection (proc_pid_net(5)). On Windows other accounts
cannot see what a program was started with, which is what this is asked for; on macOS nobody tells.
"""

from __future__ import annotations

import os
import sys
from ipaddress import IPv4Address
from pathlib import Path

TABLE = Path("/proc/net/tcp")
_LOCAL, _REMOTE, _USER = 1, 2, 7
"""Columns."""
Address = tuple[str, int]


def of_another_account(client: Address, server: Address, table: Path = TABLE) -> bool:
    """True where the end at ``client`` of an IPv4 connection to ``server`` belongs to another account for certain."""
    if sys.platform != "linux":
        return False
    ends = _spelled(client), _spelled(server)
    try:
        with table.open(encoding="ascii") as lines:
            for line in lines:
                columns = line.split()
                if (columns[_LOCAL], columns[_REMOTE]) == ends:
                    return int(columns[_USER]) != os.geteuid()
    except (OSError, ValueError, IndexError):
        return False
    return False


def _spelled(address: Address) -> str:
    """As the table has it: the address as the processor keeps the network's four bytes, both in hexadecimal."""
    host, port = address
    number = int.from_bytes(IPv4Address(host).packed, sys.byteorder)
    return f"{number:08X}:{port:04X}"

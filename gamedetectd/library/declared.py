"""How far reading what is installed was tried; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

DECLARED = (
    Capability(
        Purpose.INSTALLED,
        LINUX,
        "the stores' files",
        Verified.RECORDED,
        remark="files as other projects' tests keep them; the system's own entries real",
    ),
    Capability(
        Purpose.INSTALLED,
        WINDOWS,
        "the stores' files and the registry (GameConfigStore among it)",
        Verified.RECORDED,
        remark="exported registries; winreg itself under Wine",
    ),
    Capability(Purpose.INSTALLED, MACOS, "the stores' files", Verified.TABLES),
)

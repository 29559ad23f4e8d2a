"""What store readers see of the machine they read: given from outside, so that any of them is tested on any system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gamedetectd.domain import System
from gamedetectd.interfaces import Registry


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``home`` is the person's home directory; ``drives`` are the roots that games may lie on (``C:/``, ``/``)."""

    system: System
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    registry: Registry | None = None
    drives: tuple[Path, ...] = ()

    def variable(self, name: str, default: Path) -> Path:
        """The directory an environment variable names, else ``default``."""
        value = self.environment.get(name, "")
        return Path(value) if value else default

    @property
    def config_home(self) -> Path:
        """``~/.config``, wherever the person has it."""
        return self.variable("XDG_CONFIG_HOME", self.home / ".config")

    @property
    def data_home(self) -> Path:
        """``~/.local/share``, wherever the person has it."""
        return self.variable("XDG_DATA_HOME", self.home / ".local" / "share")

    @property
    def app_data(self) -> Path:
        """Windows' ``%APPDATA%``."""
        return self.variable("APPDATA", self.home / "AppData" / "Roaming")

    @property
    def local_app_data(self) -> Path:
        """Windows' ``%LOCALAPPDATA%``."""
        return self.variable("LOCALAPPDATA", self.home / "AppData" / "Local")

    @property
    def program_data(self) -> Path:
        """Windows' ``%ProgramData%``."""
        return self.variable("PROGRAMDATA", Path("C:/ProgramData"))

    @property
    def application_support(self) -> Path:
        """Apple's ``~/Library/Application Support``."""
        return self.home / "Library" / "Application Support"

    def flatpak(self, application: str) -> Path:
        """Where a Flatpak application keeps its files: ``~/.var/app/ID``."""
        return self.home / ".var" / "app" / application

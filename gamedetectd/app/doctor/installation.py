"""Is everything of the program there: its own files, the libraries it stands on, and which system it runs on."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import gamedetectd
from gamedetectd import i18n
from gamedetectd.app.doctor.findings import PART_MISSING, RESOURCE_MISSING, Trouble
from gamedetectd.catalogue import builtin
from gamedetectd.control.doctor_shapes import PartRow
from gamedetectd.platforms.own_program import shell_word


@dataclass(frozen=True, slots=True)
class Part:
    """A library: what installs it, what imports it, the systems that need it ("" for all), and what for."""

    distribution: str
    module: str
    purpose: str
    system: str = ""


PARTS: tuple[Part, ...] = (
    Part("click", "click", "the command line"),
    Part("cryptography", "cryptography", "secrets where there is no keyring"),
    Part("ecs-logging", "ecs_logging", "the log"),
    Part("jeepney", "jeepney", "the session bus", "linux"),
    Part("jinja2", "jinja2", "the dashboard"),
    Part("keyring", "keyring", "secrets"),
    Part("logging-tree", "logging_tree", "this command"),
    Part("msgspec", "msgspec", "settings and everything that is told"),
    Part("paho-mqtt", "paho.mqtt", "MQTT"),
    Part("pefile", "pefile", "names of Windows programs"),
    Part("pillow", "PIL", "the icon"),
    Part("platformdirs", "platformdirs", "places of files"),
    Part("prometheus-client", "prometheus_client", "metrics"),
    Part("psutil", "psutil", "processes"),
    Part("pyobjc-framework-cocoa", "AppKit", "being told who is in front, and of sleep and locking", "darwin"),
    Part("pystray", "pystray", "the icon"),
    Part("python-xlib", "Xlib", "windows and input", "linux"),
    Part("pyyaml", "yaml", "stores' files and lists of games"),
    Part("rich", "rich", "the command line"),
    Part("starlette", "starlette", "HTTP"),
    Part("typer", "typer", "the command line"),
    Part("urllib3", "urllib3", "fetching lists of games"),
    Part("uvicorn", "uvicorn", "HTTP"),
    Part("watchdog", "watchdog", "noticing changed files"),
)
"""What ``pyproject.toml`` requires of every installation."""


def parts(system: str = sys.platform) -> tuple[tuple[PartRow, ...], tuple[Trouble, ...]]:
    """Each part that this system needs, found without importing it, and what is missing."""
    needed = [part for part in PARTS if part.system in ("", system)]
    rows = tuple(map(_part_row, needed))
    return rows, tuple(missing(part.module) for part, row in zip(needed, rows, strict=True) if row.problem is not None)


def missing(module: str) -> Trouble:
    """A part that cannot be imported, by the module's name."""
    name = module.partition(".")[0]
    part = next((part for part in PARTS if part.module == name), Part(name, name, "what was looked at"))
    said = f"{part.distribution} is not there: it is needed for {part.purpose}."
    return Trouble(PART_MISSING, said, reinstall(part.distribution))


def _part_row(part: Part) -> PartRow:
    absent = not _there(part.module)
    try:
        version = importlib.metadata.version(part.distribution)
    except importlib.metadata.PackageNotFoundError:
        version = None  # a frozen program may come without it
    return PartRow(part.distribution, None if absent else version, f"needed for {part.purpose}" if absent else None)


def _there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def resource_troubles() -> Iterator[Trouble]:
    """Files of ours that are not there or cannot be used."""
    try:
        for _ in builtin.each_builtin():
            pass
    except OSError as error:
        said = f"The built-in list of games, {builtin.TABLE}, cannot be read: {error.strerror or error}."
        yield Trouble(RESOURCE_MISSING, said, reinstall())
    except ValueError as error:
        yield Trouble(RESOURCE_MISSING, f"The built-in list of games is damaged: {error}.", reinstall())
    for language in _languages_missing():
        said = f"The texts in the language {language!r} are not at {i18n.FOLDER}; English is used."
        yield Trouble(RESOURCE_MISSING, said, reinstall())


LANGUAGES = ("de",)
"""Those that come with the program, besides English."""


def _languages_missing() -> Iterator[str]:
    for language in LANGUAGES:
        if not (i18n.FOLDER / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.mo").is_file():
            yield language


def reinstall(distribution: str = "gamedetectd") -> str:
    """The command that brings back what is missing of an installation."""
    if getattr(sys, "frozen", False):
        return "Install gamedetectd again, from the package it came in."
    return f"Install it again: {shell_word(sys.executable)} -m pip install --force-reinstall {distribution}"


def system_facts(environment: Mapping[str, str] = os.environ) -> Mapping[str, str]:
    """The program, its Python and the system it runs on. Nothing that names the person or the machine."""
    told = {
        "gamedetectd": gamedetectd.__version__,
        "installed as": "one program with everything in it" if getattr(sys, "frozen", False) else "a Python package",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "python at": sys.executable,
        "system": _system(),
        "kernel": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "processors": str(os.cpu_count() or 1),
        "language": ", ".join(i18n.system_languages(environment)) or "English",
        "desktop": environment.get("XDG_CURRENT_DESKTOP", ""),
        "session": environment.get("XDG_SESSION_TYPE", ""),
        "sandbox": _sandbox(environment),
    }
    return {name: value for name, value in told.items() if value}


def _system() -> str:
    if sys.platform == "linux":
        try:
            return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        except OSError:
            return "Linux"
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return platform.platform(terse=True)


def _sandbox(environment: Mapping[str, str]) -> str:
    """What keeps this process apart from the rest of the system, as far as it tells."""
    for variable, name in (("FLATPAK_ID", "Flatpak"), ("SNAP", "Snap"), ("APPIMAGE", "AppImage")):
        if environment.get(variable):
            return name
    return ""

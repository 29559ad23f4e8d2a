"""Our extension for GNOME Shell: its two forms, and putting it into the person's extensions when the person says so.

GNOME 45 turned extensions into modules, so that no single file serves 43 and 48; what it does is one text
(gnome_shell/teller.js). The files are made for the GNOME that runs here.
Source: https://gjs.guide/extensions/upgrading/gnome-shell-45.html
"""

from __future__ import annotations

import ast
import importlib.resources
import json
import os
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gamedetectd import __version__
from gamedetectd.errors import BusError, ExtensionError
from gamedetectd.platforms.dbus.session_bus import SessionBus

UUID = "gamedetectd@gamedetectd.org"
INSTALL = "gamedetectd desktop install-extension"
ENABLE = f"gnome-extensions enable {UUID}"
FIRST_MODULES = 45
"""The GNOME whose extensions are modules."""
KNOWN = {False: ("43", "44"), True: ("45", "46", "47", "48")}
"""The versions each form is written for; ``True``: modules."""
_ANSWER_SECONDS = 10.0

_HEAD = {
    False: "/* exported init */\nconst { Gio, GLib, Meta } = imports.gi;\n\n",
    True: (
        "import Gio from 'gi://Gio';\nimport GLib from 'gi://GLib';\nimport Meta from 'gi://Meta';\n"
        "import {Extension} from 'resource:///org/gnome/shell/extensions/extension.js';\n\n"
    ),
}
_FOOT = {
    False: "\nfunction init() {\n    return new Teller();\n}\n",
    True: (
        "\nexport default class GamedetectdExtension extends Extension {\n"
        "    enable() {\n        this._teller = new Teller();\n        this._teller.enable();\n    }\n\n"
        "    disable() {\n        this._teller.disable();\n        this._teller = null;\n    }\n}\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Installed:
    """What came of it: where the files are, and whether the person's settings have it switched on now."""

    folder: str
    shell: str
    switched_on: bool


def folder() -> Path:
    """Where the person's own copy lies."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "gnome-shell" / "extensions" / UUID


def installed() -> bool:
    """True if the person has a copy."""
    return (folder() / "metadata.json").is_file()


def files(*, modules: bool, shell: str = "") -> dict[str, str]:
    """The extension's files by their names; ``shell`` is a version beside those it is known to work with."""
    body = importlib.resources.files(__package__).joinpath("gnome_shell", "teller.js").read_text()
    metadata = {
        "uuid": UUID,
        "name": "gamedetectd",
        "description": "Tells gamedetectd which window is in front, so that it can count the time a game is played.",
        "shell-version": sorted({*KNOWN[modules], *([shell] if shell else [])}),
        "version-name": __version__,
    }
    return {
        "metadata.json": json.dumps(metadata, indent=2) + "\n",
        "extension.js": _HEAD[modules] + body + _FOOT[modules],
    }


def shell_version() -> str:
    """The major version of the GNOME Shell that runs here, or is installed. Raises ExtensionError without one."""
    try:
        with closing(SessionBus.open()) as bus:
            properties = "org.freedesktop.DBus.Properties"
            (value,) = bus.call("org.gnome.Shell", "/org/gnome/Shell", properties, "Get", "ss", "org.gnome.Shell",
                                "ShellVersion")  # fmt: skip
            said = str(value[1])
    except BusError:
        said = _run("gnome-shell", "--version")
    found = re.search(r"\d+", said)
    if found is None:
        raise ExtensionError("There is no GNOME Shell here.", "The extension is for GNOME only; nothing was changed.")
    return found[0]


def install() -> Installed:
    """Write the files for the GNOME that runs here, and switch the extension on in the person's settings.

    A session that runs finds new files only when it begins: log out and in. Raises ExtensionError.
    """
    version = shell_version()
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files(modules=int(version) >= FIRST_MODULES, shell=version).items():
            (place / name).write_text(text)
    except OSError as error:
        raise ExtensionError(
            f"{place} cannot be written: {error.strerror or error}.", "Make that directory yours and writable."
        ) from error
    return Installed(str(place), version, _switch(on=True))


def remove() -> bool:
    """Switch it off and take the files away; False where there were none. Raises ExtensionError."""
    _switch(on=False)
    place = folder()
    if not place.exists():
        return False
    try:
        shutil.rmtree(place)
    except OSError as error:
        raise ExtensionError(f"{place} cannot be removed: {error.strerror or error}.", "Remove it by hand.") from error
    return True


def _switch(*, on: bool) -> bool:
    """Add it to the extensions that are on, or take it from them; False where the settings cannot be changed."""
    said = _run("gsettings", "get", "org.gnome.shell", "enabled-extensions")
    try:
        listed = [str(one) for one in ast.literal_eval(said.strip().removeprefix("@as "))]
    except (ValueError, SyntaxError, TypeError):
        return False
    others = [one for one in listed if one != UUID]
    wanted = [*others, UUID] if on else others
    if wanted != listed:
        _run("gsettings", "set", "org.gnome.shell", "enabled-extensions", str(wanted))
    return _run("gsettings", "get", "org.gnome.shell", "enabled-extensions").count(UUID) == int(on)


def _run(*command: str) -> str:
    """What a program prints; "" where it is missing, fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout

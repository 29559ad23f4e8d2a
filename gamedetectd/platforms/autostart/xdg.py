"""Starting at login through an entry in ``~/.config/autostart``, which every Linux desktop reads.

An entry in a directory for all accounts is overruled by one of the same name in the person's own.
https://specifications.freedesktop.org/autostart-spec/latest/
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gamedetectd.i18n import _
from gamedetectd.platforms.autostart import desktop_entry, files
from gamedetectd.platforms.autostart.mechanism import Entry, OffBy, Problem, Standing
from gamedetectd.platforms.autostart.program import Program, program_missing, started_by

ENTRY = "gamedetectd.desktop"
GENERATED_UNIT = "app-gamedetectd@autostart.service"
"""What systemd's generator makes of the entry under GNOME and KDE."""
WITHOUT = frozenset({"sway", "i3", "hyprland", "river", "bspwm", "dwm", "awesome", "qtile", "herbstluftwm"})
"""Window managers that start such entries only where the person's configuration has a program do it."""
_ENABLED_KEYS = ("X-GNOME-Autostart-enabled", "X-MATE-Autostart-enabled")


class XdgAutostart:
    """See the module. ``environment`` is the login session's."""

    name = "xdg"

    def __init__(self, program: Program, environment: Mapping[str, str] = os.environ) -> None:
        self._program = program
        self._environment = environment
        config = config_home(environment)
        self._own = config / "autostart" if config else None
        self._mask = config / "systemd" / "user" / GENERATED_UNIT if config else None
        shared = [Path(each) for each in environment.get("XDG_CONFIG_DIRS", "").split(":") if each.startswith("/")]
        self._shared = tuple(folder / "autostart" for folder in shared or [Path("/etc/xdg")])

    def unsupported_reason(self) -> str | None:
        if self._own is None:
            return _("The home directory of this account is not known.")
        if self._environment.get("FLATPAK_ID") or self._environment.get("SNAP"):
            return _(
                "From inside a sandbox (Flatpak, Snap) nothing can be started at login but by the store's settings."
            )
        return None

    def status(self) -> Standing:
        entries = tuple(self._entry(file, text) for file, text in self._found())
        problems: list[Problem] = []
        desktops = {name.lower() for name in self._environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
        if desktops & WITHOUT and any(entry.works for entry in entries):
            problems.append(
                Problem(
                    "no-session-manager",
                    _("{desktop} starts the entries in {folder} only where its configuration says so.").format(
                        desktop=self._environment["XDG_CURRENT_DESKTOP"], folder=self._own
                    ),
                    _("Have its configuration run `dex --autostart`, or `gamedetectd run --delay 5`."),
                )
            )
        return Standing(entries, tuple(problems))

    def turn_on(self, command: Sequence[str]) -> None:
        folder = files.of_the_person(self._own)
        files.refuse_unspeakable(command)
        files.write(folder / ENTRY, desktop_entry.rendered(command).encode())
        if self._mask and is_mask(self._mask):
            files.remove(self._mask)
        for file, text in self._found():
            if file.name != ENTRY:
                self._hide(file, text)

    def turn_off(self, *, everything: bool = False) -> None:
        folder = files.of_the_person(self._own)
        found = list(self._found())
        for file, text in found:
            if file.name != ENTRY:
                self._drop(file, text) if everything else self._hide(file, text)
        shared = (folder / ENTRY for folder in self._shared)
        if any(files.read(file) is not None for file in shared):
            files.write(folder / ENTRY, desktop_entry.mask().encode())
        else:
            files.remove(folder / ENTRY)
        if everything:
            files.remove_empty(folder)

    def _found(self) -> Iterator[tuple[Path, str]]:
        """The entries in force that are ours by name or by what they start, and their texts; the person's first."""
        seen: set[str] = set()
        for folder in (*((self._own,) if self._own else ()), *self._shared):
            for file in files.listed(folder, ".desktop"):
                if file.name in seen:
                    continue
                seen.add(file.name)
                text = files.read_text(file)
                if text is not None and (file.name == ENTRY or _starts_us(text)):
                    yield file, text
                elif text is None and file.name == ENTRY and file.is_symlink():
                    yield file, ""

    def _entry(self, file: Path, text: str) -> Entry:
        keys = desktop_entry.keys(text)
        argv = desktop_entry.split_exec(keys.get("Exec", ""))
        inner = started_by(argv)
        off_by = self._off_by(keys, file)
        missing = ""
        if not argv or keys.get("Type", "Application") != "Application":
            missing = "Exec"
        else:
            for needed in (keys.get("TryExec", ""), argv[0], inner[0] if inner else argv[0]):
                missing = missing or (program_missing((needed,)) if needed else "")
        return Entry(
            self.name,
            str(file),
            " ".join(argv),
            this_program=inner is not None and self._program.is_what_starts(inner),
            off_by=off_by,
            missing=missing,
        )

    def _off_by(self, keys: Mapping[str, str], file: Path) -> OffBy | None:
        if desktop_entry.is_true(keys.get("Hidden")):
            return OffBy.US if desktop_entry.is_true(keys.get(desktop_entry.SWITCHED_OFF_BY_US)) else OffBy.HIDDEN
        if any(key in keys and not desktop_entry.is_true(keys[key]) for key in _ENABLED_KEYS):
            return OffBy.SETTINGS
        here = set(desktop_entry.items(self._environment.get("XDG_CURRENT_DESKTOP", "").replace(":", ";")))
        only, never = (set(desktop_entry.items(keys.get(key, ""))) for key in ("OnlyShowIn", "NotShowIn"))
        if here and ((only and not here & only) or here & never):
            return OffBy.OTHER_DESKTOP
        if file.name == ENTRY and self._mask and is_mask(self._mask):
            return OffBy.MASKED
        return None

    def _hide(self, file: Path, text: str) -> None:
        """Switch off an entry under another name; the person's own stays otherwise as it is."""
        if not desktop_entry.is_true(desktop_entry.keys(text).get("Hidden")):
            files.write(files.of_the_person(self._own) / file.name, desktop_entry.hidden(text).encode())

    def _drop(self, file: Path, text: str) -> None:
        """Remove an entry under another name; where one for all accounts would come to light, hide that."""
        below = next((shared for shared in (folder / file.name for folder in self._shared) if shared.is_file()), None)
        if below is not None:
            self._hide(file, text)
        else:
            files.remove(file)


def config_home(environment: Mapping[str, str]) -> Path | None:
    """``XDG_CONFIG_HOME``, or its default; None for an account without a home."""
    return _base(environment, "XDG_CONFIG_HOME", ".config")


def data_home(environment: Mapping[str, str]) -> Path | None:
    """``XDG_DATA_HOME``, or its default; None for an account without a home."""
    return _base(environment, "XDG_DATA_HOME", ".local/share")


def is_mask(unit: Path) -> bool:
    """True where systemd takes the file for a masked unit: a link to ``/dev/null``, or empty."""
    if unit.is_symlink() and os.path.realpath(unit) == os.devnull:
        return True
    return files.read(unit) == b""


def _base(environment: Mapping[str, str], variable: str, default: str) -> Path | None:
    given = environment.get(variable, "")
    if Path(given).is_absolute():
        return Path(given)
    home = environment.get("HOME", "")
    try:
        return (Path(home) if Path(home).is_absolute() else Path.home()) / default
    except RuntimeError:
        return None


def _starts_us(text: str) -> bool:
    return started_by(desktop_entry.split_exec(desktop_entry.keys(text).get("Exec", ""))) is not None

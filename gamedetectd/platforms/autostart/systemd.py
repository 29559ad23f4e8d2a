"""Starting at login through a unit of the person's own systemd, together with the graphical session.

The files are read and written here as ``systemctl --user enable``, ``disable`` and ``mask`` do, so that what is there
can be told without a systemd that answers. Directories: systemd.unit(5), "User Unit Search Path".
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gamedetectd.i18n import _
from gamedetectd.platforms.autostart import files, running, unit_file
from gamedetectd.platforms.autostart.mechanism import Entry, OffBy, Problem, Standing
from gamedetectd.platforms.autostart.program import Program, program_missing, started_by
from gamedetectd.platforms.autostart.unit_file import TARGET, UNIT
from gamedetectd.platforms.autostart.xdg import config_home, data_home, is_mask

SYSTEM_FOLDERS = tuple(
    map(Path, ("/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user"))
)
_SYSTEMCTL = ("systemctl", "--user")


class SystemdUnit:
    """See the module. ``environment`` is the login session's."""

    name = "systemd"

    def __init__(
        self,
        program: Program,
        environment: Mapping[str, str] = os.environ,
        system_folders: Sequence[Path] = SYSTEM_FOLDERS,
        run: running.Run = running.run,
    ) -> None:
        self._program = program
        self._environment = environment
        self._run = run
        config, data = config_home(environment), data_home(environment)
        self._own = config / "systemd" / "user" if config else None
        self._others = (*((data / "systemd" / "user",) if data else ()), *system_folders)

    def unsupported_reason(self) -> str | None:
        if self._own is None:
            return _("The home directory of this account is not known.")
        answer = self._run((*_SYSTEMCTL, "show", "--property=Version"))
        if answer is None or answer[0] != 0:
            return _("No systemd answers for this account (`systemctl --user`).")
        return None

    def status(self) -> Standing:
        entries = tuple(self._entry(name, file, text) for name, file, text in self._found())
        problems: tuple[Problem, ...] = ()
        if any(entry.works for entry in entries) and not self._session_is_known():
            problems = (
                Problem(
                    "no-session-target",
                    _(
                        "This desktop does not tell systemd of its session ({target}), so the unit is not started."
                    ).format(target=TARGET),
                    _("Run `gamedetectd autostart on`, without --systemd."),
                ),
            )
        return Standing(entries, problems)

    def turn_on(self, command: Sequence[str]) -> None:
        own = files.of_the_person(self._own)
        files.refuse_unspeakable(command)
        files.write(own / UNIT, unit_file.rendered(command).encode())
        for link in self._links(own, UNIT):
            files.remove(link)
        wanted = own / f"{TARGET}.wants" / UNIT
        files.make_folder(wanted.parent)
        wanted.symlink_to(own / UNIT)
        for name, _file, _text in list(self._found()):
            if name != UNIT:
                self._switch_off(name)
        self._reload()

    def turn_off(self, *, everything: bool = False) -> None:
        found = list(self._found())
        for name, file, _text in found:
            if file.parent == self._own and (everything or name == UNIT) and not self._enabled_for_all(name):
                files.remove(file)
            self._switch_off(name)
        if found:
            self._reload()
        if everything and self._own is not None:
            files.remove_empty(self._own)
            files.remove_empty(self._own.parent)

    def _reload(self) -> None:
        """Have systemd read the units again; where none answers it reads them when it starts."""
        self._run((*_SYSTEMCTL, "daemon-reload"))

    def _session_is_known(self) -> bool:
        """True unless we are in a graphical session that systemd knows nothing of."""
        if not (self._environment.get("DISPLAY") or self._environment.get("WAYLAND_DISPLAY")):
            return True
        answer = self._run((*_SYSTEMCTL, "is-active", TARGET))
        return answer is None or answer[1].strip() != "inactive"

    def _folders(self) -> tuple[Path, ...]:
        """Where units lie, the one that overrules the others first."""
        return (*((self._own,) if self._own else ()), *self._others)

    def _found(self) -> Iterator[tuple[str, Path, str]]:
        """Name, file in force and text of every unit that is ours by name or by what it starts.

        A masked unit comes with the text of what is behind the mask, one whose file is gone with its link.
        """
        names: dict[str, None] = {UNIT: None}
        for folder in self._folders():
            names.update((file.name, None) for file in files.listed(folder, ".service"))
        for name in names:
            places = [folder / name for folder in self._folders() if os.path.lexists(folder / name)]
            text = next((text for file in places if (text := self._starting_us(file))), "")
            if places and (text or name == UNIT):
                yield name, places[0], text
            elif name == UNIT and (links := self._all_links(name)):
                yield name, links[0], ""

    def _starting_us(self, file: Path) -> str:
        """The text of a unit that starts gamedetectd or is called as ours; "" for others, and for a mask."""
        content = files.read(file)
        if not content or b"gamedetectd" not in content.lower():
            return ""
        text = content.decode("utf-8-sig", "replace")
        return text if file.name == UNIT or any(map(started_by, unit_file.commands(text))) else ""

    def _entry(self, name: str, file: Path, text: str) -> Entry:
        started = [(argv, started_by(argv)) for argv in unit_file.commands(text)]
        argv, inner = next((pair for pair in started if pair[1]), started[0] if started else ((), None))
        missing = ""
        if not text and not is_mask(file):
            missing = str(file)
        else:
            for needed in dict.fromkeys((argv[0] if argv else "", inner[0] if inner else "")):
                missing = missing or (program_missing((needed,)) if needed else "")
        off_by = None
        if is_mask(file):
            off_by = OffBy.MASKED
        elif not self._all_links(name):
            off_by = OffBy.NOT_ENABLED
        ours = inner is not None and self._program.is_what_starts(inner)
        return Entry(self.name, str(file), " ".join(argv), ours, off_by, missing)

    def _links(self, folder: Path, name: str) -> list[Path]:
        """The links in one folder that enable a unit."""
        targets = (*files.listed(folder, ".wants"), *files.listed(folder, ".requires"))
        return [link for target in targets if os.path.lexists(link := target / name)]

    def _all_links(self, name: str) -> list[Path]:
        return [link for folder in self._folders() for link in self._links(folder, name)]

    def _enabled_for_all(self, name: str) -> bool:
        return any(self._links(folder, name) for folder in self._others)

    def _switch_off(self, name: str) -> None:
        """Disable a unit; where it is enabled for all accounts, mask it for this one."""
        own = files.of_the_person(self._own)
        for link in self._links(own, name):
            files.remove(link)
            files.remove_empty(link.parent)
        if not self._enabled_for_all(name):
            return
        if not is_mask(own / name):
            files.remove(own / name)
            files.make_folder(own)
            (own / name).symlink_to(os.devnull)

r"""Starting at login on Windows through ``HKCU\…\Run``; what switches it off, and what else starts it.

``StartupApproved`` is where Task Manager and the settings write what a person switched off: an odd first byte is off.
Policies: https://learn.microsoft.com/windows/client-management/mdm/policy-csp-admx-logon (run lists) and
``DisallowRun``, ``RestrictRun`` of the Explorer policies. A command may have 260 characters:
https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
"""

from __future__ import annotations

import ntpath
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.errors import AutostartError
from gamedetectd.i18n import _
from gamedetectd.interfaces import WritableRegistry
from gamedetectd.platforms.autostart.mechanism import Entry, OffBy, Standing
from gamedetectd.platforms.autostart.program import Program, program_missing, started_by
from gamedetectd.platforms.autostart.startup_folder import StartupFolder
from gamedetectd.platforms.autostart.windows_command import joined, split

VALUE = "gamedetectd"
LENGTH_LIMIT = 260
_BASE = r"Software\Microsoft\Windows\CurrentVersion"
_POLICIES = rf"{_BASE}\Policies\Explorer"
ON, OFF = bytes([2, *[0] * 11]), bytes([3, *[0] * 11])


@dataclass(frozen=True, slots=True)
class RunList:
    """One list of programs that start at login, where it says what is switched off, and the policy against it."""

    key: str
    approved: str
    policy: str


PERSON = RunList(rf"HKCU\{_BASE}\Run", rf"HKCU\{_BASE}\Explorer\StartupApproved\Run", "DisableCurrentUserRun")
LISTS = (
    PERSON,
    RunList(rf"HKLM\{_BASE}\Run", rf"HKLM\{_BASE}\Explorer\StartupApproved\Run", "DisableLocalMachineRun"),
    RunList(
        r"HKLM\Software\WOW6432Node\Microsoft\Windows\CurrentVersion\Run",
        rf"HKLM\{_BASE}\Explorer\StartupApproved\Run32",
        "DisableLocalMachineRun",
    ),
)
FOLDER_APPROVED = rf"HKCU\{_BASE}\Explorer\StartupApproved\StartupFolder"


def _is_there(program: str) -> bool:
    return Path(program).is_file() or shutil.which(program) is not None


class RunKey:
    """See the module."""

    name = "run-key"

    def __init__(
        self,
        program: Program,
        registry: WritableRegistry | None,
        startup: StartupFolder | None = None,
        is_file: Callable[[str], bool] = _is_there,
    ) -> None:
        self._program = program
        self._given = registry
        self._startup = startup or StartupFolder(program)
        self._is_file = is_file

    @property
    def _registry(self) -> WritableRegistry:
        if self._given is None:
            raise AutostartError("This system has no registry.", "Use what the system offers to start programs.")
        return self._given

    def unsupported_reason(self) -> str | None:
        return None if self._given is not None else _("This system has no registry.")

    def status(self) -> Standing:
        if self._given is None:
            return Standing()
        entries = [self._entry(each, name, text) for each, name, text in self._found()]
        for file in self._startup.found():
            off_by = OffBy.SETTINGS if self._is_off(FOLDER_APPROVED, file.name) else None
            entries.append(Entry(self.name, str(file), file.name, self._startup.is_this_program(file), off_by))
        return Standing(tuple(entries))

    def turn_on(self, command: Sequence[str]) -> None:
        text = joined(command)
        if len(text) > LENGTH_LIMIT:
            raise AutostartError(
                f"Windows starts commands of at most {LENGTH_LIMIT} characters at login, and ours has {len(text)}.",
                "Install gamedetectd in a directory with a shorter path.",
            )
        if policy := self._policy(PERSON, command[0]):
            raise AutostartError(
                f"A group policy of this computer forbids it ({policy}).", "Ask the people who manage this computer."
            )
        self._registry.write(PERSON.key, VALUE, text)
        if self._is_off(PERSON.approved, VALUE):
            self._registry.write(PERSON.approved, VALUE, ON)
        for each, name, _text in list(self._found()):
            if each is PERSON and name.lower() != VALUE:
                self._forget(each, name)
        for file in self._startup.found():
            self._registry.write(FOLDER_APPROVED, file.name, OFF)

    def turn_off(self, *, everything: bool = False) -> None:
        found = list(self._found())
        for each, name, _text in found:
            if each is PERSON:
                self._forget(each, name)
        for file in self._startup.found():
            if everything:
                self._startup.remove(file)
                self._registry.delete(FOLDER_APPROVED, file.name)
            else:
                self._registry.write(FOLDER_APPROVED, file.name, OFF)
        if everything:
            self._registry.delete(PERSON.approved, VALUE)
        for each, name, text in found:  # last, since it may be refused
            if each is not PERSON and self._entry(each, name, text).works:
                self._switch_off_for_all(each, name)

    def _found(self) -> Iterator[tuple[RunList, str, str]]:
        """List, name and command of each value that starts gamedetectd or has our name."""
        for each in LISTS:
            for name, value in self._registry.values(each.key).items():
                if isinstance(value, str) and (name.lower() == VALUE or started_by(split(value))):
                    yield each, name, value

    def _entry(self, each: RunList, name: str, text: str) -> Entry:
        argv = split(text)
        inner = started_by(argv)
        off_by = None
        if self._policy(each, argv[0] if argv else ""):
            off_by = OffBy.POLICY
        elif self._is_off(each.approved, name):
            off_by = OffBy.SETTINGS
        return Entry(
            self.name,
            rf"{each.key}\{name}",
            text,
            this_program=inner is not None and self._program.is_what_starts(inner),
            off_by=off_by,
            missing=program_missing(argv, self._is_file),
            for_all=each is not PERSON,
        )

    def _is_off(self, approved: str, name: str) -> bool:
        """True where the person switched it off in Task Manager or the settings."""
        for each, value in self._registry.values(approved).items():
            if each.lower() == name.lower() and isinstance(value, bytes) and value:
                return bool(value[0] & 1)
        return False

    def _policy(self, each: RunList, program: str) -> str:
        """The name of the policy that keeps a program of this list from starting; "" where none does."""
        name = ntpath.basename(program).lower()
        for hive in ("HKLM", "HKCU"):
            policies = {key.lower(): value for key, value in self._registry.values(rf"{hive}\{_POLICIES}").items()}
            if policies.get(each.policy.lower()) == 1:
                return each.policy
            for policy, listed_is_bad in (("DisallowRun", True), ("RestrictRun", False)):
                names = self._registry.values(rf"{hive}\{_POLICIES}\{policy}").values()
                listed = name in {str(value).lower() for value in names}
                if policies.get(policy.lower()) == 1 and listed is listed_is_bad:
                    return policy
        return ""

    def _forget(self, each: RunList, name: str) -> None:
        self._registry.delete(each.key, name)
        self._registry.delete(each.approved, name)

    def _switch_off_for_all(self, each: RunList, name: str) -> None:
        try:
            self._registry.write(each.approved, name, OFF)
        except PermissionError as error:
            raise AutostartError(
                rf"{each.key}\{name} starts it for all accounts of this computer.",
                "Switch it off in Task Manager, Startup apps, or run this command as an administrator.",
            ) from error

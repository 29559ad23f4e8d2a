"""Systems to start at login on: a home, a registry in memory, and tools that keep in memory what they were told."""

from gamedetectd.platforms.autostart.launch_agent import LaunchAgent
from gamedetectd.platforms.autostart.program import Program
from gamedetectd.platforms.autostart.run_key import RunKey
from gamedetectd.platforms.autostart.startup_folder import StartupFolder
from gamedetectd.platforms.autostart.systemd import SystemdUnit
from gamedetectd.platforms.autostart.xdg import XdgAutostart
from gamedetectd.platforms.registry.tree import Tree, folded

RUN = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
RUN_FOR_ALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
APPROVED_FOR_ALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
POLICIES = r"Software\Microsoft\Windows\CurrentVersion\Policies\Explorer"
WINDOWS_PROGRAM = r"C:\Program Files\gamedetectd\gamedetectdw.exe"


class MemoryRegistry(Tree):
    """A registry that can be written; of the hive for all accounts only where ``administrator``."""

    def __init__(self, keys=None, administrator=False):
        super().__init__()
        self.administrator = administrator
        for path, values in (keys or {}).items():
            self.add(path).update(values)

    def stamp(self, path):
        return tuple(self.values(path).items())

    def write(self, path, name, value):
        self._refuse(path)
        self.add(path)[self._spelt(path, name)] = value

    def delete(self, path, name):
        self._refuse(path)
        self.add(path).pop(self._spelt(path, name), None)

    def _spelt(self, path, name):
        """The name as it stands there already: Windows takes no notice of case."""
        return next((known for known in self.values(path) if known.lower() == name.lower()), name)

    def _refuse(self, path):
        if folded(path).startswith("hklm") and not self.administrator:
            raise PermissionError(13, "Access is denied")


class Tools:
    """``systemctl`` or ``launchctl``: what it was asked, and answers by what the command ends with."""

    def __init__(self, answers=None):
        self.asked = []
        self.answers = answers or {}

    def __call__(self, command):
        self.asked.append(tuple(command))
        words = " ".join(command)
        return next((answer for end, answer in self.answers.items() if words.endswith(end)), (0, ""))


class Launchctl(Tools):
    """Keeps which labels are switched on and off, and prints them as macOS 14 does."""

    def __init__(self):
        super().__init__()
        self.switches = {}

    def __call__(self, command):
        self.asked.append(tuple(command))
        if command[1] == "print-disabled":
            lines = [f'\t\t"{label}" => {"enabled" if on else "disabled"}' for label, on in self.switches.items()]
            return 0, "\n".join(["disabled services = {", *lines, "}"])
        self.switches[command[2].rpartition("/")[2]] = command[1] == "enable"
        return 0, ""


def installed(folder, name="gamedetectd"):
    """A program of that name which can be run."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return str(file)


class LinuxHome:
    """A home and directories for all accounts below ``folder``, with a program installed."""

    def __init__(self, folder, **environment):
        self.home = folder / "home"
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.entries = self.home / ".config" / "autostart"
        self.units = self.home / ".config" / "systemd" / "user"
        self.entries_for_all = folder / "etc" / "xdg" / "autostart"
        self.units_for_all = folder / "etc" / "systemd" / "user"
        self.program = Program((installed(folder / "bin"),), (), "linux")
        self.environment = {"HOME": str(self.home), "XDG_CONFIG_DIRS": str(folder / "etc" / "xdg"), **environment}
        self.systemctl = Tools({"is-active graphical-session.target": (0, "active\n")})

    @property
    def xdg(self):
        return XdgAutostart(self.program, self.environment)

    @property
    def systemd(self):
        return SystemdUnit(self.program, self.environment, (self.units_for_all,), self.systemctl)

    @property
    def mechanisms(self):
        return self.xdg, self.systemd

    def write(self, folder, name, text):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    def entry(self, name, command, *lines, folder=None):
        """An autostart entry as others write it."""
        keys = ["[Desktop Entry]", "Type=Application", "Name=x", f"Exec={command}", *lines, ""]
        return self.write(folder or self.entries, name, "\n".join(keys))

    def unit(self, name, command, folder=None, enabled=True):
        """A unit as others write it, enabled in its own folder."""
        folder = folder or self.units
        file = self.write(folder, name, f"[Service]\nExecStart={command}\n[Install]\nWantedBy=default.target\n")
        if enabled:
            wants = folder / "default.target.wants"
            wants.mkdir(exist_ok=True)
            (wants / name).symlink_to(file)
        return file

    def files(self):
        """Everything below the home, links too."""
        return sorted(str(file.relative_to(self.home)) for file in self.home.rglob("*") if not file.is_dir())


class WindowsHome:
    """A registry, a folder of shortcuts, and a program that is there."""

    def __init__(self, folder, keys=None, administrator=False):
        self.registry = MemoryRegistry(keys, administrator)
        self.startup = folder / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
        self.startup.mkdir(parents=True)
        self.folder = folder
        self.program = Program((WINDOWS_PROGRAM,), (), "win32")
        self.there = {WINDOWS_PROGRAM}

    @property
    def run_key(self):
        startup = StartupFolder(self.program, {"APPDATA": str(self.folder)})
        return RunKey(self.program, self.registry, startup, self.there.__contains__)

    @property
    def mechanisms(self):
        return (self.run_key,)


class MacHome:
    """A home with a Library, agents for all accounts, and a program installed."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.agents = self.home / "Library" / "LaunchAgents"
        self.agents.mkdir(parents=True)
        self.agents_for_all = folder / "Library" / "LaunchAgents"
        self.agents_for_all.mkdir(parents=True)
        self.program = Program((installed(folder / "Applications"),), (), "darwin")
        self.launchctl = Launchctl()

    @property
    def launchd(self):
        return LaunchAgent(self.program, self.home, (self.agents_for_all,), self.launchctl, 501)

    @property
    def mechanisms(self):
        return (self.launchd,)

"""Starting at login on macOS: property lists, and what the person switched off in the system settings."""

import plistlib
import sys

import pytest
from autostart_samples import MacHome, Tools, installed

from gamedetectd.platforms.autostart.launch_agent import LABEL, LaunchAgent
from gamedetectd.platforms.autostart.mechanism import OffBy
from gamedetectd.platforms.autostart.program import Program

if sys.platform == "win32":
    pytest.skip("homes of POSIX", allow_module_level=True)


@pytest.fixture
def home(tmp_path):
    return MacHome(tmp_path)


def found(home):
    return {entry.place.rpartition("/")[2]: entry for entry in home.launchd.status().entries}


def agent(folder, name, **keys):
    (folder / name).write_bytes(plistlib.dumps(keys))


def test_on_writes_an_agent_that_starts_at_login_and_not_now(home):
    home.launchd.turn_on(home.program.command())
    written = plistlib.loads((home.agents / f"{LABEL}.plist").read_bytes())
    assert written["Label"] == LABEL
    assert written["ProgramArguments"] == [home.program.argv[0], "run", "--supervised", "--delay", "5"]
    assert written["RunAtLoad"] is True
    assert "KeepAlive" not in written
    assert written["LimitLoadToSessionType"] == "Aqua"
    assert home.launchctl.asked == [("launchctl", "enable", f"gui/501/{LABEL}")]


def test_what_the_system_settings_switched_off_is_off_until_on_is_said(home):
    home.launchd.turn_on(home.program.command())
    home.launchctl.switches[LABEL] = False
    assert found(home)[f"{LABEL}.plist"].off_by is OffBy.SETTINGS
    home.launchd.turn_on(home.program.command())
    assert found(home)[f"{LABEL}.plist"].works


@pytest.mark.parametrize(
    ("place", "usable"),
    [
        ("/Applications/gamedetectd.app", True),
        ("/Volumes/Games/gamedetectd.app", True),
        ("/Volumes/gamedetectd 1.2/gamedetectd.app", False),
        ("/private/var/folders/zz/T/AppTranslocation/4D2A/d/gamedetectd.app", False),
    ],
)
def test_what_is_gone_by_the_next_login_is_not_started_then(home, tmp_path, place, usable):
    program = Program((f"{place}/Contents/MacOS/gamedetectd",), (), "darwin")
    reason = LaunchAgent(program, tmp_path, run=home.launchctl, account=501).unsupported_reason()
    assert reason is None if usable else "folder Applications" in reason


@pytest.mark.parametrize(
    ("answer", "off_by"),
    [
        ((0, f'disabled services = {{\n\t"{LABEL}" => true\n}}'), OffBy.SETTINGS),
        ((0, f'disabled services = {{\n\t"{LABEL}" => false\n}}'), None),
        ((0, f'disabled services = {{\n\t"{LABEL}" => disabled\n\t"x" => enabled\n}}'), OffBy.SETTINGS),
        ((0, "disabled services = {\n}"), None),
        ((113, "Could not find domain"), None),
        (None, None),
    ],
)
def test_how_systems_of_every_age_say_it(home, answer, off_by):
    home.launchd.turn_on(home.program.command())
    home.launchctl = Tools({"print-disabled gui/501": answer})
    assert found(home)[f"{LABEL}.plist"].off_by is off_by


@pytest.mark.parametrize(
    ("keys", "off_by"),
    [
        ({"Disabled": True, "RunAtLoad": True}, OffBy.DISABLED_IN_FILE),
        ({"RunAtLoad": False}, OffBy.DISABLED_IN_FILE),
        ({"KeepAlive": {"SuccessfulExit": False}}, None),
    ],
)
def test_an_agent_that_says_so_itself_is_off(home, keys, off_by):
    agent(home.agents, f"{LABEL}.plist", Label=LABEL, ProgramArguments=[home.program.argv[0], "run"], **keys)
    assert found(home)[f"{LABEL}.plist"].off_by is off_by


def test_agents_of_other_names_are_switched_off_by_on_and_removed_only_by_all(home, tmp_path):
    other = installed(tmp_path / "Other")
    agent(home.agents, "mine.plist", Label="mine", Program=other, ProgramArguments=["x", "run"], RunAtLoad=True)
    agent(home.agents, "else.plist", Label="else", ProgramArguments=["/bin/ls"], RunAtLoad=True)
    agent(home.agents_for_all, "all.plist", ProgramArguments=[other, "run"], RunAtLoad=True)
    assert {name: entry.works for name, entry in found(home).items()} == {"mine.plist": True, "all.plist": True}
    home.launchd.turn_on(home.program.command())
    assert {name: entry.off_by for name, entry in found(home).items()} == {
        "mine.plist": OffBy.SETTINGS, "all.plist": OffBy.SETTINGS, f"{LABEL}.plist": None,
    }  # fmt: skip
    home.launchd.turn_off(everything=True)
    assert {name: entry.off_by for name, entry in found(home).items()} == {"all.plist": OffBy.SETTINGS}
    assert [file.name for file in home.agents.iterdir()] == ["else.plist"]


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"<plist><array/></plist>", b"bplist00\xff", b"<?xml version='1.0'?><plist><dict>"]
)
def test_a_damaged_agent_starts_nothing_and_is_mended(home, content):
    (home.agents / f"{LABEL}.plist").write_bytes(content)
    (home.agents / "other.plist").write_bytes(content)
    (entry,) = home.launchd.status().entries
    assert entry.missing == "ProgramArguments"
    home.launchd.turn_on(home.program.command())
    (entry,) = home.launchd.status().entries
    assert entry.works


def test_an_account_without_a_library(tmp_path):
    assert "Library" in LaunchAgent(MacHome(tmp_path).program, tmp_path / "nobody").unsupported_reason()

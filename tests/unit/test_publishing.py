"""What goes out to people: the workflow that builds and tries it runs what is there, and the names in it are one."""

import re
from pathlib import Path

import pytest
import yaml

from gamedetectd.platforms.autostart.launch_agent import LABEL

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TRIED = {"Linux": "apt-get install -y ./dist/", "Windows": "try_installer.py", "macOS": "hdiutil attach"}


def steps(workflow):
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_it_runs_what_is_there(workflow):
    told = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert told["permissions"] == {"contents": "read"}
    for job in told["jobs"].values():
        assert job["timeout-minutes"] <= 60
    for step in steps(workflow):
        assert ("run" in step) != ("uses" in step), step
        for place in re.findall(r"(?<![\w./$-])((?:packaging|tests)/[\w./-]+)", step.get("run", "")):
            assert (ROOT / place).exists(), place
        for action in filter(None, [step.get("uses")]):
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", action), action


@pytest.mark.parametrize("system", TRIED)
def test_what_people_install_is_installed_and_tests_itself(system):
    runs = [step for step in steps(WORKFLOWS[0]) if system in step.get("if", "") or system == "Linux"]
    (step,) = [step for step in runs if TRIED[system] in step.get("run", "")]
    installer = ROOT / "packaging" / "windows" / "try_installer.py"
    assert "--self-test" in step["run"] + (installer.read_text(encoding="utf-8") if system == "Windows" else "")
    kept = [one for one in steps(WORKFLOWS[0]) if "upload-artifact" in one.get("uses", "")]
    assert {one["with"]["name"] for one in kept} == {"gamedetectd-linux", "gamedetectd-windows", "gamedetectd-dmg"}


def test_what_is_built_for_people_can_look_at_the_screen():
    builds = [step["run"] for step in steps(WORKFLOWS[0]) if "/build.py" in step.get("run", "")]
    assert [run.count("/build.py --vision") for run in builds] == [1, 1, 1]


def test_one_name_that_must_be_unique_is_the_same_everywhere():
    packaging = ROOT / "packaging"
    (described,) = (packaging / "linux").glob("*.metainfo.xml")
    told = re.search(r"<id>(.+)</id>", described.read_text(encoding="utf-8"))
    names = {told[1], described.name.removesuffix(".metainfo.xml"), LABEL}
    for file, constant in (("linux/staging.py", "APP_ID"), ("macos/bundle.py", "IDENTIFIER")):
        names |= set(
            re.findall(rf'^{constant} = "(.+)"$', (packaging / file).read_text(encoding="utf-8"), re.MULTILINE)
        )
    assert len(names) == 1


def test_no_address_is_anybodys():
    """The project has none: one in a domain that the standards keep free reaches nobody (RFC 6761)."""
    maintainers = (ROOT / "packaging" / "linux" / "make_deb.py").read_text(encoding="utf-8")
    assert set(re.findall(r"<[^<>@\s]+@([^<>\s]+)>", maintainers)) == {"gamedetectd.invalid"}

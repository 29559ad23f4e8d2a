"""The repository as a newcomer finds it: commands that are there, current pages, nothing of our machines in it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ALLOWED = {
    "gamedetectd",
    "tests",
    "packaging",
    "models",
    "docs",
    "pyproject.toml",
    "pyinstaller.spec",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
}
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "index" + "-url", "find" + "-links")
HOME_OF_THIS_CHECKOUT = str(ROOT.parent)


def tracked():
    """Every file git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts():
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_the_top_level_holds_nothing_but_what_belongs_there():
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in found if not name.startswith(".")} <= ALLOWED
    assert not (ROOT / "uv.lock").exists()


def test_no_registry_and_no_place_of_this_machine_is_named():
    # a checkout directly below the root, or in the system's own scratch directory, would make this test say too much
    machine = [f"{place}/" for place in (HOME_OF_THIS_CHECKOUT,) if place not in ("/", tempfile.gettempdir())]
    bad = [
        (name, word)
        for name, text in texts()
        for word in (*REGISTRIES, *machine, "/tmp" + "/w/")
        if word in text and name != "tests/unit/test_repository.py"
    ]
    assert bad == []


def section(marker):
    """The command in the README between its markers."""
    found = re.search(rf"<!-- {marker} -->\n```sh\n(.+?)\n```\n<!-- end -->", README, re.DOTALL)
    assert found, f"README.md has no {marker}"
    return found.group(1)


def test_the_two_commands_of_the_readme_are_one_line_each_and_can_be_run():
    assert section("first command") == (
        "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/gamedetectd demo"
    )
    script = section("test command").removeprefix("sh ")
    assert (ROOT / script).is_file()


def test_ci_finds_the_readmes_test_command():
    command = subprocess.run(
        ["sed", "-n", "/<!-- test command -->/,/<!-- end -->/p", "README.md"], cwd=ROOT, capture_output=True, text=True
    )
    assert section("test command") in command.stdout
    assert "<!-- test command -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_is_in_the_readmes_table():
    from gamedetectd.cli import main

    table = "\n".join(line for line in README.splitlines() if line.startswith("| `"))
    names = [command.name for command in main.COMMANDS] + [name for _, name, _ in main.GROUPS]
    assert [name for name in names if not re.search(rf"\b{name}\b", table)] == []


def test_every_link_within_the_repository_leads_somewhere():
    broken = [
        (page.relative_to(ROOT).as_posix(), target)
        for page in tracked()
        if page.suffix == ".md"
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_generated_pages_are_current():
    check = subprocess.run(
        [sys.executable, "packaging/docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("name", ["base", "vision", "dev", "frozen"])
def test_requirement_files_pin_and_hash_everything(name):
    text = (ROOT / "packaging" / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    logical = [
        line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    assert len(logical) > 20
    for line in logical:
        assert re.match(r"^[a-z0-9.-]+(\[[a-z,]+\])?==\S+( ; [^#]+)? +--hash=sha256:[0-9a-f]{64}", line), line


def test_requirement_files_cover_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"base": project["dependencies"], **project["optional-dependencies"]}
    for name in ("base", "vision", "dev", "frozen"):
        pinned = set(
            re.findall(
                r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==",
                (ROOT / f"packaging/requirements/{name}.txt").read_text(encoding="utf-8"),
                re.M,
            )
        )
        asked = {re.match(r"[A-Za-z0-9._-]+", line).group().lower().replace("_", "-") for line in wanted[name]}
        assert asked - {project["name"]} <= pinned, name


def test_the_changelog_is_in_the_form_it_says():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.M)) <= kinds


def test_decisions_are_numbered_without_gaps_and_say_what_they_cost():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert [part for part in ("## Context", "## Decision", "## What it costs") if part not in text] == []


def test_the_suites_fit_into_thirty_five_minutes():
    listed = subprocess.run(
        [sys.executable, "-c", "import suites; print(sum(suite.budget for suite in suites.SUITES))"],
        cwd=ROOT / "packaging" / "ci",
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(listed.stdout) <= 35 * 60


def test_every_test_directory_is_in_a_suite():
    suites = (ROOT / "packaging" / "ci" / "suites.py").read_text(encoding="utf-8")
    holding = {path.relative_to(ROOT).parts[1] for path in tracked() if re.match(r"test_.*\.py", path.name)}
    assert {name for name in holding if f'"tests/{name}"' not in suites} == set()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_scripts_can_be_executed():
    for script in (".ci/run", "tests/run.sh"):
        assert (ROOT / script).stat().st_mode & 0o111


def verify(*command, **environment):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60
    )


def test_systemd_accepts_the_unit(tmp_path):
    tmp_path.chmod(0o700)
    done = verify(
        "systemd-analyze", "verify", "--user", "packaging/systemd/gamedetectd.service", XDG_RUNTIME_DIR=str(tmp_path)
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_desktop_entry_is_valid():
    done = verify("desktop-file-validate", "packaging/linux/gamedetectd.desktop")
    assert (done.returncode, done.stdout) == (0, "")

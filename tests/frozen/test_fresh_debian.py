"""The Debian package in a Debian that has nothing else: installed, tried, upgraded under a running daemon, purged.

Needs root, debootstrap and a Debian mirror; ``FROZEN_TREE`` names a tree that is there already, and is changed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "linux"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="makes a Debian tree, as root"),
]
STORY = """\
set -eu
mount -t proc proc /proc
id person >/dev/null 2>&1 || useradd --create-home person
rm -rf /home/person/.[a-z]*
as_person() { su person -c "cd; $1"; }
echo "python: $(command -v python3 || echo none)"
dpkg --install /packages/first.deb >/dev/null
as_person "gamedetectd doctor --self-test" | tail -n 1
as_person "gamedetectd config set sessions.grace_seconds 5 >/dev/null"
as_person 'gamedetectd run --headless >daemon.log 2>&1 & echo $! >pid'
for _ in 1 2 3 4 5 6 7 8 9 10; do as_person "gamedetectd status" >/dev/null 2>&1 && break; sleep 1; done
before=$(cat /home/person/pid)
dpkg --install /packages/second.deb >/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    case $(readlink /proc/$before/exe) in /usr/lib/gamedetectd/gamedetectd) break ;; esac
done
echo "upgraded: $(readlink /proc/$before/exe)"
as_person "gamedetectd status" | head -n 1
as_person "gamedetectd stop" >/dev/null
sleep 1
as_person "find . -type f | sort" >/tmp/before
dpkg --purge gamedetectd >/dev/null 2>&1
as_person "find . -type f | sort" | diff /tmp/before - && echo "home: untouched"
find /etc /opt /usr /var -xdev -name '*gamedetectd*'
echo "end"
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    if ready := os.environ.get("FROZEN_TREE"):
        return Path(ready)
    if shutil.which("debootstrap") is None:
        pytest.skip("debootstrap is not installed")
    tree = tmp_path_factory.mktemp("debian")
    made = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", tree], capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"no Debian tree can be made here: {made.stdout[-300:]}{made.stderr[-300:]}")
    return tree


@pytest.fixture(scope="module")
def packages(folder, tree, tmp_path_factory):
    """The package, and another that is the same but for its version."""
    import make_deb

    place = tree / "packages"
    place.mkdir(exist_ok=True)
    root = tmp_path_factory.mktemp("deb") / "root"
    make_deb.lay_out(folder, root)
    make_deb.pack(root, place / "first.deb", ("-Znone",))
    control = root / "DEBIAN" / "control"
    control.write_text(control.read_text().replace("\nVersion: ", "\nVersion: 1:"))
    make_deb.pack(root, place / "second.deb", ("-Znone",))
    return place


def test_it_is_installed_tried_upgraded_and_purged(tree, packages):
    (packages / "story.sh").write_text(STORY)
    told = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", tree, "sh", "/packages/story.sh"],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    lines = told.stdout.splitlines()
    assert lines[0] == "python: none", told.stderr
    assert lines[1].startswith("This installation works."), told.stdout
    assert lines[2] == "upgraded: /usr/lib/gamedetectd/gamedetectd", told.stdout + told.stderr
    assert "runs and is healthy" in lines[3], told.stdout
    assert lines[4:] == ["home: untouched", "end"], told.stdout


def test_lintian_finds_no_error(packages):
    if shutil.which("lintian") is None:
        pytest.skip("lintian is not installed")
    done = subprocess.run(["lintian", "--fail-on", "error", packages / "first.deb"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_two_builds_of_one_commit_are_the_same(tmp_path):
    """From a clone, whose files nobody changes meanwhile."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True, timeout=120)
    environment = ROOT / "build" / "frozen" / "environment"
    if environment.is_dir():
        (clone / "build" / "frozen").mkdir(parents=True)
        (clone / "build" / "frozen" / "environment").symlink_to(environment)
    done = subprocess.run(
        [sys.executable, clone / "packaging" / "build.py", "--compare", "--no-test"],
        capture_output=True,
        text=True,
        timeout=800,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert ", 0 differ" in done.stdout

"""Files of ours that other accounts could look at or change: each is found, and told with what closes it."""

import os
import sys
import time

import pytest

from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import create
from gamedetectd.platforms.permissions.exposed import exposed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="mode bits say nothing on Windows")
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can act as two accounts: run the tests as root"
)
NOBODY = 65534


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path / "home")
    create(paths)
    return paths


def test_each_that_is_open_is_named_with_the_command_that_mends_it(paths):
    opened = {
        paths.state: 0o755, paths.log / "gamedetectd.jsonl": 0o640, paths.data / "history.db": 0o666,
        paths.settings_file: 0o666, paths.rules_file: 0o644,
    }  # fmt: skip
    for path, mode in opened.items():
        if path != paths.state:
            path.touch()
        path.chmod(mode)
    found = list(exposed(paths))
    assert {one.path for one in found} == set(opened) - {paths.rules_file}, "rules may be read by others"
    for one in found:
        assert os.system(one.command) == 0
    assert list(exposed(paths)) == []


@needs_root
def test_what_belongs_to_another_person_is_named(paths):
    paths.history_file.touch(0o600)
    os.chown(paths.history_file, NOBODY, -1)
    (one,) = exposed(paths)
    assert one.cause == f"{paths.history_file} belongs to nobody."
    assert one.command == f"sudo chown root {paths.history_file}"


def test_looking_costs_next_to_nothing(paths):
    for number in range(100):
        (paths.log / f"gamedetectd.{number:06}.jsonl").touch(0o600)
    began = time.process_time()
    for _ in range(20):
        assert list(exposed(paths)) == []
    assert (time.process_time() - began) / 20 < 0.02, "seconds"


def test_what_cannot_be_looked_at_is_left_out_and_a_links_mode_says_nothing(paths):
    (paths.state / "link").symlink_to("/nowhere")
    paths.cache.rmdir()
    assert list(exposed(paths)) == []

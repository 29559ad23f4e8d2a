"""Children and the supervisor where process groups and signals are none: on a Windows Python under Wine.

Wine's job objects end what is in them, but limit neither memory nor processor time: those limits are not tried here.
"""

import json

import pytest

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(300)]
BECOME = ("--held-child", "0", "0", "0", "0", "tests.wine_children")


def lines(output):
    return [json.loads(line) for line in output.splitlines() if line.startswith("[")]


def test_children_are_held_by_a_job_object(windows):
    assert lines(windows(*BECOME, "children")) == [
        ["answer", "cba", True],
        ["sleep", "late", True],
        ["fork", "late", True],
        ["write_for_ever", "output", True],
        ["deny", "crashed", True],
    ]


def test_the_supervisor_starts_a_killed_daemon_again_and_ends_the_next_as_it_should(windows, tmp_path):
    place = "Z:" + str(tmp_path / "supervised").replace("/", "\\")
    said = windows(*BECOME, "supervisor", place, wait=False).communicate(timeout=240)[0].decode()
    assert lines(said) == [[0, ["ended with exit code 15"], 0]]

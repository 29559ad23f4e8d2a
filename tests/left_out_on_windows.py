"""A pytest plug-in for the run with a Windows Python (``poe windows``): which tests are left out there, and why.

``left_out_on_windows.txt`` beside it is the list. A row that leaves nothing out any more fails the run, so that the
list stays true.
"""

import sys
from pathlib import Path

import pytest

LIST = Path(__file__).with_suffix(".txt")
TESTS = LIST.parent


def rows():
    """Of each row the place (a file, or tests in it) and the reason."""
    found = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            place, why = line.split(None, 1)
            found[place] = why
    return found


class LeftOut:
    def __init__(self):
        self.rows = rows()
        self.met = set()
        self.files = set()
        self.tests = 0

    def pytest_ignore_collect(self, collection_path):
        place = self._place(collection_path)
        if place in self.rows:
            self.met.add(place)
            return True
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config, items):
        kept, gone = [], []
        for item in items:
            self.files.add(self._place(item.path))
            row = self._row(self._place(item.path), item.nodeid.partition("::")[2])
            self.met.add(row)
            (kept if row is None else gone).append(item)
        items[:] = kept
        self.tests = len(gone)
        config.hook.pytest_deselected(items=gone)

    def pytest_terminal_summary(self, terminalreporter):
        files = sum("::" not in row for row in self.met if row)
        terminalreporter.write_line(f"left out with a reason: {files} files, {self.tests} tests ({LIST.name})")

    def pytest_sessionfinish(self, session):
        stale = [row for row in self.rows if row.partition("::")[0] in self.files and row not in self.met]
        if stale and session.config.option.collectonly is False:
            print("\nNothing is left out any more by:", *stale, sep="\n  ")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _row(self, file, name):
        """The row that leaves a test out: by the beginning of its name, or after ``*`` by what is in it; else None."""
        for row in self.rows:
            place, _, test = row.partition("::")
            if place == file and test and (test[1:] in name if test[0] == "*" else name.startswith(test)):
                return row
        return None

    @staticmethod
    def _place(path):
        try:
            return path.relative_to(TESTS).as_posix()
        except ValueError:
            return str(path)


def pytest_configure(config):
    if sys.platform == "win32":
        config.pluginmanager.register(LeftOut(), "left-out-on-windows")

"""Saved settings are noticed however they are saved, once, and at no cost while nothing changes."""

from __future__ import annotations

import errno
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
import watchdog.observers

from gamedetectd.config import ConfigWatcher, load, notify
from gamedetectd.paths import Paths

SOON = 5.0
"""Seconds within which a change must be noticed; it takes 0.3 to 0.6."""
QUIET = 0.9
"""Seconds after which nothing more is to be expected."""


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path / "home")
    paths.config.mkdir(parents=True)
    return paths


@pytest.fixture
def changes():
    return queue.Queue()


@pytest.fixture
def watch(paths, changes):
    """Starts a watcher and waits until it watches."""
    watchers = []

    def start():
        watcher = ConfigWatcher(paths, changes.put, settings=load(paths, {}), environment={})
        watchers.append(watcher)
        watcher.start()
        until(lambda: watcher._thread.is_alive() and watcher._places.directories)
        time.sleep(0.2)
        return watcher

    yield start
    for watcher in watchers:
        watcher.stop()
        assert not watcher._thread.is_alive()


def until(condition):
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def nothing_more(changes):
    time.sleep(QUIET)
    assert changes.empty()


def write(paths, level="debug"):
    paths.settings_file.write_text(f"[logging]\nlevel = '{level}'\n")


def rename_over(paths):
    other = paths.config / ".settings.toml.swp"
    other.write_text("[logging]\nlevel = 'debug'\n")
    other.replace(paths.settings_file)


def move_in_from_elsewhere(paths):
    other = paths.config.parent.parent / "elsewhere"
    other.write_text("[logging]\nlevel = 'debug'\n")
    other.replace(paths.settings_file)


def link(paths):
    other = paths.config.parent / "dotfiles"
    other.mkdir()
    (other / "mine.toml").write_text("[logging]\nlevel = 'debug'\n")
    paths.settings_file.symlink_to(other / "mine.toml")


@pytest.mark.parametrize("save", [write, rename_over, move_in_from_elsewhere, link])
def test_however_an_editor_saves_it_is_noticed_once(save, paths, changes, watch):
    watch()
    save(paths)
    assert changes.get(timeout=SOON).applied == ("logging.level",)
    nothing_more(changes)


def test_removing_the_file_brings_the_defaults_back(paths, changes, watch):
    write(paths)
    watch()
    paths.settings_file.unlink()
    assert changes.get(timeout=SOON).settings.logging.level == "info"


def test_many_steps_of_saving_are_one_change(paths, changes, watch):
    watch()
    for level in ("error", "warning", "info", "debug"):
        write(paths, level)
        time.sleep(0.05)
    assert changes.get(timeout=SOON).settings.logging.level == "debug"
    nothing_more(changes)


def test_what_says_the_same_is_no_change(paths, changes, watch):
    write(paths)
    watch()
    write(paths)
    (paths.config / "unrelated.txt").write_text("x")
    nothing_more(changes)


def test_an_invalid_edit_is_told_and_mending_it_too(paths, changes, watch):
    watch()
    paths.settings_file.write_text("[logging]\nlevel = 'loud'\n")
    outcome = changes.get(timeout=SOON)
    assert outcome.settings is None
    assert outcome.problems[0].line == 2
    paths.settings_file.write_text("")
    outcome = changes.get(timeout=SOON)
    assert (outcome.problems, outcome.settings.logging.level) == ((), "info")


@pytest.mark.skipif(sys.platform == "win32", reason="mode bits say nothing on Windows")
def test_a_file_that_becomes_writable_by_others_is_refused_until_it_is_mended(paths, changes, watch):
    write(paths)
    watch()
    paths.settings_file.chmod(0o666)
    assert "is not protected" in changes.get(timeout=SOON).problems[0].message
    paths.settings_file.chmod(0o600)
    assert changes.get(timeout=SOON).problems == ()


def test_rules_are_watched_too(paths, changes, watch):
    watch()
    paths.rules_file.write_text("[[rule]]\nkind = 'ignore'\nexecutable = 'x'\n")
    assert [rule.executable for rule in changes.get(timeout=SOON).rules] == ["x"]


def test_what_changed_before_the_start_is_noticed(paths, changes):
    settings = load(paths, {})
    write(paths)
    watcher = ConfigWatcher(paths, changes.put, settings=settings, environment={})
    watcher.start()
    try:
        assert changes.get(timeout=SOON).applied == ("logging.level",)
    finally:
        watcher.stop()


@pytest.mark.parametrize("removed", ["config", "home"])
def test_a_directory_removed_and_made_again_is_found_again(removed, paths, changes, watch):
    write(paths, "error")
    watch()
    for level in ("debug", "warning"):
        shutil.rmtree(paths.config if removed == "config" else paths.config.parent)
        assert changes.get(timeout=SOON).settings.logging.level == "info"
        paths.config.mkdir(parents=True)
        write(paths, level)
        assert changes.get(timeout=SOON).settings.logging.level == level
        write(paths, "error")
        assert changes.get(timeout=SOON).settings.logging.level == "error"


def test_a_directory_replaced_by_another_in_one_move_is_followed(paths, changes, watch):
    watch()
    other = paths.config.with_name("other")
    other.mkdir()
    paths.config.rename(paths.config.with_name("old"))
    other.rename(paths.config)
    time.sleep(QUIET)
    write(paths)
    assert changes.get(timeout=SOON).applied == ("logging.level",)


def test_a_directory_that_does_not_exist_yet_is_waited_for(paths, changes, watch):
    shutil.rmtree(paths.config.parent)
    watch()
    paths.config.mkdir(parents=True)
    write(paths)
    assert changes.get(timeout=SOON).applied == ("logging.level",)


def test_the_file_behind_a_link_is_watched(paths, changes, watch):
    link(paths)
    watch()
    (paths.config.parent / "dotfiles" / "mine.toml").write_text("[logging]\nlevel = 'error'\n")
    assert changes.get(timeout=SOON).settings.logging.level == "error"


def test_a_link_in_a_circle_is_a_problem_and_not_the_end(paths, changes, watch):
    watch()
    paths.settings_file.symlink_to("settings.toml")
    assert "symbolic links" in changes.get(timeout=SOON).problems[0].message
    paths.settings_file.unlink()
    write(paths)
    until(lambda: not changes.empty())
    while not changes.empty():
        last = changes.get()
    assert last.problems == ()


def test_reload_now_tells_even_if_nothing_changed_and_answers(paths, changes, watch):
    watcher = watch()
    assert watcher.reload_now() is changes.get(timeout=SOON)
    write(paths)
    assert watcher.reload_now().applied == ("logging.level",)
    changes.get(timeout=SOON)
    nothing_more(changes)


def test_reload_now_works_without_a_start_and_stop_too(paths, changes):
    watcher = ConfigWatcher(paths, changes.put, settings=load(paths, {}), environment={})
    assert watcher.reload_now().problems == ()
    watcher.stop()
    watcher.stop()


def test_stopping_is_quick_and_leaves_no_thread_of_its_own(paths, changes, watch):
    watcher = watch()
    assert watcher.degraded_reason() is None
    write(paths)
    time.sleep(0.1)  # in the middle of waiting for quiet
    begun = time.monotonic()
    watcher.stop()
    assert time.monotonic() - begun < 5
    assert "config" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_wakes_up_while_nothing_changes(watch):
    others = {task.name for task in Path("/proc/self/task").iterdir()}  # ours, and what earlier tests left behind
    watch()

    def switches():
        tasks = [task for task in Path("/proc/self/task").iterdir() if task.name not in others]
        assert tasks
        lines = [line for task in tasks for line in (task / "status").read_text().splitlines()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))

    before = switches()
    time.sleep(3)
    assert switches() - before == 0


def refusing(*_arguments, **_more):
    raise OSError(errno.EMFILE, "Too many open files")


def test_without_notifications_it_looks_and_says_so(paths, changes, watch, monkeypatch):
    """A system out of inotify instances, which cannot be had here without hurting other programs."""
    monkeypatch.setattr(notify, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(watchdog.observers.Observer, "schedule", refusing)
    watcher = watch()
    until(watcher.degraded_reason)
    assert "Too many open files" in watcher.degraded_reason()
    write(paths)
    assert changes.get(timeout=SOON).applied == ("logging.level",)


@pytest.mark.skipif(sys.platform == "win32", reason="mode bits say nothing on Windows")
def test_a_directory_above_that_may_not_be_read_is_passed_over(changes):
    home = Path(tempfile.mkdtemp())
    paths = Paths.below(home)
    paths.config.mkdir()
    home.chmod(0o311)
    root = os.geteuid() == 0
    if root:  # root may read everything: be somebody else for a while
        for directory in (home, paths.config):
            os.chown(directory, 65534, -1)
        os.seteuid(65534)
    watcher = ConfigWatcher(paths, changes.put, settings=load(paths, {}), environment={})
    watcher.start()
    try:
        until(lambda: watcher._places.directories)
        write(paths)
        assert changes.get(timeout=SOON).applied == ("logging.level",)
        assert watcher.degraded_reason() is None
    finally:
        watcher.stop()
        if root:
            os.seteuid(0)
        home.chmod(0o700)
        shutil.rmtree(home)

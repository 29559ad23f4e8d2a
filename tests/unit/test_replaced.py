"""A daemon whose program is another file by now: noticed, and started again in the way its supervisor knows."""

import os
import signal
import sys

import pytest

from gamedetectd.app.replaced import AGAIN, Replaced


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "gamedetectd"
    file.write_text("old")
    return file


def renew(program):
    new = program.with_name("new")
    new.write_text("new")
    new.replace(program)


def test_only_another_file_is_another_program(program):
    replaced = Replaced(str(program), frozen=True)
    assert not replaced.noticed()
    renew(program)
    assert not replaced.wanted  # nobody asked yet
    assert replaced.noticed()
    assert replaced.wanted


def test_one_that_is_gone_is_no_new_one(program):
    replaced = Replaced(str(program), frozen=True)
    program.unlink()
    assert not replaced.noticed()


def test_python_itself_may_be_replaced(program):
    replaced = Replaced(str(program), frozen=False)
    renew(program)
    assert not replaced.noticed()


def test_whoever_supervises_starts_it(program):
    with pytest.raises(SystemExit) as end:
        Replaced(str(program), frozen=True).start_again(supervised=True)
    assert end.value.code == AGAIN


@pytest.mark.skipif(sys.platform == "win32", reason="there the installer stops and starts it")
def test_it_becomes_the_new_one_with_the_same_options(program, monkeypatch):
    became = []
    monkeypatch.setattr(os, "execve", lambda *told: became.append(told))
    monkeypatch.setattr(sys, "argv", ["gamedetectd", "run", "--headless"])
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/old")
    before = signal.getsignal(signal.SIGHUP)
    try:
        Replaced(str(program), frozen=True).start_again(supervised=False)
    finally:
        signal.signal(signal.SIGHUP, before)
    (path, argv, environment), *_ = became
    assert (path, argv) == (program, [str(program), "run", "--headless"])
    assert "_PYI_ARCHIVE_FILE" not in environment

"""Reading what windows say of themselves: whatever bytes they write, and whoever they claim to be."""

import json
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gamedetectd.domain import Bounds
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.windows.geometry import LONGEST_TITLE, covers, nearest_monitor
from gamedetectd.platforms.windows.xdisplay import XDisplay, is_local, unreachable_reason
from gamedetectd.platforms.windows.xwindow import choose_pid, class_part, clean_text, steam_app

HERE = socket.gethostname()


@given(st.binary(max_size=200))
@example(b"\xed\xa0\x80")
@example(b"a\x00b\x1b]0;x\x07")
def test_any_bytes_become_one_printable_line(raw):
    text = clean_text(raw)
    assert json.loads(json.dumps(text)) == text
    text.encode()
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
    assert len(text) <= LONGEST_TITLE


@given(st.text(st.characters(exclude_categories=("C", "Z")), max_size=50))
def test_a_proper_title_stays_as_it_is(title):
    assert clean_text(title.encode()) == title


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"supertux2\0SuperTux\0", "SuperTux"),
        (b"only\0", "only"),
        (b"only", "only"),
        (b"", ""),
        (b"\0\0", ""),
        (b"a\0b\0c\0", "b"),
        (b"x\0K\xfche\0", "Kühe"),
    ],
)
def test_the_class_is_the_second_part(raw, name):
    assert class_part(raw) == name


@pytest.mark.parametrize(
    ("values", "app"), [((), 0), ((0,), 0), ((620,), 620), ((769,), 0), ((2**31,), 0), ((2**31 - 1, 5), 2**31 - 1)]
)
def test_steam_numbers_that_name_a_game_of_the_store(values, app):
    assert steam_app(values) == app


@pytest.fixture
def proc(tmp_path):
    """A process table as the windows' owners appear in it: 100 in ours, 200 seen as 7 inside a container."""
    for pid, line in {
        100: "NSpid:\t100\n",
        7: "NSpid:\t7\n",
        200: "NSpid:\t200\t7\n",
        300: "NSpid:\t300\t40\t9\n",
    }.items():
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "status").write_text(f"Name:\tgame\nPid:\t{pid}\n{line}Threads:\t1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("claimed", "machine", "owner", "pid"),
    [
        pytest.param([100], HERE.encode(), 100, 100, id="both agree"),
        pytest.param([100], HERE.upper().encode() + b".lan\0", 50, 100, id="same machine by its long name"),
        pytest.param([100], b"localhost", 50, 100, id="localhost"),
        pytest.param([100], None, 0, 100, id="only the claim"),
        pytest.param([], None, 50, 50, id="only the server's word"),
        pytest.param([100], b"elsewhere", 50, 50, id="another machine"),
        pytest.param([100], b"elsewhere", 0, 0, id="another machine, and nobody knows"),
        pytest.param([999], None, 100, 100, id="no such process"),
        pytest.param([7], None, 200, 200, id="its number inside a container, which is another process out here"),
        pytest.param([9], None, 300, 300, id="two containers deep"),
        pytest.param([7], None, 100, 7, id="a window made for another process"),
        pytest.param([], None, 0, 0, id="nobody knows"),
    ],
)
def test_whose_window(proc, claimed, machine, owner, pid):
    assert choose_pid(claimed, machine, owner, proc) == pid


MONITORS = [(1, Bounds(0, 0, 1920, 1080)), (2, Bounds(1920, 0, 1280, 1024))]


@pytest.mark.parametrize(
    ("window", "monitor", "filled"),
    [
        (Bounds(0, 0, 1920, 1080), 1, True),
        (Bounds(1920, 0, 1280, 1024), 2, True),
        (Bounds(-2, -2, 1924, 1084), 1, True),
        (Bounds(0, 0, 3200, 1080), 1, True),
        (Bounds(0, 30, 1920, 1050), 1, False),
        (Bounds(1900, 100, 300, 300), 2, False),
        (Bounds(5000, 5000, 10, 10), 1, False),
    ],
)
def test_which_monitor_and_whether_it_is_filled(window, monitor, filled):
    name, area = nearest_monitor(window, MONITORS)
    assert (name, covers(window, area)) == (monitor, filled)


def test_a_screen_of_no_size_is_never_filled():
    assert not covers(Bounds(0, 0, 10, 10), Bounds(0, 0, 0, 0))


@pytest.mark.parametrize(
    ("name", "local"),
    [(":0", True), (":1.0", True), ("unix:0", True), ("localhost:10.0", False), ("kiosk:0", False), ("", True)],
)
def test_which_displays_know_our_pids(name, local):
    assert is_local(name) is local


def test_a_socket_nobody_listens_on_is_named_with_a_remedy():
    assert "nobody answers on display :60998" in unreachable_reason(":60998")
    with pytest.raises(DisplayGoneError, match="XAUTHORITY"):
        XDisplay(":60998")

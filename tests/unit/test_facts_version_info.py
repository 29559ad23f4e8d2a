"""What Windows programs say of themselves, read in a process of its own; broken ones say nothing and harm nobody."""

import dataclasses
import os
import random
import struct
import subprocess
import sys

import pytest
from facts_samples import chain, make_pipe, windows_program
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamedetectd.facts import version_info
from gamedetectd.facts.pe_child import FILE_LIMIT, read_version_info
from gamedetectd.facts.version_info import KEPT_ANSWERS, LIMITS, VersionInfoSource, is_windows_program
from gamedetectd.platforms.children.held import Limits

DOOM = windows_program(ProductName="DOOM Eternal", CompanyName="id Software", FileDescription="Größe 😀", Comments="x")
DOOM_INFO = {"ProductName": "DOOM Eternal", "CompanyName": "id Software", "FileDescription": "Größe 😀"}


PATIENT = dataclasses.replace(LIMITS, seconds=30.0)
"""The product's, for a busy machine."""


def read_in_child(path, limits=PATIENT):
    return version_info.read_in_child(path, limits)


@pytest.fixture
def doom(tmp_path):
    path = tmp_path / "DOOM.EXE"
    path.write_bytes(DOOM)
    return path


def source(*paths, read=read_in_child):
    return VersionInfoSource(lambda _facts: [str(path) for path in paths], read)


def test_a_windows_program_says_its_name(doom):
    facts = source("/usr/bin/wine", doom).gather(chain(("/usr/bin/wine",)))
    assert facts.version_info == {str(doom): DOOM_INFO}


def test_the_english_name_is_preferred_and_others_fill_the_gaps(tmp_path):
    path = tmp_path / "x.exe"
    path.write_bytes(windows_program({"ProductName": "Siedler", "CompanyName": "Blue Byte"}, ProductName="Settlers"))
    assert read_version_info(str(path)) == {"ProductName": "Settlers", "CompanyName": "Blue Byte"}


def test_the_reader_is_not_imported_into_the_daemon(doom):
    code = (
        "import sys; from gamedetectd.domain import Facts\n"
        "from gamedetectd.facts.version_info import VersionInfoSource as S\n"
        f"assert S(lambda f: [{str(doom)!r}]).gather(Facts()).version_info; assert 'pefile' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_the_answer_is_kept_until_the_file_changes(doom):
    asked = []

    def read(path):
        asked.append(path)
        return {"ProductName": str(len(asked))}

    one = source(doom, read=read)
    assert one.gather(chain()).version_info == one.gather(chain()).version_info
    assert len(asked) == 1
    doom.write_bytes(DOOM + b"\0")
    assert one.gather(chain()).version_info == {str(doom): {"ProductName": "2"}}


def test_only_so_many_answers_are_kept(tmp_path):
    paths = []
    for number in range(KEPT_ANSWERS + 10):
        paths.append(tmp_path / f"{number}.exe")
        paths[-1].write_bytes(DOOM)
    current = []
    one = VersionInfoSource(lambda _facts: current, read=lambda _path: {"ProductName": "x"})
    for path in paths:
        current[:] = [str(path)]
        one.gather(chain())
    assert len(one._kept) == KEPT_ANSWERS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"M",
        b"MZ",
        b"MZ" + b"\0" * 100,
        b"#!/bin/sh\n",
        b"\x7fELF" + b"\0" * 200,
        DOOM[:0x200],
        DOOM[:0x230],
        DOOM[:-0x180],
        DOOM[:64] + b"PE\0\0",
        DOOM[:60] + struct.pack("<I", 0xFFFFFFF0) + DOOM[64:],
        DOOM.replace(struct.pack("<I", 0x1000 + 72 + 16), struct.pack("<I", 0xFFFFFF00)),
        DOOM[:0x200] + b"\xff" * 0x400,
    ],
)
def test_broken_programs_say_nothing(tmp_path, content):
    assert content != DOOM
    path = tmp_path / "broken.exe"
    path.write_bytes(content)
    assert read_version_info(str(path)) == {}
    assert source(path).gather(chain()).version_info == {}


def test_a_resource_tree_that_leads_back_to_itself_ends(tmp_path):
    looped = bytearray(DOOM)
    looped[0x200 + 20 : 0x200 + 24] = struct.pack("<I", 0x80000000)
    path = tmp_path / "loop.exe"
    path.write_bytes(looped)
    assert read_in_child(str(path)) == {}, "before its processor time is used up"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0x40, len(DOOM) - 1), st.integers(0, 255)), max_size=20), st.integers(0, len(DOOM))
)
def test_damaged_programs_neither_crash_nor_hang_the_reader(tmp_path, damage, length):
    content = bytearray(DOOM)
    for place, value in damage:
        content[place] = value
    path = tmp_path / "damaged.exe"
    path.write_bytes(content[: max(length, 0x100)])
    read_version_info(str(path))


def test_garbage_is_refused_before_a_child_is_started(tmp_path):
    path = tmp_path / "garbage.exe"
    path.write_bytes(random.Random(1).randbytes(100_000))
    started = []
    assert source(path, read=started.append).gather(chain()).version_info == {}
    assert started == []


def test_a_huge_program_costs_neither_time_nor_memory(tmp_path):
    path = tmp_path / "huge.exe"
    path.write_bytes(DOOM)
    os.truncate(path, FILE_LIMIT)
    assert read_in_child(str(path)) == DOOM_INFO
    os.truncate(path, 1 << 40)
    assert read_in_child(str(path)) == {}


def test_pipes_directories_and_missing_files(tmp_path):
    make_pipe(tmp_path / "pipe.exe")
    (tmp_path / "directory.exe").mkdir()
    assert source(tmp_path / "gone.exe", tmp_path / "gone.exe" / "x.exe").gather(chain()).version_info == {}
    for name in ("pipe.exe", "directory.exe"):
        with pytest.raises(OSError, match=r"not a file|Is a directory"):
            source(tmp_path / name).gather(chain())


def test_a_name_that_is_no_text_reaches_the_child(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\n -x.exe")
    path.write_bytes(DOOM)
    assert read_in_child(str(path)) == DOOM_INFO


def test_a_child_that_hangs_is_ended(doom, monkeypatch):
    monkeypatch.setattr(version_info.pe_child, "__name__", "held_samples")
    with pytest.raises(OSError, match="longer than"):
        read_in_child("spin", Limits(1.0, 50_000_000))


def test_a_child_that_crashes_is_an_error(doom, monkeypatch):
    monkeypatch.setattr(version_info.pe_child, "__name__", "no_such_module")
    with pytest.raises(OSError, match="could not be read"):
        read_in_child(str(doom))


def test_the_cheap_look_is_right(doom):
    assert is_windows_program(str(doom))
    assert not is_windows_program(__file__)

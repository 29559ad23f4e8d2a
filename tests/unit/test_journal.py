"""The journal keeps its last whole line through anything that can happen to the rest of it."""

import os
import random
import signal
import sys
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from session_story import BOOT, PORTAL, Story

from gamedetectd.domain import Evidence, Instant
from gamedetectd.errors import JournalError
from gamedetectd.sessions.journal import COMPACT_ABOVE, LONGEST_LINE, Journal
from gamedetectd.sessions.storable import LONGEST_TEXT, MOST_EVIDENCE, finite, plain, storable

NOW = Instant(10.0, 20.0, 30.0)


def session(foreground=0.0, **changes):
    story = Story()
    story.play(50)
    return replace(story.sessions[0], foreground_seconds=foreground, active_seconds=foreground, **changes)


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "state" / "journal")
    yield journal
    journal.close()


def reread(journal):
    """What the next life of the daemon finds."""
    other = Journal(journal.path)
    entry = other.read()
    other.close()
    return entry, other.damaged


def test_without_a_journal_there_is_nothing_to_read(journal):
    assert journal.read() is None
    assert not journal.path.exists()


def test_the_last_entry_counts(journal):
    for seconds in (1.0, 2.0, 3.0):
        journal.write(NOW, BOOT, (session(seconds),), sync=seconds == 2.0)
    entry, damaged = reread(journal)
    assert (entry.at, entry.boot_id, entry.sessions, damaged) == (NOW, BOOT, (session(3.0),), 0)


def test_an_entry_may_be_empty(journal):
    journal.write(NOW, BOOT, (), sync=False)
    assert reread(journal)[0].sessions == ()


def test_cleared_it_is_empty_and_goes_on(journal):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    journal.clear()
    assert reread(journal) == (None, 0)
    journal.write(NOW, BOOT, (session(2),), sync=False)
    assert reread(journal)[0].sessions == (session(2),)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_it_is_for_nobody_else(journal):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert journal.path.parent.stat().st_mode & 0o777 == 0o700
    journal.close()
    journal.path.chmod(0o644)
    journal.write(NOW, BOOT, (session(1),), sync=True)
    assert journal.path.stat().st_mode & 0o777 == 0o600


TAILS = {
    "a torn line": b'000004d2 deadbeef {"at":',
    "half a header": b"0000",
    "NULs": b"\0" * 5000,
    "binary": bytes(range(256)) * 20,
    "text": b"hello\nworld\n",
    "a line with a wrong sum": b"00000002 00000000 {}\n",
    "a whole line that is no entry": b"00000002 %08x {}\n" % zlib.crc32(b"{}"),
    "newlines": b"\n\n\n",
}


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS.keys())
def test_whatever_follows_the_last_whole_line_does_not_hide_it(journal, tail):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    journal.close()
    with journal.path.open("ab") as file:
        file.write(tail)
    assert reread(journal)[0].sessions == (session(1),)
    journal.write(NOW, BOOT, (session(2),), sync=False)
    assert reread(journal)[0].sessions == (session(2),), "and the next line can be read, too"


def test_what_was_skipped_is_counted(journal):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    with journal.path.open("ab") as file:
        file.write(b"one\ntwo\nthree")
    assert reread(journal)[1] == 3


@given(cut=st.integers(0, 3000), noise=st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_cut_anywhere_the_last_whole_line_is_found(tmp_path, cut, noise):
    journal = Journal(tmp_path / f"journal-{random.randrange(1 << 60)}")
    ends = []
    for seconds in (1.0, 2.0, 3.0):
        journal.write(NOW, BOOT, (session(seconds),), sync=False)
        ends.append(journal.path.stat().st_size)
    journal.close()
    with journal.path.open("r+b") as file:
        file.truncate(min(cut, ends[-1]))
        file.seek(0, os.SEEK_END)
        file.write(noise)
    whole = sum(cut >= end for end in ends)
    entry, _ = reread(journal)
    found = 0 if entry is None else int(entry.sessions[0].foreground_seconds)
    # the newline alone may be missing and the noise begin with one
    assert found == whole or (found == whole + 1 and cut == ends[whole] - 1 and noise.startswith(b"\n"))
    journal.path.unlink()


def test_a_grown_file_is_replaced_by_its_last_line(journal):
    sizes = []
    for number in range(2000):
        journal.write(NOW, BOOT, (session(float(number)),), sync=False)
        sizes.append(journal.path.stat().st_size)
        assert len(list(journal.path.parent.iterdir())) == 1, "no file is left behind"
    assert max(sizes) <= COMPACT_ABOVE
    assert min(sizes[10:]) < 2000
    assert reread(journal)[0].sessions[0].foreground_seconds == 1999.0


def test_a_power_cut_between_writing_the_new_file_and_renaming_it_loses_nothing(journal):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    journal.path.with_name("journal.new").write_bytes(b"half a li")
    assert reread(journal)[0].sessions == (session(1),)
    for number in range(2000):
        journal.write(NOW, BOOT, (session(float(number)),), sync=False)
    assert reread(journal)[0].sessions[0].foreground_seconds == 1999.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a file that is open")
def test_a_file_deleted_or_replaced_under_it_is_made_anew(journal):
    journal.write(NOW, BOOT, (session(1),), sync=True)
    journal.path.unlink()
    journal.write(NOW, BOOT, (session(2),), sync=True)
    assert reread(journal)[0].sessions == (session(2),)
    journal.path.rename(journal.path.with_name("away"))
    journal.path.write_bytes(b"something else")
    journal.write(NOW, BOOT, (session(3),), sync=True)
    assert reread(journal)[0].sessions == (session(3),)


@pytest.mark.parametrize(
    ("content", "pieces"), [(b"\0", 100_000_000), (b"x" * 99 + b"\n", 1_000_000)], ids=["one line", "a million lines"]
)
def test_a_hundred_megabytes_of_garbage_cost_a_moment_and_little_memory(journal, content, pieces):
    import tracemalloc

    journal.write(NOW, BOOT, (session(1),), sync=True)
    with journal.path.open("ab") as file:
        for _ in range(10):
            file.write(content * (pieces // 10))
    tracemalloc.start()
    entry, damaged = reread(journal)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert entry.sessions == (session(1),)
    assert damaged > 20
    assert peak < 5 * LONGEST_LINE
    journal.write(NOW, BOOT, (session(2),), sync=False)
    assert journal.path.stat().st_size < COMPACT_ABOVE, "and it is gone with the next entry"


def test_a_directory_in_its_place_is_an_error_with_a_remedy(journal):
    journal.path.mkdir(parents=True)
    for call in (journal.read, journal.clear, lambda: journal.write(NOW, BOOT, (), sync=False)):
        with pytest.raises(JournalError) as error:
            call()
        assert str(journal.path) in error.value.cause
        assert error.value.remedy == "Move the directory that has the file's name out of the way."


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_what_is_also_another_file_is_not_written(journal, tmp_path):
    other = tmp_path / "other"
    other.write_text("kept")
    journal.path.parent.mkdir(parents=True, exist_ok=True)
    for link, remedy in ((journal.path.symlink_to, "symbolic link away"), (journal.path.hardlink_to, "a copy of it")):
        link(other)
        with pytest.raises(JournalError) as error:
            journal.write(NOW, BOOT, (), sync=False)
        assert remedy in error.value.remedy
        journal.path.unlink()
    assert other.read_text() == "kept"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read and write everything")
def test_an_unreadable_file_is_an_error_with_a_remedy(journal):
    journal.write(NOW, BOOT, (), sync=False)
    journal.close()
    journal.path.chmod(0)
    with pytest.raises(JournalError, match="Permission denied"):
        journal.read()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes")
def test_a_full_disk_is_an_error_and_what_was_written_stays(journal):
    import resource

    journal.write(NOW, BOOT, (session(1),), sync=True)
    size = journal.path.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, limits[1]))
    try:
        with pytest.raises(JournalError) as error:
            journal.write(NOW, BOOT, (session(2),), sync=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert "could not be written" in error.value.cause
    assert journal.path.stat().st_size == size + 100, "a part of the line got through"
    assert reread(journal)[0].sessions == (session(1),)
    journal.write(NOW, BOOT, (session(3),), sync=False)
    assert reread(journal)[0].sessions == (session(3),)


def test_hostile_texts_and_numbers_cost_no_session(journal):
    hostile = (
        Evidence("\udc80\x00\n\x1b[31m", float("inf"), "x" * 1_000_000, PORTAL),
        Evidence("nan", float("nan"), "\ud800 half"),
    )
    wild = session(5.0, evidence=hostile * 100, game=replace(PORTAL, title="T\n\udcff" * 300_000))
    journal.write(NOW, BOOT, (wild, session(1.0)), sync=False)
    entry, _ = reread(journal)
    first = entry.sessions[0]
    assert (first.id, first.foreground_seconds, first.root) == (wild.id, 5.0, wild.root)
    assert len(first.evidence) == MOST_EVIDENCE
    assert first.evidence[0].weight == sys.float_info.max
    assert first.evidence[1].weight == 0.0
    assert len(first.game.title) == LONGEST_TEXT
    assert entry.sessions[1] == session(1.0)


def test_too_much_for_a_line_loses_its_reasons_but_no_session(journal):
    reasons = tuple(Evidence("s", 1.0, "\x01" * LONGEST_TEXT) for _ in range(MOST_EVIDENCE))
    sessions = tuple(session(float(number), evidence=reasons) for number in range(10))
    journal.write(NOW, BOOT, sessions, sync=False)
    entry, _ = reread(journal)
    assert [one.foreground_seconds for one in entry.sessions] == [float(number) for number in range(10)]
    assert all(one.evidence == () for one in entry.sessions)


@given(st.text(alphabet=st.characters(codec=None, categories=None), max_size=50))
def test_every_text_can_be_stored(text):
    assert len(plain(text).encode()) >= 0
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert plain(text) == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "half a character: \udc80"},
        {"id": "x" * (LONGEST_TEXT + 1)},
        {"probability": float("inf")},
        {"ended_at": float("nan")},
        {"evidence": (Evidence("a", 1.0, "b"),) * (MOST_EVIDENCE + 1)},
    ],
    ids="".join,
)
def test_a_session_is_stored_as_it_is_or_made_so_that_it_can_be(journal, wrong):
    right = session(1.0)
    assert storable(right) is right
    journal.write(NOW, BOOT, (replace(right, **wrong),), sync=False)
    (stored,) = reread(journal)[0].sessions
    assert storable(stored) is stored
    assert stored != right


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_can_be_stored(number):
    assert abs(finite(number)) <= sys.float_info.max

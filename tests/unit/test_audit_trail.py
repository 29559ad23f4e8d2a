"""The audit trail: what is written, what seals it, and that nothing done to it afterwards goes unnoticed."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from audit_trails import Keyring, Trail, eventually_true, living

from gamedetectd.observability.fields import deviations
from gamedetectd.observability.redaction import register_secret
from gamedetectd.security import audit, audit_file, audit_writer
from gamedetectd.security.audit import AuditLog
from gamedetectd.security.audit_actions import ACTIONS
from gamedetectd.security.audit_line import read_line
from gamedetectd.security.audit_moderation import AT_ONCE, ONE_EVERY, Moderation
from gamedetectd.security.audit_verify import HEAD, KEY, check, open_vault, verify


@pytest.fixture
def trail(tmp_path):
    return Trail(tmp_path / "audit.jsonl")


class TestWriting:
    def test_every_action_is_a_line_that_holds_to_the_table_of_fields(self, trail):
        keeper = AuditLog(trail.path, Keyring)
        for action in ACTIONS:
            keeper.record(action, "It happened.", name="a", by="a command")
        keeper.flush()
        events = [json.loads(line) for line in trail.lines()]
        assert [event["event"]["action"] for event in events] == list(ACTIONS)
        assert [event["event"]["sequence"] for event in events] == list(range(1, len(ACTIONS) + 1))
        assert {event["event"]["dataset"] for event in events} == {"gamedetectd.audit"}
        assert [problem for event in events for problem in deviations(event)] == []
        assert {event["gamedetectd"]["audit"]["seal"] for event in events} == {"none"}

    def test_what_is_noted_is_redacted_harmless_and_bounded(self, trail):
        register_secret("k4n4ry-of-the-trail")
        keeper = AuditLog(trail.path, Keyring)
        keeper.record(
            "client-refused",
            "k4n4ry-of-the-trail\n\x1b[2J password=hunter2 " + "x" * 50_000,
            success=False,
            token="hunter2",
            other="\u202e k4n4ry-of-the-trail",
        )
        keeper.flush()
        (line,) = trail.lines()
        assert len(line) < 20_000
        for bad in (b"k4n4ry", b"hunter2", b"\x1b", b"\xe2\x80\xae"):
            assert bad not in line
        assert json.loads(line)["event"]["outcome"] == "failure"
        assert read_line(line.rstrip(b"\n")).fits(None)

    def test_an_action_that_is_not_in_the_table_is_kept_all_the_same(self, trail):
        keeper = AuditLog(trail.path, Keyring)
        keeper.record("something-new", "It happened.")
        keeper.flush()
        assert trail.actions() == ["something-new"]

    def test_from_many_threads_no_line_is_lost_and_every_one_is_in_its_place(self, trail, monkeypatch):
        monkeypatch.setattr("gamedetectd.security.audit_moderation.AT_ONCE", 10_000)
        keeper, worker = living(trail.path, trail.keyring)
        threads = [
            threading.Thread(target=lambda: [keeper.record("hook-run", "It ran.") for _ in range(50)]) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        eventually_true(lambda: not keeper.waiting)
        worker.stop()
        worker.join(5.0)
        keeper.close()
        assert trail.report().lines == 400
        assert trail.report().ok

    def test_a_disk_that_refuses_holds_nobody_up_and_the_lines_come_later(self, trail):
        trail.path.mkdir()
        keeper = AuditLog(trail.path, Keyring)
        began = time.monotonic()
        for number in range(audit.WAITING_LINES + 50):
            keeper.record("start", f"It starts for the {number}th time.")
        assert time.monotonic() - began < 2.0
        keeper.flush()
        told = "may not write" if sys.platform == "win32" else "not a regular file"
        assert told in str(keeper.problem)
        trail.path.rmdir()
        keeper.flush()
        assert keeper.problem is None
        assert trail.report().lines == audit.WAITING_LINES + 1
        assert "50 line(s) before this one were lost" in json.loads(trail.lines()[0])["message"]

    @pytest.mark.skipif(sys.platform == "win32", reason="modes")
    def test_the_file_is_for_our_eyes_only_whatever_the_umask(self, trail):
        old = os.umask(0)
        try:
            trail.run("a")
        finally:
            os.umask(old)
        assert {file.stat().st_mode & 0o777 for file in trail.path.parent.iterdir()} == {0o600}

    def test_two_processes_do_not_write_at_once(self, trail):
        first, second = AuditLog(trail.path, Keyring), AuditLog(trail.path, Keyring)
        for keeper in (first, second):
            keeper.record("start", "It starts.")
            keeper.flush()
        assert (first.waiting, second.waiting) == (0, 1)
        first.close()
        second.flush()
        assert second.waiting == 0
        assert trail.report().lines == 2
        assert trail.report().ok

    def test_another_process_that_does_not_let_go_is_told(self, trail, monkeypatch):
        monkeypatch.setattr(audit_writer, "HELD_TOO_LONG", 0.0)
        first, second = AuditLog(trail.path, Keyring), AuditLog(trail.path, Keyring)
        for keeper in (first, second, second):
            keeper.record("start", "It starts.")
            keeper.flush()
            time.sleep(0.01)
        assert "Another process holds" in str(second.problem)
        first.close()
        second.flush()
        assert second.problem is None
        second.close()
        assert trail.report().lines == 3


class TestSealing:
    def test_lines_before_the_key_are_proven_by_the_first_sealed_one(self, trail):
        trail.run("a", "b")
        report = trail.report()
        assert (report.lines, report.sealed, report.ok) == (5, 5, True)
        assert trail.actions() == ["start", "audit-sealed", "settings-changed", "settings-changed", "stop"]

    def test_without_a_keyring_lines_are_chained_only_and_it_is_said(self, trail):
        trail.keyring.locked = True
        keeper = trail.run("a")
        report = trail.report()
        assert (report.sealed, report.unsealed, report.ok) == (0, 3, True)
        assert keeper.unsealed == "It is locked. Unlock it."
        assert "3 are chained only: It is locked. Unlock it." in report.summary
        assert b'"seal":"none"' in trail.lines()[0]

    def test_a_keyring_that_opens_later_seals_what_was_written_meanwhile(self, trail):
        trail.keyring.locked = True
        trail.run("a")
        trail.keyring.locked = False
        trail.run("b")
        assert trail.report().sealed == 7

    def test_sealed_lines_cannot_be_checked_while_the_keyring_is_locked(self, trail):
        trail.run("a")
        trail.keyring.locked = True
        report = trail.report()
        assert not report.ok
        assert report.problems[0].meaning == "3 sealed line(s) cannot be checked: It is locked. Unlock it."

    def test_the_chain_goes_on_over_many_lives_and_the_head_moves_with_it(self, trail):
        for life in range(4):
            trail.run(f"life {life}")
        assert trail.report().ok
        assert json.loads(trail.keyring.kept[HEAD])["sequence"] == trail.report().last == 16

    def test_the_keyring_is_asked_late_seldom_and_never_without_news(self, trail, monkeypatch):
        for name, seconds in {"ASK_AFTER": 0.2, "HEAD_AFTER": 0.1, "HEAD_AT_LATEST": 0.5}.items():
            monkeypatch.setattr(audit, name, seconds)
        keeper, worker = living(trail.path, trail.keyring)
        keeper.changed = lambda: time.sleep(0.2)  # whoever asked is still there when the worker wakes
        keeper.record("start", "It starts.")
        time.sleep(0.05)
        assert trail.keyring.asked == 0
        eventually_true(lambda: HEAD in trail.keyring.kept)
        asked = trail.keyring.asked
        for _ in range(10):
            keeper.record("hook-run", "It ran.")
        eventually_true(lambda: json.loads(trail.keyring.kept[HEAD])["sequence"] == 12)
        assert trail.keyring.asked == asked + 1, "ten lines, one head"
        time.sleep(0.5)
        assert trail.keyring.asked == asked + 1, "no news, no question"
        worker.stop()
        worker.join(5.0)
        keeper.close()
        assert trail.report().ok

    def test_a_keyring_that_fails_to_keep_the_head_is_told_until_it_does(self, trail):
        keeper = AuditLog(trail.path, lambda: trail.keyring)
        keeper.record("start", "It starts.")
        keeper.flush()
        keeper._start(keeper._fetch_key).join(5.0)
        trail.keyring.locked = True
        keeper._start(keeper._keep_head).join(5.0)
        assert keeper.unsealed == "It is locked. Unlock it."
        trail.keyring.locked = False
        keeper._start(keeper._keep_head).join(5.0)
        assert keeper.unsealed == ""
        keeper.close()
        assert trail.report().ok

    def test_a_keyring_that_hangs_ends_nothing_late(self, trail):
        hanging = threading.Event()

        class Hanging(Keyring):
            def _open(self):
                hanging.wait(20.0)

        keeper = AuditLog(trail.path, Hanging)
        keeper.record("start", "It starts.")
        keeper.flush()
        keeper._asking = keeper._start(keeper._fetch_key)
        keeper.record("stop", "It ends.")
        began = time.monotonic()
        keeper.close(0.2)
        assert time.monotonic() - began < 2.0
        assert trail.actions() == ["start", "stop"]
        hanging.set()
        keeper._asking.join(5.0)

    def test_unlocked_by_the_person_it_is_asked_again_at_once(self, trail, monkeypatch):
        monkeypatch.setattr(audit, "ASK_AFTER", 0.0)
        trail.keyring.locked = True
        keeper, worker = living(trail.path, trail.keyring)
        keeper.record("start", "It starts.")
        eventually_true(lambda: keeper.unsealed)
        trail.keyring.locked = False
        keeper.ask_again()
        eventually_true(lambda: KEY in trail.keyring.kept and not keeper.unsealed)
        worker.stop()
        worker.join(5.0)
        keeper.close()


def remove(number):
    return lambda lines: lines[: number - 1] + lines[number:]


def edit(number):
    return lambda lines: [*lines[: number - 1], lines[number - 1].replace(b'"m', b'"n'), *lines[number:]]


def swap(lines):
    return [*lines[:4], lines[5], lines[4], *lines[6:]]


def twice(lines):
    return [*lines[:5], lines[4], *lines[5:]]


def forge(lines):
    """Everything from the third line on written anew by somebody without the key."""
    import hashlib

    kept, previous = lines[:2], read_line(lines[1].rstrip(b"\n")).link
    for line in lines[2:]:
        event = json.loads(line)
        del event["gamedetectd.audit.link"]
        event["message"] = "Nothing happened."
        event["gamedetectd"]["audit"] = {"previous": previous, "seal": "none"}
        body = json.dumps(event, separators=(",", ":"))[:-1].encode()
        previous = hashlib.sha256(body).hexdigest()
        kept = [*kept, b'%s,"gamedetectd.audit.link":"%s"}\n' % (body, previous.encode())]
    return kept


DAMAGES = {
    "a line is removed": (remove(5), "Line 5 is missing."),
    "a line is edited": (edit(5), "Line 5 was changed."),
    "the line before the head is edited": (edit(12), "Line 12 was changed."),
    "the last line is edited": (edit(13), "Line 13 was changed."),
    "lines are swapped": (swap, "Line 5 stands in the wrong place, or twice."),
    "a line stands twice": (twice, "Line 5 stands in the wrong place, or twice."),
    "the end is cut off": (lambda lines: lines[:9], "Lines 10 to 13 are missing: the keyring remembers them."),
    "the last line is cut off": (remove(13), "Line 13 is missing: the keyring remembers them."),
    "the beginning is cut off": (lambda lines: lines[3:], "Lines 1 to 3 are missing."),
    "the file is emptied": (lambda _lines: [], "Lines 1 to 13 are missing: the keyring remembers them."),
    "everything is written anew without the key": (forge, "Line 13 is not the one that the keyring remembers."),
    "a line is exchanged for junk": (
        lambda lines: [*lines[:4], b"\x00\xff junk\n", *lines[5:]], "Line 5 is missing."
    ),
}  # fmt: skip


@pytest.fixture
def damaged(trail, request):
    trail.run("m1", "m2", "m3")
    trail.run("m4", "m5", "m6", "m7")
    assert trail.report().last == 13
    harm, meaning = DAMAGES[request.param]
    trail.write(harm(trail.lines()))
    return trail, meaning


@pytest.mark.parametrize("damaged", DAMAGES, indirect=True)
class TestDamage:
    def test_it_is_found_and_said_where(self, damaged):
        trail, meaning = damaged
        assert meaning in [problem.meaning for problem in trail.report().problems]
        assert not trail.report().ok
        assert "problem(s)" in trail.report().summary

    def test_the_daemon_notices_at_its_start_writes_it_down_and_goes_on(self, damaged):
        trail, _ = damaged
        before = trail.report().problems
        keeper = trail.run("after")
        assert keeper.damage
        assert "audit-gap" in trail.actions()
        report = trail.report()
        assert not report.ok, "what was done stays to be seen"
        assert report.new == ()
        assert all(problem.noted for problem in report.problems)
        assert len(report.problems) >= min(1, len(before))
        assert trail.run("once more").damage == (), "and is told once"
        assert trail.report().new == ()

    def test_what_is_done_later_is_new_again(self, damaged):
        trail, _ = damaged
        trail.run("after")
        trail.run("m8", "m9")
        lines = trail.lines()
        trail.write([*lines[:-4], *lines[-3:]])
        assert len(trail.report().new) == 1
        assert trail.run().damage


class TestCrashes:
    def test_lines_that_the_head_does_not_know_yet_are_no_damage(self, trail):
        trail.run("a")
        trail.run("b", crash=True)
        head = json.loads(trail.keyring.kept[HEAD])["sequence"]
        assert trail.report().last > head
        assert trail.report().ok
        assert trail.report().unsealed == 0
        assert trail.run("c").damage == ()
        assert trail.report().ok

    @pytest.mark.parametrize("torn", [b'{"@timestamp":"2026', b"\x00" * 700, b"{}\n"])
    def test_what_a_power_cut_leaves_at_the_end_is_stepped_over(self, trail, torn):
        trail.run("a")
        with trail.path.open("ab") as file:
            file.write(torn)
        assert trail.report().ok
        assert trail.report().other == 1
        assert trail.run("b").damage == ()
        assert trail.report().ok

    def test_a_key_that_was_lost_is_told_and_a_new_one_seals_what_comes(self, trail):
        trail.run("a")
        trail.keyring.kept.clear()
        assert "no longer in the keyring" in trail.report().problems[0].meaning
        assert "no longer in the keyring" in trail.run("b").damage[0].meaning
        report = trail.report()
        assert report.sealed == 5
        assert report.problems[0].noted
        assert trail.run("c").damage == ()

    def test_a_head_that_makes_no_sense_is_told_and_replaced(self, trail):
        trail.run("a")
        trail.keyring.kept[HEAD] = "\x00 no JSON"
        assert "cannot be understood" in trail.run("b").damage[0].meaning
        assert trail.run("c").damage == ()

    def test_an_old_copy_of_the_file_is_told(self, trail):
        trail.run("a")
        old = trail.lines()
        trail.run("b")
        trail.write(old)
        assert "keyring remembers" in trail.report().problems[0].meaning

    def test_a_file_that_is_removed_while_we_write_is_told_in_the_next_one(self, trail):
        keeper = AuditLog(trail.path, Keyring)
        keeper.record("start", "It starts.")
        keeper.flush()
        trail.path.unlink()
        keeper.record("stop", "It ends.")
        keeper.flush()
        assert trail.actions() == ["audit-gap", "stop"]
        assert keeper.damage
        assert trail.report().problems[0].meaning == "Line 1 is missing."

    @pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
    def test_killed_at_any_moment_it_never_looks_like_damage(self, trail, tmp_path):
        program = (
            "import sys; sys.path.insert(0, 'tests'); from pathlib import Path\n"
            "from audit_trails import *; import json\n"
            "from gamedetectd.security import audit, audit_moderation\n"
            "audit.HEAD_AFTER = audit.HEAD_AT_LATEST = 0.0; audit_moderation.AT_ONCE = 10**9\n"
            "place = Path(sys.argv[1])\n"
            "class OnDisk(Keyring):\n"
            "    def _open(self): self.kept = json.loads((place / 'kept').read_text() or '{}')\n"
            "    def set(self, name, value):\n"
            "        self._open(); self.kept[name] = value; (place / 'new').write_text(json.dumps(self.kept))\n"
            "        (place / 'new').replace(place / 'kept')\n"
            "keeper = AuditLog(place / 'audit.jsonl', OnDisk)\n"
            "keeper.record('start', 'x'); keeper.flush(); keeper._start(keeper._fetch_key).join()\n"
            "print('ready', flush=True)\n"
            "while True:\n"
            "    keeper.record('hook-run', 'x'); keeper.flush(); keeper._keep_head()\n"
        )
        (tmp_path / "kept").write_text("{}")
        for life in range(3):
            process = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE)
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.02 + 0.03 * life)
            process.kill()
            process.wait()
            process.stdout.close()
            trail.keyring.kept = json.loads((tmp_path / "kept").read_text())
            assert trail.report().problems == ()
        assert trail.report().lines > 12


class TestBounds:
    @pytest.fixture
    def small(self, monkeypatch):
        monkeypatch.setattr(audit_file, "MAX_FILE", 5_000)
        monkeypatch.setattr(audit_file, "MAX_TOTAL", 20_000)

    def test_the_oldest_lines_go_and_the_trail_says_so(self, trail, small):
        for life in range(15):
            trail.run(f"life {life}")
            assert sum(file.stat().st_size for file in trail.path.parent.iterdir()) <= 20_000
        report = trail.report()
        assert report.ok
        assert report.first > 30
        assert report.sealed == report.lines

    def test_a_file_that_somebody_else_deletes_is_told_apart_from_one_that_was_too_old(self, trail, small):
        for life in range(15):
            trail.run(f"life {life}")
        oldest, second, *_ = audit_file.files(trail.path)
        oldest.unlink()
        (problem,) = trail.report().problems
        assert problem.meaning.startswith("Lines 1 to ")
        second.unlink()
        assert len(trail.report().problems) == 1
        assert trail.run("after").damage
        assert trail.report().new == ()

    def test_a_file_of_the_middle_that_is_deleted_is_told(self, trail, small):
        for life in range(10):
            trail.run(f"life {life}")
        audit_file.files(trail.path)[1].unlink()
        (problem,) = trail.report().problems
        assert "missing" in problem.meaning

    def test_lines_grow_old(self, trail):
        trail.run("a")
        later = time.time() + audit_file.MAX_AGE
        now = [later]
        keeper = AuditLog(trail.path, lambda: trail.keyring, audit_file.AuditFile(trail.path, lambda: now[0]))
        keeper.record("start", "It starts, much later.")
        keeper.flush()
        assert len(audit_file.files(trail.path)) == 2, "the first file is finished for its age"
        now[0] += audit_file.DAY
        keeper.record("start", "And once more.")
        keeper.flush()
        keeper.close()
        assert len(audit_file.files(trail.path)) == 1
        assert trail.report().ok
        assert trail.report().first == 5

    def test_a_flood_fills_no_trail(self, trail):
        keeper = AuditLog(trail.path, Keyring)
        for _ in range(5_000):
            keeper.record("client-refused", "Somebody knocked.", success=False)
        keeper.record("secret-set", "A secret was kept.", name="mqtt")
        keeper.flush()
        keeper.close()
        assert trail.actions() == ["client-refused"] * AT_ONCE + ["secret-set", "client-refused"]
        last = json.loads(trail.lines()[-1])
        assert last["gamedetectd"]["repeated"] == 5_000 - AT_ONCE
        assert last["message"] == f"{5_000 - AT_ONCE} more of these were left out."

    def test_after_a_flood_one_a_minute_comes_through_with_the_count(self):
        now = [0.0]
        moderation = Moderation(lambda: now[0])
        assert [moderation.admit("a") for _ in range(AT_ONCE + 3)] == [0] * AT_ONCE + [None] * 3
        now[0] += ONE_EVERY
        assert moderation.admit("a") == 3
        assert moderation.admit("a") is None
        assert moderation.admit("b") == 0
        now[0] += ONE_EVERY * AT_ONCE * 2
        assert [moderation.admit("a") for _ in range(AT_ONCE + 1)] == [1] + [0] * (AT_ONCE - 1) + [None]


class TestReading:
    def test_nothing_at_all_is_in_order(self, trail):
        assert trail.report().summary == "There is no audit trail yet."
        assert trail.report().ok

    def test_the_whole_of_an_account_is_checked_by_one_call(self, tmp_path):
        from gamedetectd.paths import Paths

        paths = Paths.below(tmp_path)
        trail = Trail(paths.audit_log_file)
        trail.run("a")
        assert verify(paths, trail.keyring).sealed == 4

    @pytest.mark.skipif(sys.platform == "win32", reason="links")
    def test_a_trail_that_is_a_link_is_refused_with_a_sentence(self, trail, tmp_path):
        from gamedetectd.errors import AuditError

        (tmp_path / "elsewhere").write_text("")
        trail.path.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(AuditError, match="symbolic link"):
            trail.report()
        keeper = AuditLog(trail.path, Keyring)
        keeper.record("start", "It starts.")
        keeper.flush()
        assert "symbolic link" in str(keeper.problem)
        assert (tmp_path / "elsewhere").read_text() == ""

    def test_lines_of_any_kind_never_raise(self, trail):
        trail.run("a")
        good = trail.lines()
        link = b',"gamedetectd.audit.link":"' + b"0" * 64 + b'"}\n'
        bad = [
            b"", b"\n", b"{" + link, b"[]\n", b"\xff" * 100_000 + b"\n", b"{" * 100_000 + link, b'{"event":1' + link,
            b'{"event":{"action":"a","sequence":-1},"gamedetectd":{"audit":{"previous":""}},"@timestamp":""' + link,
            b'{"event":{"action":"a","sequence":1e300},"gamedetectd":{"audit":{"previous":""}},"@timestamp":""' + link,
            b'{"event":{"action":"audit-pruned","sequence":99},"gamedetectd":{"audit":{"previous":"","key":"\\u0000"},'
            b'"details":{"through":"' + b"9" * 5_000 + b'"}},"@timestamp":""' + link,
        ]  # fmt: skip
        for line in bad:
            trail.write([*good, line])
            check(trail.path, open_vault(trail.keyring))
            trail.run("b")

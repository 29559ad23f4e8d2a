"""Steam's process log: what its lines say, what is believed of them, and the sensor that follows it."""

import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_programs import eventually

from gamedetectd.config.notify import Notifier
from gamedetectd.domain import Instant, ProcessInfo, ProcessKey, StoreSignal
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.processes.sandboxes import outside
from gamedetectd.sensors import steam_log, steam_log_file
from gamedetectd.sensors.steam_log import SteamLogSensor
from gamedetectd.sensors.steam_log_file import LogFile
from gamedetectd.sensors.steam_log_lines import LONGEST_COMMAND, LogLines, LogRecord, Said, game_number, read_lines
from gamedetectd.worker import Worker

WHEN = (2026, 5, 18, 0, 58, 11)
STAMP = b"[2026-05-18 00:58:11] "
SHORTCUT = 17523047026718146560


def told(*records):
    return [(record.said, record.number, record.pid) for record in records]


def added(number, pid):
    return (Said.ADDED, number, pid)


LINES = {
    'AppID 620 adding PID 1552 as a tracked process "/games/portal2"': [added(620, 1552)],
    'AppID 620 adding PID 1552 as a tracked process ""Z:\\games\\portal2.exe" -x"': [added(620, 1552)],
    "AppID 620 adding PID 1553 as a tracked process": [added(620, 1553)],
    'Game 620 adding PID 1552 as a tracked process "x"': [added(620, 1552)],
    f'AppID {SHORTCUT} adding PID 7 as a tracked process "x"': [added(SHORTCUT, 7)],
    "AppID 620 no longer tracking PID 1552, exit code 0": [(Said.DROPPED, 620, 1552)],
    "AppID 620 no longer tracking PID 1552, exit code -1073741819": [(Said.DROPPED, 620, 1552)],
    "AppID 620 no longer tracking PID 1552": [(Said.DROPPED, 620, 1552)],
    "Remove 620 from running list": [(Said.REMOVED, 620, 0)],
    "Remove -215064978 from running list": [(Said.REMOVED, SHORTCUT, 0)],
    "Remove 4079902318 from running list": [(Said.REMOVED, SHORTCUT, 0)],
    "SSGL: InternalUpdateClientGame indicates change to games list": [],
    "AppID 620 adding PID x as a tracked process": [],
    "AppID 620 adding PID 99999999999 as a tracked process": [],
    "AppID 620 adding PID 5 as a tracked process, perhaps": [],
    'x AppID 620 adding PID 5 as a tracked process "y"': [],
    "": [],
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_what_a_line_says(line, ending):
    records = read_lines(STAMP + line.encode() + ending)
    assert told(*records) == LINES[line]
    assert {record.when for record in records} <= {WHEN}


@pytest.mark.parametrize("line", [line for line in LINES if LINES[line]])
def test_a_line_without_its_time_says_nothing(line):
    assert read_lines(line.encode() + b"\n") == []
    assert read_lines(b"[2026-05-18] " + line.encode() + b"\n") == []


def test_text_in_a_command_is_not_steams_word():
    imitation = b"AppID 7 adding PID 8 as a tracked process"
    one_line = STAMP + b'AppID 620 adding PID 1 as a tracked process "/a ' + STAMP + imitation + b' "x""\n'
    assert told(*read_lines(one_line)) == [added(620, 1)]
    several = STAMP + b'AppID 620 adding PID 1 as a tracked process "/a\n' + STAMP + imitation + b'\nb"\n'
    assert told(*read_lines(several + STAMP + b"Remove 620 from running list\n")) == [
        added(620, 1),
        (Said.REMOVED, 620, 0),
    ]


def test_a_command_whose_end_was_never_written_does_not_swallow_all_that_follows():
    endless = STAMP + b'AppID 620 adding PID 1 as a tracked process "/a\n' + b"x\n" * LONGEST_COMMAND
    assert told(*read_lines(endless + STAMP + b"AppID 9 adding PID 2 as a tracked process\n")) == [
        added(620, 1),
        added(9, 2),
    ]
    alone = STAMP + b'AppID 620 adding PID 1 as a tracked process "\nb"\n'
    assert told(*read_lines(alone + STAMP + b"Remove 620 from running list\n"))[-1] == (Said.REMOVED, 620, 0)


@given(st.integers(0, 200), st.integers(0, 200))
def test_where_the_bytes_are_cut_does_not_matter(one, two):
    whole = b"".join(STAMP + line.encode() + b"\n" for line in LINES)
    first, second = sorted((one * 7 % len(whole), two * 13 % len(whole)))
    lines = LogLines()
    pieces = [*lines.feed(whole[:first]), *lines.feed(whole[first:second]), *lines.feed(whole[second:])]
    assert pieces == read_lines(whole)


def test_an_endless_line_is_not_kept():
    lines = LogLines()
    for _ in range(50):
        assert list(lines.feed(b"x" * 10_000)) == []
    assert len(lines._rest) < 100_000


@given(st.binary(max_size=300))
def test_any_bytes_make_records_or_none(data):
    for record in read_lines(STAMP + data + b"\n" + data):
        assert all(abs(moment) < 1e12 for moment in record.moments())


@pytest.mark.parametrize(
    ("number", "called"),
    [(620, 620), (0, 0), (SHORTCUT, SHORTCUT), (-215064978, SHORTCUT), (1 << 31, 1 << 63 | 1 << 25)],
)
def test_numbers_are_told_as_steams_environment_has_them(number, called):
    assert game_number(number) == called


@pytest.fixture
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def record(*when):
    return LogRecord(Said.ADDED, when, 620, 5)


def test_local_time_is_understood_also_in_the_hour_that_comes_twice(berlin):
    assert record(2026, 7, 1, 12, 0, 0).moments() == (1782900000.0,)
    assert record(2026, 12, 1, 12, 0, 0).moments() == (1796122800.0,)
    first, second = sorted(record(2026, 10, 25, 2, 30, 0).moments())
    assert second - first == 3600


@pytest.mark.parametrize(
    "when", [(2026, 13, 1, 0, 0, 0), (2026, 2, 30, 0, 0, 0), (9999, 99, 99, 99, 99, 99), (0, 0, 0, 0, 0, 0)]
)
def test_a_day_that_does_not_exist_is_no_moment(when):
    assert record(*when).moments() == ()


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    return LogFile(tmp_path / "gameprocess_log.txt")


def line(number, pid, when=None, said="adding PID {} as a tracked process"):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() if when is None else when))
    return f"[{stamp}] AppID {number} {said.format(pid)}\n"


def append(path, *lines):
    with path.open("a") as out:
        out.write("".join(lines))


def test_only_what_is_new_is_told(file):
    assert file.read() == []
    append(file.path, line(620, 1))
    assert told(*file.read()) == [added(620, 1)]
    assert file.read() == []
    whole = line(620, 2)
    append(file.path, whole[:30])
    assert file.read() == []
    append(file.path, whole[30:], line(620, 3))
    assert told(*file.read()) == [added(620, 2), added(620, 3)]


def test_a_log_that_was_moved_away_is_read_to_its_end(file):
    append(file.path, line(620, 1))
    file.read()
    append(file.path, line(620, 2))
    file.path.rename(file.path.with_name("gameprocess_log.previous.txt"))
    append(file.path, line(620, 3))
    assert told(*file.read()) == [added(620, 2), added(620, 3)]
    file.path.unlink()
    assert file.read() == []
    append(file.path, line(620, 4))
    assert told(*file.read()) == [added(620, 4)]


@pytest.mark.parametrize("lines", [1, 5])
def test_a_log_that_was_written_anew_in_place_is_read_from_its_beginning(lines, file):
    append(file.path, line(620, 1), line(620, 2))
    file.read()
    with file.path.open("r+") as out:
        out.truncate(0)
        out.write("".join(line(730, 10 + number) for number in range(lines)))
    assert told(*file.read()) == [added(730, 10 + number) for number in range(lines)]


def test_of_a_long_log_only_the_end_is_read_at_first(file, monkeypatch):
    monkeypatch.setattr(steam_log_file, "FIRST_LOOK", 1_000)
    monkeypatch.setattr(steam_log_file, "CHUNK", 400)
    append(file.path, *(line(620, number) for number in range(100)))
    records = file.read()
    assert 8 < len(records) < 20
    assert told(records[-1]) == [added(620, 99)]
    append(file.path, *(line(730, number) for number in range(30)))
    assert len(file.read()) == 30


def test_what_is_no_file_is_a_problem_that_goes_away(file):
    file.path.mkdir()
    assert file.read() == []
    assert file.problem.endswith("it is not a file.")
    file.path.rmdir()
    append(file.path, line(620, 1))
    assert len(file.read()) == 1
    assert file.problem is None


# --- what is believed -------------------------------------------------------------------------------------------------

NOW = Instant(awake=5_000.0, elapsed=5_000.0, wall=1_800_000_000.0)
BOOT = NOW.wall - NOW.elapsed


class Still:
    def now(self):
        return NOW


class Processes:
    """A process table of ``{pid: (started on the elapsed clock, environment)}``."""

    def __init__(self, running):
        self.running = running

    def read(self, pid):
        if pid not in self.running:
            return None
        started, environment = self.running[pid]
        return ProcessInfo(
            ProcessKey("b", pid, int(started * 100)), 1, None, (), environment=environment, started_elapsed=started
        )

    def pids(self):
        return self.running.keys()

    def alive(self, _key):
        raise NotImplementedError


class Stopped:
    """A worker's stop after a number of waits."""

    def __init__(self, waits=1, between=lambda: None):
        self._left, self._between = waits, between

    def is_set(self):
        return self._left <= 0

    def wait(self, _timeout):
        raise NotImplementedError

    def select(self, readers, _timeout):
        self._left -= 1
        self._between()
        return list(readers)


def heard(root, running, *, waits=1, between=lambda: None, **more):
    said = []
    sensor = SteamLogSensor(Still(), Processes(running), lambda: (root,), **more)
    sensor.run(said.append, Stopped(waits, between))
    assert {signal.source for signal in said} <= {"steam_log"}
    assert all(signal.at == NOW for signal in said)
    return [(signal.pid, signal.game_id, signal.running) for signal in said]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "Steam/logs").mkdir(parents=True)
    return tmp_path / "Steam"


def log_of(root):
    return root / "logs/gameprocess_log.txt"


BELIEVED = {
    # seconds after the start of this machine: of the process, of the line; and whether it is believed
    "as it should be": (100.5, 101.0, True),
    "in the same second": (100.9, 100.2, True),
    "the pid was used again": (400.0, 100.0, False),
    "before this machine started": (100.0, -500.0, False),
    "from the future": (100.0, 9_000.0, False),
}


@pytest.mark.parametrize("name", BELIEVED)
def test_a_line_counts_only_for_the_process_it_is_about(name, root):
    started, written, believed = BELIEVED[name]
    append(log_of(root), line(620, 77, BOOT + written))
    assert heard(root, {77: (started, {})}) == ([(77, "steam:620", True)] if believed else [])


def test_a_process_that_is_gone_is_not_told_of(root):
    append(log_of(root), line(620, 77, NOW.wall))
    assert heard(root, {}) == []


def test_what_has_ended_by_now_is_not_told_at_the_start(root):
    running = {pid: (10.0, {}) for pid in range(1, 9)}
    then = BOOT + 100
    append(
        log_of(root),
        *(line(620, pid, then) for pid in (1, 2)),
        line(620, 1, then, "no longer tracking PID {}, exit code 0"),
        line(730, 3, then),
        line(730, 4, then).replace("AppID 730 adding PID 4 as a tracked process", "Remove 730 from running list"),
        line(440, 2, then),
    )
    assert heard(root, running) == [(2, "steam:440", True)]


def test_ends_are_told_as_they_come(root):
    running = {pid: (10.0, {}) for pid in (1, 2, 3)}
    then = BOOT + 100
    append(log_of(root), *(line(620, pid, then) for pid in (1, 2)), line(730, 3, then))
    more = iter(
        [
            [line(620, 1, then, "no longer tracking PID {}, exit code 0"), line(730, 3, then)],
            [line(620, 0, then).replace("AppID 620 adding PID 0 as a tracked process", "Remove 620 from running list")],
            [line(9, 9, then, "no longer tracking PID {}, exit code 0")],
        ]
    )
    told_of = heard(root, running, waits=4, between=lambda: append(log_of(root), *next(more, [])))
    assert told_of == [
        (1, "steam:620", True),
        (2, "steam:620", True),
        (3, "steam:730", True),
        (1, "steam:620", False),
        (2, "steam:620", False),
    ]


def test_processes_whose_end_steam_forgets_do_not_pile_up(root, monkeypatch):
    monkeypatch.setattr(steam_log, "MOST_TRACKED", 3)
    then = BOOT + 100
    append(log_of(root), *(line(620, pid, then) for pid in range(1, 9)))
    running = {pid: (10.0, {}) for pid in range(1, 9)}
    ended = [line(620, pid, then, "no longer tracking PID {}, exit code 0") for pid in range(1, 9)]
    told_of = heard(root, running, waits=2, between=lambda: append(log_of(root), *ended))
    assert [pid for pid, _, still in told_of if still] == list(range(1, 9))
    assert [pid for pid, _, still in told_of if not still] == [6, 7, 8]


def test_numbers_from_inside_a_flatpak_are_those_of_the_sandbox(tmp_path):
    root = tmp_path / ".var/app/com.valvesoftware.Steam/.local/share/Steam"
    (root / "logs").mkdir(parents=True)
    then = BOOT + 100
    append(log_of(root), line(620, 5, then), line(730, 6, then), line(440, 7, then))
    inside = {5: [5005, 5006], 6: [6006, 6007], 7: []}
    other = {"FLATPAK_ID": "com.discordapp.Discord"}
    running = {
        5: (10.0, {}),
        5005: (10.0, {"FLATPAK_ID": "com.valvesoftware.Steam"}),
        5006: (10.0, other),
        6006: (10.0, {}),
        6007: (10.0, {}),
        7: (10.0, {}),
    }
    told_of = heard(root, running, outside=lambda inner, _pids: inside[inner])
    assert told_of == [(5005, "steam:620", True)]  # 6 may be either of two processes, 7 is nobody


def test_the_kernel_tells_which_process_a_sandbox_means(tmp_path):
    for pid, numbers in {"10": "10", "11": "11\t5", "12": "12 6", "13": "13\t5\t1"}.items():
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "status").write_text(f"Name:\tx\nNSpid:\t{numbers}\nThreads:\t1\n")
    (tmp_path / "14").mkdir()
    (tmp_path / "14/status").write_text("Name:\tx\n")
    assert outside(5, (10, 11, 12, 13, 14, 15), tmp_path) == [11, 13]
    assert outside(10, (10,), tmp_path) == []


# --- the sensor -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sensor(root):
    clock = system_clock()
    return SteamLogSensor(clock, process_table(boot_id(), clock), lambda: (root,))


def test_without_steam_it_says_so(tmp_path):
    def build(*roots):
        return SteamLogSensor(Still(), Processes({}), lambda: roots)

    assert "not installed here" in build().unsupported_reason()
    assert "has not written a log yet" in build(tmp_path).unsupported_reason()
    (tmp_path / "logs").mkdir()
    assert build(tmp_path).unsupported_reason() is None


def test_a_running_game_is_told_at_the_start_and_a_new_one_at_once(root, sensor, watch, spawn):
    log_file = log_of(root)
    append(log_file, line(10, 999_999), line(620, os.getpid()))
    watched = watch(sensor)
    first = watched.until(lambda seen: isinstance(seen, StoreSignal))
    assert (first.pid, first.game_id, first.running) == (os.getpid(), "steam:620", True)
    game = spawn("sleep", "60")
    append(log_file, line(730, game.pid))
    watched.until(lambda seen: (seen.pid, seen.game_id) == (game.pid, "steam:730"))
    append(log_file, line(730, game.pid, said="no longer tracking PID {}, exit code 0"))
    watched.until(lambda seen: seen.pid == game.pid and not seen.running)
    log_file.rename(log_file.with_name("gameprocess_log.previous.txt"))
    append(log_file, line(440, game.pid))
    watched.until(lambda seen: seen.game_id == "steam:440")
    assert [seen.game_id for seen in watched.said if seen.pid == 999_999] == []


def test_it_sleeps_while_nothing_is_written(root, sensor, watch):
    append(log_of(root), line(620, os.getpid()))
    watched = watch(sensor)
    watched.until(lambda _seen: True)
    _, wakeups = watched.settled()
    append(root / "logs/content_log.txt", "another log of Steam's\n")
    time.sleep(1.5)
    assert watched.cost()[1] == wakeups


def test_what_cannot_be_read_is_said(root, sensor, watch):
    log_of(root).mkdir()
    watched = watch(sensor)
    eventually(lambda: watched.sensor.degraded_reason(), what="saying so")
    assert "cannot be read" in watched.sensor.degraded_reason()


def test_another_steam_is_found_while_it_runs(tmp_path, watch, monkeypatch):
    monkeypatch.setattr(steam_log, "LOOK_AGAIN", 0.1)
    clock, roots = system_clock(), [tmp_path / "one"]
    sensor = SteamLogSensor(clock, process_table(boot_id(), clock), lambda: tuple(roots))
    (tmp_path / "one/logs").mkdir(parents=True)
    watched = watch(sensor)
    second = Path(tmp_path / "two")
    (second / "logs").mkdir(parents=True)
    append(log_of(second), line(620, os.getpid()))
    roots.append(second)
    watched.until(lambda seen: seen.game_id == "steam:620")


def test_logs_that_were_thrown_away_are_followed_again(root, sensor):
    """Its worker asks now and then whether it can work; here the test does."""
    said, gave_back = [], threading.Event()

    def target(stop):
        sensor.run(said.append, stop)
        gave_back.set()
        stop.wait(None)

    worker = Worker("steam_log", target)
    worker.start()
    eventually(lambda: worker.stop_signal.busy_since is None, what="waiting")
    (root / "logs").rmdir()
    assert gave_back.wait(5.0)
    worker.stop()
    assert worker.join(5.0)
    assert "has not written a log" in sensor.unsupported_reason()


def test_a_new_directory_of_the_same_name_is_watched(root, monkeypatch):
    watches = []
    monkeypatch.setattr(Notifier, "watch", lambda _self, folders: watches.append(list(folders)))

    def swap():
        if len(watches) == 1:
            (root / "logs").rename(root / "logs.old")
            (root / "logs").mkdir()
            append(log_of(root), line(620, 77, BOOT + 100))

    assert heard(root, {77: (10.0, {})}, waits=2, between=swap) == [(77, "steam:620", True)]
    assert watches == [[root / "logs"]] * 2

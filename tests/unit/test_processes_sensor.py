"""The process sensor with real processes, by kernel events and by polling."""

import os
import platform
import random
import socket
import subprocess
import sys
import time

import pytest
from real_programs import eventually

from gamedetectd.domain import ProcessEnded, ProcessStarted, Resync
from gamedetectd.errors import SensorError
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import events as events_module
from gamedetectd.platforms.processes import process_table
from gamedetectd.platforms.processes.events import EventsUnavailableError, make_noise, open_process_events
from gamedetectd.platforms.processes.portable import PortableProcesses
from gamedetectd.sensors import process_watch
from gamedetectd.sensors.processes import ProcessSensor
from gamedetectd.worker import StopSignal

PYTHON = os.path.realpath(sys.executable)
SLEEP = "import time; time.sleep(60)"


@pytest.fixture(params=["events", "polling"])
def source(request):
    if request.param == "events":
        try:
            open_process_events().close()
        except EventsUnavailableError as error:
            pytest.skip(str(error))
    return request.param


@pytest.fixture
def build():
    def make(source, **options):
        clock = system_clock()
        options.setdefault("poll_interval", 0.2)
        return ProcessSensor(process_table(boot_id(), clock), clock, source, **options)

    return make


@pytest.fixture
def sensor(build, source):
    return build(source)


@pytest.fixture
def watched(sensor, watch):
    watched = watch(sensor)
    watched.until(lambda said: isinstance(said, Resync))
    return watched


def started(pid, *words):
    def matches(said):
        return isinstance(said, ProcessStarted) and said.process.pid == pid and set(words) <= set(said.process.argv)

    return matches


def ended(pid):
    return lambda said: isinstance(said, ProcessEnded) and said.key.pid == pid


def told_of(watched, pid):
    return [
        said
        for said in watched.said
        if (isinstance(said, ProcessStarted) and said.process.pid == pid)
        or (isinstance(said, ProcessEnded) and said.key.pid == pid)
    ]


def test_first_of_all_it_says_what_already_runs(sensor, watch, spawn):
    process = spawn("sleep", "60")
    first = watch(sensor).until(lambda _said: True)
    assert isinstance(first, Resync)
    pids = [info.pid for info in first.processes]
    assert len(pids) == len(set(pids))
    assert {process.pid, os.getpid()} <= set(pids)


def test_a_program_is_told_with_its_ancestors_and_its_end_to_the_moment(watched, spawn):
    clock = system_clock()
    before = clock.now().elapsed
    process = spawn("sleep", "60")
    said = watched.until(started(process.pid, "60"))
    assert before - 0.011 <= said.process.started_elapsed <= said.at.elapsed
    assert said.ancestors[-1].pid == os.getpid()
    assert [info.parent_pid for info in said.ancestors[1:]] == [info.pid for info in said.ancestors[:-1]]
    assert 1 not in [info.pid for info in said.ancestors]
    killing = clock.now().elapsed
    process.kill()
    process.wait()
    gone = watched.until(ended(process.pid))
    assert gone.key == said.process.key
    assert killing <= gone.exit_elapsed <= killing + 0.5
    assert [type(one) for one in told_of(watched, process.pid)] == [ProcessStarted, ProcessEnded]


def test_a_shell_that_becomes_the_program_is_told_again_under_the_same_key(watched, spawn):
    process = spawn("sh", "-c", f"sleep 0.5; exec {PYTHON} -c '{SLEEP}'")
    shell = watched.until(started(process.pid, "-c"))
    program = watched.until(started(process.pid, PYTHON, SLEEP))
    assert program.process.key == shell.process.key
    assert shell.process.exe != program.process.exe == PYTHON
    images = [(said.process.exe, said.process.argv, said.process.comm) for said in told_of(watched, process.pid)]
    assert len(images) == len(set(images))


def test_a_program_that_gives_itself_another_name_is_told_again(watched):
    """Wine does so once it knows which Windows program it is."""
    rename = "ctypes.CDLL(None).prctl(15, b'winemine.exe')"
    with subprocess.Popen(
        [sys.executable, "-c", f"import ctypes, time; time.sleep(0.4); {rename}; {SLEEP}"]
    ) as process:
        first = watched.until(started(process.pid))
        second = watched.until(lambda said: started(process.pid)(said) and said.process.comm == "winemine.exe")
        assert second.process.key == first.process.key
        process.kill()
    watched.until(ended(process.pid))


def test_what_is_not_worth_reading_is_not_told(build, source, watch, spawn):
    sleep = os.path.realpath("/bin/sleep")
    watched = watch(build(source, worth_reading=lambda path: path != sleep))
    watched.until(lambda said: isinstance(said, Resync))
    dull = spawn("sleep", "60")
    spawned = spawn("sh", "-c", f"sleep 61 & exec {PYTHON} -c '{SLEEP}'")
    said = watched.until(started(spawned.pid, SLEEP))
    dull.kill()
    spawned.kill()
    watched.until(ended(spawned.pid))
    assert said.process.exe == PYTHON
    assert told_of(watched, dull.pid) == []


def test_what_is_played_is_told_at_a_new_start_too_worth_reading_or_not(build, source, watch, spawn):
    process = spawn("sleep", "60")
    key = process_table(boot_id(), system_clock()).read(process.pid).key
    sensor = build(source, worth_reading=lambda path: not path.endswith("/sleep"))
    sensor.keep([key])
    first = watch(sensor).until(lambda _said: True)
    assert key in [info.key for info in first.processes]


def test_a_resync_can_be_asked_for_at_any_time(watched, sensor, spawn):
    process = spawn("sleep", "60")
    watched.until(started(process.pid, "60"))
    number = len(watched.said)
    sensor.request_resync()
    resync = watched.until(lambda said: isinstance(said, Resync), since=number, seconds=1.0)
    assert process.pid in [info.pid for info in resync.processes]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the number of the system call exit is that of x86-64")
def test_a_process_lives_on_when_only_its_first_thread_has_ended(watched):
    code = (
        "import ctypes, os, threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(1.5), os._exit(0))).start()\n"
        "time.sleep(0.4)\n"
        "ctypes.CDLL(None).syscall(60, 0)\n"
    )
    begun = system_clock().now().elapsed
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        watched.until(started(process.pid))
    gone = watched.until(ended(process.pid))
    assert gone.exit_elapsed - begun > 1.4
    assert [type(one) for one in told_of(watched, process.pid)].count(ProcessEnded) == 1


def test_a_process_whose_other_thread_execs_goes_on(watched):
    become = f"threading.Thread(target=os.execv, args=({PYTHON!r}, ['reborn', '-c', {SLEEP!r}])).start()"
    code = f"import os, threading, time\n{become}\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        first = watched.until(lambda said: isinstance(said, ProcessStarted) and said.process.pid == process.pid)
        second = watched.until(started(process.pid, "reborn"))
        assert second.process.key == first.process.key
        assert not [said for said in told_of(watched, process.pid) if isinstance(said, ProcessEnded)]
        process.kill()
    watched.until(ended(process.pid))


def test_what_a_process_leaves_behind_by_fork_alone_is_found(build, source, watch, monkeypatch):
    monkeypatch.setattr(process_watch, "CHECK_AFTER_END", 0.1)
    monkeypatch.setattr(process_watch, "CHECK_SPACING", 0.1)
    watched = watch(build(source))
    watched.until(lambda said: isinstance(said, Resync))
    code = "import os, time\nchild = os.fork()\nprint(child or '', flush=True)\ntime.sleep(0.5 if child else 60)\n"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline().strip() or process.stdout.readline())
        watched.until(started(process.pid))
        try:
            assert watched.until(started(child)).process.exe == PYTHON
        finally:
            os.kill(child, 9)
    watched.until(ended(child))


def test_ends_that_matter_are_seen_at_once_while_polling(build, watch, spawn):
    process = spawn("sleep", "60")
    sensor = build("polling", poll_interval=30.0)
    watched = watch(sensor)
    resync = watched.until(lambda said: isinstance(said, Resync))
    sensor.keep({info.key for info in resync.processes if info.pid == process.pid})
    eventually(lambda: watched.worker.stop_signal.busy_since is None)
    time.sleep(0.1)
    before = system_clock().now().elapsed
    process.kill()
    gone = watched.until(ended(process.pid), seconds=2.0)
    assert gone.exit_elapsed - before < 0.5


def test_polling_makes_longer_pauses_on_a_starved_machine(build, watch, monkeypatch):
    looks = []
    look = process_watch.Watcher.look
    monkeypatch.setattr(process_watch.Watcher, "look", lambda self: looks.append(1) or look(self))
    sensor = build("polling", poll_interval=0.05)
    watch(sensor)
    eventually(lambda: len(looks) >= 4, what="looks")
    sensor.pace = 1_000.0
    time.sleep(0.3)
    before = len(looks)
    time.sleep(0.5)
    assert len(looks) == before


def test_polling_says_that_it_is_a_fallback_and_events_do_not(watched, sensor, source):
    reason = sensor.degraded_reason()
    assert (reason is None) is (source == "events")
    assert reason is None or "0.2 s" in reason


@pytest.fixture
def no_events(monkeypatch):
    def refuse():
        raise EventsUnavailableError("The kernel refuses process events to this account.")

    monkeypatch.setattr("gamedetectd.sensors.processes.open_process_events", refuse)


def test_without_events_the_fallback_says_why(build, watch, no_events, spawn):
    sensor = build("auto")
    assert sensor.unsupported_reason() is None
    watched = watch(sensor)
    watched.until(lambda said: isinstance(said, Resync))
    assert sensor.degraded_reason().endswith("The kernel refuses process events to this account.")
    process = spawn("sleep", "60")
    watched.until(started(process.pid, "60"))


def test_events_or_nothing(build, no_events):
    sensor = build("events")
    assert "refuses" in sensor.unsupported_reason()
    with pytest.raises(EventsUnavailableError):
        sensor.run(lambda _said: None, None)


def test_after_lost_events_everything_is_told_anew(build, watch, spawn, monkeypatch):
    try:
        open_process_events().close()
    except EventsUnavailableError as error:
        pytest.skip(str(error))
    monkeypatch.setattr(events_module, "BUFFER_BYTES", 1)
    watched = watch(build("events"))
    watched.until(lambda said: isinstance(said, Resync))
    game = spawn("sleep", "60")
    for _ in range(100):
        subprocess.run(["true"], check=True)
    resync = watched.until(
        lambda said: isinstance(said, Resync) and game.pid in [info.pid for info in said.processes], seconds=5
    )
    assert resync is not watched.said[0]


class Deaf:
    """A subscription of which the kernel has forgotten."""

    def __init__(self):
        self.ends = socket.socketpair()

    def fileno(self):
        return self.ends[0].fileno()

    def close(self):
        for one in self.ends:
            one.close()


def test_a_kernel_that_went_silent_is_noticed_and_listened_to_anew(build, monkeypatch):
    monkeypatch.setattr("gamedetectd.sensors.processes.open_process_events", Deaf)
    monkeypatch.setattr("gamedetectd.sensors.processes.CHECK_EVERY_FOLLOWING", 0.1)
    stop = StopSignal()
    try:
        with pytest.raises(SensorError, match="no longer announces"):
            build("events").run(lambda _said: None, stop)
    finally:
        stop.close()


def test_a_quiet_machine_is_no_dead_sensor(build, watch, spawn, monkeypatch):
    try:
        open_process_events().close()
    except EventsUnavailableError as error:
        pytest.skip(str(error))
    noises = []
    monkeypatch.setattr("gamedetectd.sensors.processes.CHECK_EVERY_FOLLOWING", 0.02)
    monkeypatch.setattr("gamedetectd.sensors.processes.make_noise", lambda: noises.append(1) or make_noise())
    watched = watch(build("events"))
    watched.until(lambda said: isinstance(said, Resync))
    eventually(lambda: len(noises) >= 3, 20, "silence")
    process = spawn("sleep", "60")
    watched.until(started(process.pid, "60"))


def test_a_system_without_a_reader_of_its_own_is_polled(watch, spawn):
    clock = system_clock()
    watched = watch(ProcessSensor(PortableProcesses(boot_id(), clock), clock, "polling", poll_interval=0.2))
    watched.until(lambda said: isinstance(said, Resync), seconds=15)
    process = spawn("sleep", "60")
    watched.until(started(process.pid, "60"), seconds=10)
    process.kill()
    process.wait()
    watched.until(ended(process.pid), seconds=10)


def test_of_a_thousand_processes_in_ten_seconds_every_longer_one_is_told_exactly_once(watched, source):
    """Eight in ten live for a moment, the others for more than a second."""
    lasting, children = {}, []
    begun = time.monotonic()
    for number in range(1000):
        seconds = random.Random(number).uniform(1.1, 1.6) if number % 5 == 0 else 0
        child = subprocess.Popen(["sleep", str(seconds)])
        children.append(child)
        if seconds:
            lasting[child.pid] = str(seconds)
        time.sleep(max(0.0, begun + number * 0.006 - time.monotonic()))
        if number % 50 == 49:
            children = [one for one in children if one.poll() is None]
    for child in children:
        child.wait()
    assert time.monotonic() - begun < 20
    eventually(
        lambda: (
            len({said.key.pid for said in watched.said if isinstance(said, ProcessEnded)} & lasting.keys())
            == len(lasting)
        ),
        what="the end of every lasting process",
    )
    for pid, seconds in lasting.items():
        told = [
            said for said in told_of(watched, pid) if isinstance(said, ProcessEnded) or seconds in said.process.argv
        ]
        assert [type(said) for said in told] == [ProcessStarted, ProcessEnded], pid
    starts = [said.process for said in watched.said if isinstance(said, ProcessStarted)]
    images = [(info.key, info.exe, info.argv, info.comm) for info in starts]
    assert len(images) == len(set(images))


AS_NOBODY = """
import os, subprocess, sys, threading, time
from gamedetectd.domain import ProcessEnded, ProcessStarted
from gamedetectd.platforms.clock import boot_id, system_clock
from gamedetectd.platforms.processes import process_table
from gamedetectd.sensors.processes import ProcessSensor
from gamedetectd.worker import StopSignal
clock = system_clock()
sensor = ProcessSensor(process_table(boot_id(), clock), clock, "polling", poll_interval=0.2)
os.setgroups([]); os.setgid(65534); os.setuid(65534); os.chdir("/")
said, stop = [], StopSignal()
thread = threading.Thread(target=sensor.run, args=(said.append, stop))
thread.start()
time.sleep(0.3)
child = subprocess.Popen(["/bin/sleep", "1"], env={"SteamAppId": "620"})
child.wait()
time.sleep(0.5)
stop.set()
thread.join(3)
stop.close()
for one in said:
    if isinstance(one, ProcessStarted) and one.process.pid == child.pid:
        print("started", one.process.argv[-1], dict(one.process.environment), one.process.user)
    if isinstance(one, ProcessEnded) and one.key.pid == child.pid:
        print("ended")
print(int(sys.argv[1]) in [info.pid for info in said[0].processes])
"""


def test_a_plain_user_sees_their_own_programs_in_full_and_others_in_part(spawn):
    if os.getuid() != 0:
        pytest.skip("only root can become another user; the other tests already ran as a plain one")
    process = spawn("sleep", "60")
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(process.pid)], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines() == ["started 1 {'SteamAppId': '620'} nobody", "ended", "True"]

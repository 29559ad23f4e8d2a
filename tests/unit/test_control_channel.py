"""The control channel as a command sees it: replies, streams, errors with their remedy, a daemon that is not there."""

import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from gamedetectd.control import access, wire
from gamedetectd.control.broadcast import LONGEST_QUEUE, Broadcast, Subscription
from gamedetectd.control.client import Client
from gamedetectd.control.server import MAX_CONNECTIONS, MAX_STREAMS, Server
from gamedetectd.errors import AlreadyRunningError, ControlError, HistoryError, NotFoundError, NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.worker import Worker, WorkerState

unix_sockets = pytest.mark.skipif(sys.platform == "win32", reason="about socket files; Windows has named pipes")


def _fails(_request):
    raise NotFoundError("Nothing called 'x' runs.", "See: gamedetectd scan")


HANDLERS = {
    "echo": lambda request: {"got": request},
    "count": lambda request: ({"n": n} for n in range(request["to"])),
    "fail": _fails,
    "surrogate": lambda _request: {"argv": ["caf\udce9"], "nested": {"\udcff": ("\udcfe",)}},
    "huge": lambda _request: {"text": "x" * wire.MAX_BYTES},
}


class Daemon:
    """A server in its worker, as the application runs it."""

    def __init__(self, paths, **more):
        self.broadcast = Broadcast()
        self.server = Server(paths, {**HANDLERS, "watch": lambda _request: self.broadcast.subscribe(), **more})
        self.worker = Worker("control", self.server.run)
        self.worker.start()
        until = time.monotonic() + 5
        while self.server.probe() is not None and time.monotonic() < until:
            time.sleep(0.005)

    def stop(self):
        self.worker.stop()
        return self.worker.join(4.0)


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path)


@pytest.fixture
def daemon(paths) -> Iterator[Daemon]:
    running = Daemon(paths)
    yield running
    assert running.stop()


def until(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def test_a_request_gets_its_reply(daemon, paths):
    assert Client(paths).request("echo", a=1, b=["x", None]) == {"got": {"a": 1, "b": ["x", None]}}
    until(lambda: daemon.server.counters() == {"control_requests": 1, "control_refused": 0})


def test_an_error_arrives_as_it_was_raised(daemon, paths):
    with pytest.raises(NotFoundError) as caught:
        Client(paths).request("fail")
    assert (caught.value.cause, caught.value.remedy) == ("Nothing called 'x' runs.", "See: gamedetectd scan")


def test_an_error_code_of_a_newer_version_is_a_control_error():
    error = wire.error_of(wire.Problem("GD999", "From the future", "The cause.", "The remedy."))
    assert type(error) is ControlError
    assert error.cause == "The cause."


def test_every_error_of_ours_travels_unchanged():
    error = wire.error_of(wire.problem_of(HistoryError("a", "b")))
    assert type(error) is HistoryError


@pytest.mark.parametrize(
    ("command", "arguments", "part"),
    [
        ("nonsense", {}, "knows no command 'nonsense'"),
        ("huge", {}, "can be sent"),
    ],
)
def test_a_refused_request_says_why(daemon, paths, command, arguments, part):
    with pytest.raises(ControlError, match=part):
        Client(paths).request(command, **arguments)


def test_text_that_is_no_unicode_is_written_with_escapes(daemon, paths):
    assert Client(paths).request("surrogate") == {"argv": ["caf\\udce9"], "nested": {"\\udcff": ["\\udcfe"]}}


def test_a_finite_stream_ends_by_itself(daemon, paths):
    assert [reply["n"] for reply in Client(paths).stream("count", to=100)] == list(range(100))


def test_watchers_see_what_is_published_until_the_daemon_stops(daemon, paths):
    seen = {n: [] for n in range(3)}
    watchers = [
        threading.Thread(target=lambda n=n: seen[n].extend(Client(paths).stream("watch")), daemon=True) for n in seen
    ]
    for watcher in watchers:
        watcher.start()
    until(lambda: len(daemon.broadcast._subscriptions) == 3)
    for n in range(50):
        daemon.broadcast.publish({"n": n})
    until(lambda: all(len(rows) == 50 for rows in seen.values()))
    started = time.monotonic()
    assert daemon.stop()
    assert time.monotonic() - started < 2.0
    for watcher in watchers:
        watcher.join(2.0)
    assert all([row["n"] for row in rows] == list(range(50)) for rows in seen.values())


def test_a_watcher_that_leaves_gives_its_place_back_at_once(daemon, paths):
    def publish():
        until(lambda: daemon.broadcast.watched)
        daemon.broadcast.publish({"n": 1})

    for _ in range(MAX_STREAMS + 2):
        stream = Client(paths).stream("watch")
        thread = threading.Thread(target=publish)
        thread.start()
        assert next(stream) == {"n": 1}
        stream.close()
        thread.join()
        until(lambda: not daemon.broadcast.watched)


def test_watchers_never_take_the_last_places(daemon, paths):
    streams = [Client(paths).stream("watch") for _ in range(MAX_STREAMS)]
    readers = [threading.Thread(target=next, args=(stream,), daemon=True) for stream in streams]
    for reader in readers:
        reader.start()
    until(lambda: len(daemon.broadcast._subscriptions) == MAX_STREAMS)
    with pytest.raises(ControlError, match="watching already"):
        next(Client(paths).stream("watch"))
    assert Client(paths).request("echo") == {"got": {}}
    daemon.broadcast.publish({"n": 0})
    for reader, stream in zip(readers, streams, strict=True):
        reader.join(2.0)
        stream.close()


def test_a_watcher_who_does_not_read_is_dropped_and_the_publisher_never_waits(daemon, paths):
    stream = Client(paths).stream("watch")
    opener = threading.Thread(target=lambda: seen.append(next(stream)), daemon=True)
    seen = []
    opener.start()
    until(lambda: daemon.broadcast.watched)
    daemon.broadcast.publish({"n": -1})
    opener.join(2.0)
    started = time.monotonic()
    for n in range(5 * LONGEST_QUEUE):
        daemon.broadcast.publish({"n": n, "text": "x" * 1000})
    assert time.monotonic() - started < 1.0
    until(lambda: not daemon.broadcast.watched)
    with pytest.raises(ControlError):
        list(stream)


def test_a_subscription_that_fell_behind_says_so():
    subscription = Subscription()
    for n in range(LONGEST_QUEUE + 1):
        subscription.offer({"n": n})
    assert subscription.overrun
    assert subscription.take() == []
    subscription.offer({"n": "late"})
    assert subscription.take() == []
    subscription.close()


def test_nobody_there_means_not_running(paths):
    with pytest.raises(NotRunningError, match="gamedetectd run"):
        Client(paths).request("echo")


def test_after_the_stop_nobody_is_there_and_nothing_is_left(paths):
    running = Daemon(paths)
    assert running.stop()
    assert list(paths.runtime.iterdir()) == []
    with pytest.raises(NotRunningError):
        Client(paths).request("echo")


def test_the_reply_to_stop_still_goes_out(paths):
    running = Daemon(paths, stop=lambda _request: (running.worker.stop(), {"stopping": True})[1])
    assert Client(paths).request("stop") == {"stopping": True}
    assert running.worker.join(3.0)


@unix_sockets
def test_what_a_killed_daemon_left_is_replaced(paths):
    paths.runtime.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(paths.socket_file))
        dead.listen()
    access.make_key(paths)
    with pytest.raises(NotRunningError):
        Client(paths).request("echo")
    running = Daemon(paths)
    assert Client(paths).request("echo") == {"got": {}}
    assert running.stop()


@unix_sockets
def test_a_second_server_does_not_take_the_place_of_the_first(daemon, paths):
    class Never:
        def is_set(self):
            return False

    with pytest.raises(AlreadyRunningError, match="gamedetectd stop"):
        Server(paths, HANDLERS).run(Never())
    assert Client(paths).request("echo") == {"got": {}}


@unix_sockets
def test_something_foreign_in_the_way_is_left_alone(paths):
    paths.runtime.mkdir(parents=True)
    paths.socket_file.write_text("mine")
    with pytest.raises(ControlError, match="in the way"):
        Server(paths, HANDLERS)._open()
    assert paths.socket_file.read_text() == "mine"


@unix_sockets
def test_a_deleted_socket_file_is_noticed_and_made_again(daemon, paths):
    paths.socket_file.unlink()
    assert "removed" in daemon.server.probe()
    until(lambda: daemon.server.probe() is None)
    assert Client(paths).request("echo") == {"got": {}}
    assert daemon.worker.status().restarts == 1


def test_a_daemon_that_hangs_is_not_waited_for(paths):
    release = threading.Event()
    running = Daemon(paths, hang=lambda _request: {"late": release.wait(5.0)})
    with pytest.raises(ControlError, match=r"did not answer within 0\.2 s"):
        Client(paths, timeout=0.2).request("hang")
    release.set()
    assert running.stop()


@unix_sockets
def test_a_frozen_daemon_with_a_full_queue_is_not_waited_for(paths):
    paths.runtime.mkdir(parents=True)
    access.make_key(paths)
    with socket.socket(socket.AF_UNIX) as frozen:
        frozen.bind(str(paths.socket_file))
        frozen.listen(0)
        waiting = []
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(ControlError):
                Client(paths, timeout=0.1).request("echo")
            waiting.append(time.monotonic() - started)
    assert max(waiting) < 1.0


def test_two_hundred_requests_leave_nothing_behind(daemon, paths):
    threads = threading.active_count()
    for n in range(200):
        assert Client(paths).request("echo", n=n) == {"got": {"n": n}}
    until(lambda: threading.active_count() <= threads)
    assert daemon.worker.status().state is WorkerState.RUNNING


def test_many_at_once_are_all_answered_or_refused_with_a_sentence(daemon, paths):
    outcomes = []

    def ask():
        try:
            outcomes.append(Client(paths).request("echo", a=1) == {"got": {"a": 1}})
        except ControlError as error:
            outcomes.append("let" in error.cause)

    askers = [threading.Thread(target=ask) for _ in range(3 * MAX_CONNECTIONS)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(10.0)
    assert outcomes == [True] * len(askers)

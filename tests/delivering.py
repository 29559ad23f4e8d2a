"""A process that commits events and delivers them to hook, webhook and broker, as the daemon does, to be killed at it.

``python delivering.py HISTORY ACTIONS FIRST COUNT``: commit events from FIRST on, say so, and deliver until killed.
"""

import sys
import time
from pathlib import Path

from actions_world import Trail, event

from gamedetectd.app.actions import encode, hook_sinks, webhook_sink
from gamedetectd.app.mqtt import mqtt_sink
from gamedetectd.config import load_actions
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.worker import Worker

KINDS = ("started", "paused", "resumed", "ended")
SESSIONS = 3


def numbered(first, count):
    """Events of three sessions in turns, four of each and then three new ones."""
    for number in range(first, first + count):
        turn, session = divmod(number, SESSIONS)
        yield event(number, KINDS[turn % len(KINDS)], session=f"s{session}-{turn // len(KINDS)}")


def running(sink, runner):
    return lambda stop: runner.run(sink.tending(stop))


def main():
    history_file, actions_file = map(Path, sys.argv[1:3])
    first, count = map(int, sys.argv[3:5])
    actions, problems = load_actions(actions_file)
    assert not problems, problems
    paths = Paths.below(history_file.parent)
    paths.state.mkdir(mode=0o700, exist_ok=True)
    history = History.open(history_file)
    reader = HistoryReader.open(history_file)
    sinks = [
        *(sink for one in actions.hooks for sink in hook_sinks(one, Trail(), lambda: None)),
        *(webhook_sink(one, str, lambda: None) for one in actions.webhooks),
        *(mqtt_sink(one, paths, encode, str, lambda: (b"{}", None)) for one in actions.brokers),
    ]
    for sink in sinks:
        history.register(sink.name, from_now=True)
    position = {}
    for sink in sinks:
        worker = Worker(sink.name, running(sink, SinkRunner(sink, reader, position.__setitem__)))
        sink.aside.attach(worker.stop_signal)
        worker.start()
        position[sink.name, "worker"] = worker
    if count:
        history.commit(tuple(numbered(first, count)))
    print("committed", flush=True)
    while True:
        for sink in sinks:
            position[sink.name, "worker"].wake()
        time.sleep(0.05)
        history.commit((), {sink.name: position[sink.name] for sink in sinks if sink.name in position})
        print(min(position.get(sink.name, 0) for sink in sinks), flush=True)


if __name__ == "__main__":
    main()

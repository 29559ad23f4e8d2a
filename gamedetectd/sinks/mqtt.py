"""An MQTT broker: told of every event at quality of service 1, in order, and of what is true now by retained messages.

Events come from the cursor and wait there while the broker is away; of the state only the latest is ever held. One
thread does it all: it sees to the connection while it waits, so ``tending`` takes the place of the worker's ``Stop``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from gamedetectd.config.actions import Mqtt
from gamedetectd.domain import SessionEvent
from gamedetectd.errors import DeliveryError
from gamedetectd.interfaces import Readable, Stop
from gamedetectd.sinks.mqtt_link import Identity, Link
from gamedetectd.sinks.mqtt_topics import OFFLINE, ONLINE, Topics
from gamedetectd.sinks.wanted import wanted

log = logging.getLogger(__name__)

STATE_PAUSE = 1.0
"""Seconds between two states at least; who changes more often is told of the last."""
State = Callable[[], tuple[bytes, float | None]]
"""What is true now, as JSON, and the seconds until it is another by itself (None: never)."""


class MqttSink:
    """A sink (see ``interfaces.Sink``). ``encode`` makes the JSON of an event; ``password`` may ask the keyring.

    Without a ``state`` it tells of events alone, and nothing is retained: it neither comes nor goes.
    """

    def __init__(
        self,
        broker: Mqtt,
        client_id: str,
        encode: Callable[[SessionEvent], bytes],
        state: State | None,
        password: Callable[[], str],
    ) -> None:
        self.broker = broker
        self.name = f"mqtt.{broker.name}"
        self.trouble = ""
        """Nothing is ever left out."""
        self.topics = Topics(broker.prefix, broker.machine, broker.discovery)
        last_will = None if state is None else (self.topics.availability, OFFLINE)
        self.link = Link(broker, Identity(client_id, last_will), password)
        self.aside = self.link.aside
        self._encode = encode
        self._state = state
        self._look_at = 0.0
        """When (monotonic) the state is looked at again."""
        self._looked = 0.0
        self._wanted: dict[str, bytes] = {}
        self._told: dict[str, bytes] = {}
        self._telling: dict[int, tuple[str, bytes]] = {}
        self._connection = 0
        self._raised: set[str] = set()
        """Why there was no connection since an event was taken last, as far as that was told."""

    def accept(self, event: SessionEvent) -> None:
        """Publish it and wait until the broker has confirmed it.

        Raises DeliveryError once for each reason why there is no connection; then it waits until there is one, or
        another reason.
        """
        if wanted(event, self.broker.events, self.broker.games):
            self._deliver(self._encode(event))

    @property
    def away(self) -> str:
        """Why there is no connection; empty where there is, or none was tried yet. For any thread."""
        trouble = self.link.trouble
        return "" if trouble is None else trouble.cause

    def changed(self) -> None:
        """What is true may be another now. For any thread; wake the worker afterwards."""
        self._look_at = 0.0

    def tending(self, stop: Stop) -> Stop:
        """``stop``, under whose waits the connection is kept and the state told."""
        return _Tending(self, stop)

    def close(self) -> None:
        """Go; the broker tells everybody that we are away."""
        self.link.close()
        self.aside.close()

    def forget(self) -> None:
        """Go for good: nothing of ours stays at the broker, if it listens."""
        self.link.close(dict.fromkeys(self.topics.retained(), b""))

    def tend(self, stop: Stop, timeout: float | None) -> None:
        """Wait up to ``timeout`` seconds, or until something happens; tell what is true where that has changed."""
        now = time.monotonic()
        if self.link.connected and self._state is not None:
            self._tell(now, self._state)
            due = max(0.0, max(self._look_at, self._looked + STATE_PAUSE) - now)
            timeout = due if timeout is None else min(timeout, due)
        self.link.tend(stop, timeout)

    def _deliver(self, payload: bytes) -> None:
        stop, number, connection = self.aside.signal, None, 0
        while not stop.is_set():
            if self.link.connected:
                if number is None or connection != self.link.connections:
                    connection, number = self.link.connections, self.link.publish(self.topics.event, payload)
                elif (answer := self.link.confirmed(number)) is not None:
                    if answer.is_failure:
                        raise self.link.refused(answer)
                    self._raised.clear()
                    return
            elif self.link.trouble is not None and self.link.trouble.cause not in self._raised:
                self._raised.add(self.link.trouble.cause)
                raise self.link.trouble
            self.tend(stop, None)
        raise DeliveryError("gamedetectd ends.", "It is delivered after the next start.")

    def _tell(self, now: float, state: State) -> None:
        """Publish what is retained and differs from what the broker was told, one message of a topic at a time."""
        if self._connection != self.link.connections:
            self._connection = self.link.connections
            self._told, self._telling, self._look_at, self._looked = {}, {}, 0.0, 0.0
        if now >= max(self._look_at, self._looked + STATE_PAUSE):
            self._look(now, state)
        for number, (topic, payload) in tuple(self._telling.items()):
            if (answer := self.link.confirmed(number)) is not None:
                del self._telling[number]
                self._told[topic] = payload
                if answer.is_failure:
                    log.warning("%s: %s is not taken: %s", self.name, topic, self.link.refused(answer).cause)
        busy = {topic for topic, _ in self._telling.values()}
        for topic, payload in self._wanted.items():
            if topic not in busy and self._told.get(topic) != payload and self.link.connected:
                self._telling[self.link.publish(topic, payload, retain=True)] = topic, payload

    def _look(self, now: float, state: State) -> None:
        self._looked = now
        self._look_at = float("inf")
        told, after = state()
        if after is not None and self._look_at == float("inf"):  # nobody said meanwhile that it changed
            self._look_at = now + after
        self._wanted = {**self.topics.entities(), self.topics.state: told, self.topics.availability: ONLINE}


class _Tending:
    """A ``Stop`` (see ``interfaces.Stop``) whose waits end when the connection has news, too."""

    def __init__(self, sink: MqttSink, stop: Stop) -> None:
        self._sink = sink
        self._stop = stop

    def is_set(self) -> bool:
        return self._stop.is_set()

    def wait(self, timeout: float | None) -> bool:
        self._sink.tend(self._stop, timeout)
        return self._stop.is_set()

    def select(self, readers: Sequence[Readable | int], timeout: float | None) -> list[Readable | int]:
        return self._stop.select(readers, timeout)

"""One connection to an MQTT 5 broker, owned by one thread: made again whenever it breaks, never more than one message
of ours under way, and gone through while that thread waits.

paho-mqtt speaks the protocol. Its own threads and memory of messages are not used: what waits, waits in the history.
"""

from __future__ import annotations

import random
import select
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gamedetectd.config.actions import Mqtt
from gamedetectd.errors import DeliveryError, GamedetectdError
from gamedetectd.interfaces import Stop
from gamedetectd.sinks.aside import Aside
from gamedetectd.sinks.mqtt_client import (
    AT_THE_DOOR,
    CONNECT_SECONDS,
    LARGEST,
    LATER,
    MEANINGS,
    NOT_A_BROKER,
    NOT_MQTT,
    Client,
    context,
    words,
)

WHOLE_SECONDS = 20.0
"""For a connection with everything that belongs to it."""
CONFIRM_SECONDS = 20.0
"""How long the broker may take to confirm a message before the connection is given up."""
KEEPALIVE = 60
"""Seconds without a message after which each side asks whether the other is there."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds before the connection is made again: doubled each time, and never the same for everybody."""
LASTING = 60.0
"""Seconds after which a connection that ends is no worse than the first."""
MANY_HANG_UPS = 4
BLOCKED_PAUSE = 0.2
"""Seconds between two attempts to write while the broker does not read."""
PORTS = {True: 8883, False: 1883}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to the broker, and what it says at which topic once we are gone."""

    client_id: str
    will: tuple[str, bytes] | None


class Link:
    """Every method is called by one thread at a time, except as said. ``password`` may ask the keyring."""

    def __init__(self, broker: Mqtt, me: Identity, password: Callable[[], str]) -> None:
        self.aside: Aside[Client] = Aside(f"mqtt.{broker.name}")
        self.trouble: DeliveryError | None = None
        """Why there is no connection; None while there is one, and before the first attempt."""
        self.connections = 0
        self._broker = broker
        self._me = me
        self._password = password
        self._client: Client | None = None
        self._connecting: Client | None = None
        self._answers: dict[int, ReasonCode] = {}
        self._waiting: dict[int, float] = {}
        """When (monotonic) each message was sent that is not confirmed yet."""
        self._failures = 0
        """Since the last connection that lasted."""
        self._hang_ups = 0
        """How many of them were connections that the broker ended soon."""
        self._since = 0.0
        self._next_try = 0.0
        self._last_out = 0.0

    @property
    def connected(self) -> bool:
        """Whether the broker has welcomed us and nothing is known to have gone wrong since."""
        return self._client is not None

    def tend(self, stop: Stop, timeout: float | None) -> None:
        """Wait until something happens, ``timeout`` is over, or somebody wakes ``stop``; connect where that is due."""
        if self._client is None and time.monotonic() >= self._next_try:
            self._connect()
            timeout = 0.0  # who waits for the connection looks at once, or at why there is none
        client = self._client
        if client is None:
            stop.wait(_least(timeout, max(0.0, self._next_try - time.monotonic())))
            return
        ready = stop.select([client.opened] if client.opened is not None else [], _least(timeout, self._pause(client)))
        self._go_on(client, bool(ready))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Send one message at quality of service 1; its number. Only while ``connected``."""
        assert self._client is not None  # noqa: S101 - said above
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        self._waiting[info.mid] = self._last_out = time.monotonic()
        return info.mid

    def confirmed(self, number: int) -> ReasonCode | None:
        """The broker's answer to a message, once; None while there is none."""
        return self._answers.pop(number, None)

    def close(self, last: Mapping[str, bytes] = {}) -> None:
        """Go. Without ``last`` the broker says what it has to say of us; else that is said before, if it listens."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(*NOT_MQTT):
            if last:
                self._say_last(client, last)
                client.disconnect()
            else:
                client.disconnect(ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message"))
            client.loop_write()
        client.cut()
        self._close(client)

    # --- connecting ---

    def _connect(self) -> None:
        try:
            client = self.aside.do(self._welcomed, WHOLE_SECONDS, self._call_off)
        except DeliveryError as error:
            self._note(error)
            return
        except GamedetectdError as error:  # the password cannot be read
            self._note(DeliveryError(error.cause, error.remedy))
            return
        self._client, self.trouble = client, None
        self._answers.clear()
        self._waiting.clear()
        self._last_out = self._since = time.monotonic()
        self.connections += 1

    def _welcomed(self) -> Client:
        """A new connection that the broker has welcomed. Raises DeliveryError, SecretError or OSError."""
        client = self._connecting = self._new_client()
        try:
            welcome = self._greet(client)
        except NOT_MQTT as error:
            self._close(client)
            raise self._error(words(error)) from error
        if welcome is None or welcome.is_failure:
            self._close(client)
            raise self._error(NOT_A_BROKER) if welcome is None else self._meaning(welcome, AT_THE_DOOR)
        return client

    def _new_client(self) -> Client:
        broker = self._broker
        client = Client(self._me.client_id, context(broker.ca_file) if broker.tls else None)
        client.on_publish = lambda _client, _data, number, code, _more: self._take(number, code)
        client.on_disconnect = lambda one, _data, flags, code, _more: self._lost(
            one, code if flags.is_disconnect_packet_from_server else None
        )
        if self._me.will is not None:
            client.will_set(*self._me.will, qos=1, retain=True)
        if broker.user:
            client.username_pw_set(broker.user, self._password() if broker.password_secret else None)
        return client

    def _greet(self, client: Client) -> ReasonCode | None:
        """Connect, and what the broker says to it; None where it says nothing sensible in time."""
        said: list[ReasonCode] = []
        client.on_connect = lambda _client, _data, _flags, code, _more: said.append(code)
        limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        limits.MaximumPacketSize = LARGEST
        port = self._broker.port or PORTS[self._broker.tls]
        client.connect(self._broker.host, port, KEEPALIVE, clean_start=True, properties=limits)
        until = time.monotonic() + CONNECT_SECONDS
        while not said and client.opened is not None and (left := until - time.monotonic()) > 0:
            if not select.select([client.opened], [], [], left)[0]:
                break
            if client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or client.too_much():
                break
        return said[0] if said else None

    def _call_off(self) -> None:
        if self._connecting is not None:
            self._connecting.cut()

    # --- going on ---

    def _go_on(self, client: Client, readable: bool) -> None:
        """Read and write what there is; notice where the connection is over."""
        try:
            if readable:
                client.loop_read()
                while self._client is client and isinstance(client.opened, ssl.SSLSocket) and client.opened.pending():
                    client.loop_read()
            if client.want_write():
                client.loop_write()
            client.loop_misc()
        except NOT_MQTT:
            self._over(client, self._error(NOT_A_BROKER))
        if self._client is client and client.too_much():
            self._over(client, self._error(NOT_A_BROKER))
        oldest = min(self._waiting.values(), default=None)
        if self._client is client and oldest is not None and time.monotonic() - oldest > CONFIRM_SECONDS:
            self._over(client, self._error("it takes messages and does not confirm them"))

    def _pause(self, client: Client) -> float:
        """Seconds until something is to be done although nothing comes."""
        if client.want_write():
            return BLOCKED_PAUSE
        now = time.monotonic()
        alive = self._last_out + KEEPALIVE + 0.1 - now
        if alive <= 0:  # paho has asked whether the broker is there
            self._last_out, alive = now, KEEPALIVE + 0.1
        oldest = min(self._waiting.values(), default=None)
        return alive if oldest is None else min(alive, max(0.0, oldest + CONFIRM_SECONDS + 0.1 - now))

    def _take(self, number: int, code: ReasonCode) -> None:
        if self._waiting.pop(number, None) is not None:
            self._answers[number] = code

    def _lost(self, client: paho.Client, code: ReasonCode | None) -> None:
        """``code`` is what the broker said before it hung up, if it said anything."""
        if self._client is not client:
            return
        self._hang_ups += 1
        if code is not None:
            self._over(self._client, self._meaning(code))
        elif self._hang_ups >= MANY_HANG_UPS:  # not every broker says why
            what, remedy = MEANINGS[0x8E]
            self._over(self._client, DeliveryError(f"{self._broker.host}: it hangs up on us; perhaps {what}.", remedy))
        else:
            self._over(self._client, self._error("it hung up"))

    def _over(self, client: Client, why: DeliveryError) -> None:
        self._client = None
        if time.monotonic() - self._since > LASTING:
            self._failures = self._hang_ups = 0
        self._waiting.clear()
        client.cut()
        self._close(client)
        self._note(why)

    def _note(self, trouble: DeliveryError) -> None:
        self.trouble = trouble
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._next_try = time.monotonic() + pause * random.uniform(0.8, 1.2)

    def _close(self, client: Client) -> None:
        """Give the socket back."""
        if client.opened is not None:
            client.opened.close()

    def _say_last(self, client: Client, last: Mapping[str, bytes]) -> None:
        numbers = {client.publish(topic, payload, qos=1, retain=True).mid for topic, payload in last.items()}
        self._waiting = dict.fromkeys(numbers, time.monotonic())
        until = time.monotonic() + 1.0
        while self._waiting and client.opened is not None and (left := until - time.monotonic()) > 0:
            if not select.select([client.opened], [], [], left)[0] or client.loop_read():
                return

    # --- words ---

    def _error(self, what: str) -> DeliveryError:
        return DeliveryError(f"{self._broker.host}: {what}.", LATER)

    def refused(self, code: ReasonCode) -> DeliveryError:
        """Why the broker did not take a message, and how long to wait."""
        error = self._meaning(code)
        return DeliveryError(error.cause, error.remedy, LONGEST_PAUSE)

    def _meaning(self, code: ReasonCode, meanings: Mapping[int, tuple[str, str]] = MEANINGS) -> DeliveryError:
        what, remedy = meanings.get(code.value, (f"it refuses us ({str(code).lower()})", LATER))
        return DeliveryError(f"{self._broker.host}: {what}.", remedy)


def _least(timeout: float | None, other: float) -> float:
    return other if timeout is None else min(timeout, other)

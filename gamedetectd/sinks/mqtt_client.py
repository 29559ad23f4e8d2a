"""paho-mqtt's client for one connection, with its socket in our hands: any thread may cut it off, TLS has deadlines,
and what goes wrong is put into words.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.exception import MQTTException

from gamedetectd.errors import DeliveryError
from gamedetectd.platforms.certificates import trusted_certificates

CONNECT_SECONDS = 5.0
"""For the connection, and again for TLS."""
LARGEST = 1_000_000
"""Bytes of a packet from the broker, which has nothing long to say to us."""
NOT_A_BROKER = "it does not answer as an MQTT broker does"
NOT_MQTT = (OSError, ValueError, LookupError, struct.error, MQTTException)
"""What paho raises where the other side does not keep to the protocol."""
LATER = "Nothing is lost: it is tried again by itself. Look at the broker and the connection if it lasts."
REFUSED = "it does not let us in with this user and password"
_SETTINGS = "Look at user and password_secret in actions.toml, and at the broker's own list of users."
MEANINGS: Mapping[int, tuple[str, str]] = {
    0x84: ("it does not speak MQTT 5", "Bring the broker up to date: mosquitto speaks it since 1.6."),
    0x85: ("it does not take our client id", "Look at the broker's settings for client ids."),
    0x86: (REFUSED, _SETTINGS),
    0x87: ("it does not let us publish there", "Let this user write below the topic prefix, and below discovery's."),
    0x8E: (
        "another computer came to it under the same client id",
        "Give each computer its own machine in actions.toml; they are probably copies of one disk.",
    ),
}
"""What a broker's reason codes mean once it has let us in, to follow its name, and the remedy."""
AT_THE_DOOR: Mapping[int, tuple[str, str]] = {**MEANINGS, 0x87: (REFUSED, _SETTINGS)}
"""The same before that: mosquitto says of a wrong password that it is not authorised."""


class Client(paho.Client):
    """paho's client with a socket that another thread can cut off at any time, and deadlines for all of TLS."""

    def __init__(self, client_id: str, context: ssl.SSLContext | None) -> None:
        super().__init__(CallbackAPIVersion.VERSION2, client_id, protocol=MQTTProtocolVersion.MQTTv5)
        self.context = context
        self.opened: socket.socket | None = None
        self.off = False

    def _create_socket(self) -> Any:
        opened = socket.create_connection((self.host, self.port), CONNECT_SECONDS)
        self.opened = opened
        if self.context is not None:
            self.opened = opened = self.context.wrap_socket(
                opened, server_hostname=self.host, do_handshake_on_connect=False
            )
            opened.do_handshake()
        if self.off:
            raise ConnectionAbortedError("called off")
        return opened

    def cut(self) -> None:
        """End the connection now, whatever another thread does with it."""
        self.off = True
        if self.opened is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.opened, socket.SHUT_RDWR)

    def too_much(self) -> bool:
        """Whether a packet comes that is none of a broker's."""
        return bool(self._in_packet["remaining_length"] > LARGEST)


def context(ca_file: str) -> ssl.SSLContext:
    """Whom to trust: the file's authorities, or the system's. Raises DeliveryError."""
    try:
        return ssl.create_default_context(cafile=ca_file or trusted_certificates())
    except OSError as error:
        raise DeliveryError(
            f"The certificates in {ca_file} cannot be used ({error.strerror or 'not PEM'}).",
            "Look at ca_file in actions.toml.",
        ) from error


def words(error: Exception) -> str:
    """What went wrong, to follow the broker's name."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS as we do: look at port and tls in actions.toml"
    if isinstance(error, socket.gaierror):
        return "its name leads nowhere"
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, ConnectionResetError):
        return "it hung up at once: look at port and tls in actions.toml if it lasts"
    if isinstance(error, OSError):
        return f"there is no connection ({error.strerror or error})"
    return NOT_A_BROKER

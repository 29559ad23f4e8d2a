"""What MQTT is tried with: a real mosquitto on a port of its own, a gate before it that misbehaves, and who listens."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

import paho.mqtt.client as paho
import pytest
from actions_world import Events
from real_programs import eventually

from gamedetectd.app.actions import encode
from gamedetectd.config.actions import Mqtt
from gamedetectd.sinks.mqtt import MqttSink
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.worker import Worker

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
USER, PASSWORD = "pc", "correct horse $(battery) #1"


def needs_mosquitto():
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (tests/desktop/apt.txt)")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Broker:
    """mosquitto as a process of ours: ``port`` with or without TLS, ``inside`` always without, for who listens."""

    def __init__(self, directory, certificate=None, password=False):
        needs_mosquitto()
        self.port, self.inside = free_port(), free_port()
        lines = ["user root", "persistence false", "max_queued_messages 0", "max_inflight_messages 0"]
        lines += ["per_listener_settings true", f"listener {self.inside} 127.0.0.1", "allow_anonymous true"]
        lines += [f"listener {self.port} 127.0.0.1", f"allow_anonymous {'false' if password else 'true'}"]
        if certificate:
            lines += [f"certfile {certificate}", f"keyfile {certificate}"]
        if password:
            file = directory / "passwords"
            made = [shutil.which("mosquitto_passwd"), "-b", "-c", str(file), USER, PASSWORD]
            subprocess.run(made, check=True, capture_output=True)
            lines += [f"password_file {file}"]
        self._file = directory / f"mosquitto-{self.port}.conf"
        self._file.write_text("\n".join(lines) + "\n")
        self._process = None
        self.start()

    def start(self):
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._file)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        eventually(self._listens, 30, "mosquitto's start")

    def kill(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process.stderr.close()
            self._process = None

    def _listens(self):
        assert self._process.poll() is None, self._process.stderr.read()
        for port in (self.port, self.inside):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
        return True


class Ear:
    """Hears everything that is said at a broker, over its deaths. ``heard``: topic, payload, whether that was kept."""

    def __init__(self, port):
        self.heard = []
        self.subscribed = threading.Event()
        self._port = port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._ended.is_set():
            client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
            client.on_message = lambda _c, _d, told: self.heard.append((told.topic, told.payload, told.retain))
            client.on_subscribe = lambda *_: self.subscribed.set()
            client.on_connect = lambda one, *_: one.subscribe("#", qos=0)
            try:
                client.connect("127.0.0.1", self._port)
                while not self._ended.is_set() and client.loop(0.2) == paho.MQTT_ERR_SUCCESS:
                    pass
            except OSError:
                pass
            client.disconnect()
            self.subscribed.clear()
            self._ended.wait(0.02)

    def events(self, machine=None):
        return [
            json.loads(payload)
            for topic, payload, _ in tuple(self.heard)
            if topic.endswith("/event") and (machine is None or topic.split("/")[-2] == machine)
        ]

    def retained(self):
        """The latest of each topic, but for events."""
        return {topic: payload for topic, payload, _ in tuple(self.heard) if not topic.endswith("/event")}

    def state(self, machine="pc"):
        return json.loads(self.retained().get(f"gamedetectd/{machine}/state") or b"{}")

    def close(self):
        self._ended.set()
        self._thread.join(5)


class Machine:
    """One computer's connection to a broker, as the daemon runs it."""

    def __init__(self, port, name="pc", past=(), state=None, password="", begin=None, **settings):
        whole = {"tls": False, "machine": name, "port": port, **settings}
        self.broker = Mqtt("it", whole.pop("host", "localhost"), **whole)
        self.now = {"playing": False}
        tell = state or (lambda: (json.dumps(self.now).encode(), None))
        self.sink = MqttSink(self.broker, f"id-{name}", encode, tell, lambda: password)
        self.events, self.position = Events(past), {}
        self.runner = SinkRunner(self.sink, self.events, self.position.__setitem__, position=begin)
        self.worker = Worker(name, lambda stop: self.runner.run(self.sink.tending(stop)))
        self.sink.aside.attach(self.worker.stop_signal)

    def __enter__(self):
        self.worker.start()
        return self

    def __exit__(self, *_):
        self.worker.stop()
        assert self.worker.join(10)
        self.sink.close()

    def happens(self, *events):
        self.events.events += events
        self.wake()

    def wake(self):
        self.sink.changed()
        self.worker.wake()

    def delivered(self, number, seconds=30):
        eventually(lambda: self.position.get("mqtt.it") == number, seconds, lambda: f"{self.runner.status()}")

    def trouble(self, words):
        eventually(lambda: words in self.runner.status().last_error, 30, lambda: f"{self.runner.status()} ({words})")


class Gate:
    """Relays to a port, or misbehaves: "slow" lets one byte a second through, "silent" nothing, "garbage" is that."""

    def __init__(self, to):
        self.mode = "open"
        self.served = 0
        self._to = to
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        self.served += 1
        try:
            if self.mode == "garbage":
                writer.write(os.urandom(200) + bytes(range(256)) * 10)
                await writer.drain()
                await reader.read(100_000)
            elif self.mode == "silent":
                while await reader.read(100_000):
                    pass
            elif self.mode != "shut":
                other, back = await asyncio.open_connection("127.0.0.1", self._to)
                self._writers.add(back)
                slow = self.mode == "slow"
                await asyncio.gather(self._relay(reader, back, False), self._relay(other, writer, slow))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _relay(self, reader, writer, slow):
        try:
            while data := await reader.read(1 if slow else 65_536):
                writer.write(data)
                await writer.drain()
                if slow:
                    await asyncio.sleep(1.0)
        except OSError:
            pass
        finally:
            writer.close()

    def cut(self, mode="shut"):
        """End every connection, and go on in this way."""
        self.mode = mode

        async def close():
            for writer in self._writers:
                writer.transport.abort()
            self._writers.clear()

        self._do(close())

    def close(self):
        self.cut()

        async def end():
            self._server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(0.05)

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@contextmanager
def broking(directory, certificate=None, password=False):
    """A broker, and an ear at it."""
    broker = Broker(directory, certificate, password)
    ear = Ear(broker.inside)
    try:
        assert ear.subscribed.wait(30)
        yield broker, ear
    finally:
        ear.close()
        broker.kill()


@contextmanager
def gated(port):
    gate = Gate(port)
    try:
        yield gate
    finally:
        gate.close()

"""MQTT against a real mosquitto: what arrives and stays, through kills and outages, and what a bad broker cannot do."""

import json
import logging
import random
import signal
import socket
import threading
import time
import tracemalloc

import pytest
from actions_world import HOSTILE_TITLES, authority, event
from mqtt_world import PASSWORD, USER, Machine, broking, gated
from real_programs import eventually

from gamedetectd.app.actions import encode
from gamedetectd.config.actions import Mqtt
from gamedetectd.errors import DeliveryError, SecretMissingError
from gamedetectd.sinks import mqtt_link, runner
from gamedetectd.sinks.mqtt import MqttSink
from gamedetectd.sinks.mqtt_topics import ENTITIES


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A broker without a password, and an ear at it."""
    with broking(tmp_path_factory.mktemp("broker")) as both:
        yield both


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(mqtt_link, "LONGEST_PAUSE", 0.5)
    monkeypatch.setattr(runner, "LONGEST_PAUSE", 0.5)


def sink(port, **settings):
    return Machine(port, **settings).sink


def refused(one):
    with pytest.raises(DeliveryError) as caught:
        one.accept(event(1))
    one.close()
    return caught.value


# --- what arrives ---


def test_events_arrive_in_order_and_the_state_stays(home):
    broker, ear = home
    with Machine(broker.port, "den", [event(n) for n in range(1, 101)]) as den:
        den.delivered(100)
        eventually(lambda: len(ear.events("den")) == 100, 30)
        assert [row["id"] for row in ear.events("den")] == [f"id-{n}" for n in range(1, 101)]
        eventually(lambda: ear.state("den") == {"playing": False}, 30)
        den.now = {"playing": True, "game": "Portal 2"}
        den.wake()
        eventually(lambda: ear.state("den").get("game") == "Portal 2", 30)
        assert ear.retained()["gamedetectd/den/availability"] == b"online"
    eventually(lambda: ear.retained()["gamedetectd/den/availability"] == b"offline", 30)
    assert not any(kept for topic, _, kept in ear.heard if topic.endswith("/event"))


@pytest.mark.parametrize("title", HOSTILE_TITLES.values(), ids=HOSTILE_TITLES)
def test_a_title_harms_no_topic_and_arrives_as_it_is(home, title):
    broker, ear = home
    with Machine(broker.port, "titles", [event(1, title=title)]) as machine:
        machine.delivered(1)
        eventually(lambda: ear.events("titles"), 30)
    assert {topic.split("/")[-1] for topic, _, _ in ear.heard} <= {"event", "state", "availability", "config"}
    assert ear.events("titles")[-1]["session"]["game"]["title"] == title.encode("utf-8", "backslashreplace").decode()
    ear.heard.clear()


@pytest.mark.parametrize("title", ["a#b", "a+b", "a/b/c", "$SYS/x"])
def test_nor_do_the_signs_of_topics(home, title):
    broker, ear = home
    with Machine(broker.port, "signs", [event(1, title=title)]) as machine:
        machine.delivered(1)
        eventually(lambda: ear.events("signs"), 30)
    assert ear.events("signs")[-1]["session"]["game"]["title"] == title
    ear.heard.clear()


def test_only_what_is_wanted_is_published(home):
    broker, ear = home
    wants = {"events": ("ended",), "games": ("portal*",)}
    told = [event(1), event(2, "ended"), event(3, "ended", "Half-Life", game_id="steam:70"), event(4, "paused")]
    with Machine(broker.port, "some", told, **wants) as machine:
        machine.delivered(4)
        eventually(lambda: ear.events("some"), 30)
    assert [row["id"] for row in ear.events("some")] == ["id-2"]


def test_home_assistant_finds_four_entities_whose_templates_read_the_state(home):
    import jinja2.sandbox

    broker, ear = home
    state = {"playing": True, "game": 'A "B" {{ 1/0 }} #', "today_seconds": 61, "health": "degraded"}
    with Machine(broker.port, "ha", state=lambda: (json.dumps(state).encode(), None)) as machine:
        eventually(lambda: sum("-ha/" in topic for topic in ear.retained()) == len(ENTITIES), 30)
        kept = {topic: json.loads(text) for topic, text in ear.retained().items() if "-ha/" in topic}
        shown = {}
        for topic, entity in kept.items():
            found, component, node, name, config = topic.split("/")
            assert (found, node, config) == ("homeassistant", "gamedetectd-ha", "config")
            assert (component, name) in ENTITIES
            assert entity["availability_topic"] == "gamedetectd/ha/availability"
            template = jinja2.sandbox.SandboxedEnvironment(autoescape=False).from_string(entity["value_template"])
            shown[name] = template.render(value_json=state)
        assert shown == {"game": state["game"], "playing": "ON", "today": "61", "health": "degraded"}
        assert len({entity["unique_id"] for entity in kept.values()}) == len(kept)
        machine.sink.aside.signal.set()
        assert machine.worker.join(10)
        machine.sink.forget()
    eventually(
        lambda: not any(text for topic, text in ear.retained().items() if "-ha/" in topic or "/ha/" in topic), 30
    )


def test_without_discovery_there_is_nothing_for_home_assistant(home):
    broker, ear = home
    with Machine(broker.port, "plain", discovery="", prefix="a/b"):
        eventually(lambda: ear.retained().get("a/b/plain/availability") == b"online", 30)
    assert not [topic for topic in ear.retained() if "gamedetectd-plain" in topic]


def test_a_daemon_that_is_killed_is_away(home):
    broker, ear = home
    with gated(broker.port) as gate, Machine(gate.port, "dead") as machine:
        eventually(lambda: ear.retained().get("gamedetectd/dead/availability") == b"online", 30)
        gate.cut()
        eventually(lambda: ear.retained().get("gamedetectd/dead/availability") == b"offline", 30)
        gate.mode = "open"
        eventually(lambda: ear.retained().get("gamedetectd/dead/availability") == b"online", 30)
        assert machine.sink.link.connections == 2


# --- who is let in ---


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """A broker with TLS and a password, and the authority that signed its certificate."""
    directory = tmp_path_factory.mktemp("locked")
    ca_file, certificate = authority(directory, hosts=("localhost",))
    with broking(directory, certificate, password=True) as (broker, ear):
        yield broker, ear, ca_file


def test_with_tls_and_a_password_events_arrive(locked):
    broker, ear, ca_file = locked
    settings = {"tls": True, "ca_file": str(ca_file), "user": USER, "password_secret": "it", "password": PASSWORD}
    with Machine(broker.port, "safe", [event(n) for n in range(1, 21)], **settings) as machine:
        machine.delivered(20)
        eventually(lambda: len(ear.events("safe")) == 20, 30)


def test_a_wrong_certificate_name_or_password_is_told(locked, tmp_path):
    broker, ear, ca_file = locked
    before = len(ear.events())
    other, _ = authority(tmp_path, "other")
    mine = {"tls": True, "ca_file": str(ca_file), "user": USER, "password_secret": "it"}
    assert "user and password" in refused(sink(broker.port, **mine, password="wrong")).cause
    assert "certificate is not trusted" in refused(sink(broker.port, **{**mine, "ca_file": str(other)})).cause
    assert "certificate is not trusted" in refused(sink(broker.port, **{**mine, "ca_file": ""})).cause
    assert "certificate is not trusted" in refused(sink(broker.port, **mine, host="127.0.0.1")).cause
    (tmp_path / "none.pem").write_text("nothing")
    for file in ("none.pem", "missing.pem"):
        assert "cannot be used" in refused(sink(broker.port, **{**mine, "ca_file": str(tmp_path / file)})).cause
    for wrong in (sink(broker.port), sink(broker.inside, **mine)):  # TLS at one end only
        cause = refused(wrong).cause
        assert "MQTT broker" in cause or "port and tls" in cause, cause
    assert len(ear.events()) == before


def test_a_password_that_cannot_be_read_is_told(locked):
    broker, _, ca_file = locked

    def missing():
        raise SecretMissingError("There is no it.", "Set it.")

    one = MqttSink(
        Mqtt("it", "localhost", broker.port, ca_file=str(ca_file), user=USER, password_secret="it", machine="pc"),
        "id",
        encode,
        None,
        missing,
    )
    error = refused(one)
    assert (error.cause, error.remedy) == ("There is no it.", "Set it.")


def test_a_host_that_is_not_there_is_told(home):
    assert "its name leads nowhere" in refused(sink(1, host="games.invalid")).cause
    assert "no connection" in refused(sink(1)).cause


def test_two_computers_of_one_name_are_told(home):
    broker, _ = home
    with Machine(broker.port, "twin") as first:
        eventually(lambda: first.sink.link.connected, 30)
        with Machine(broker.port, "twin"):
            told = []
            eventually(lambda: told.append(str(first.sink.link.trouble)) or "same client id" in told[-1], 30)


# --- through outages ---


def test_a_broker_that_is_killed_loses_nothing_and_is_told_once(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    with broking(tmp_path) as (broker, ear), Machine(broker.port, past=[event(1)]) as machine:
        machine.delivered(1)
        for life in range(2, 4):
            broker.kill()
            machine.happens(event(life))
            eventually(lambda: machine.runner.status().failing_since, 30)
            assert not machine.sink.link.connected
            broker.start()
            assert ear.subscribed.wait(30)
            machine.delivered(life)
            eventually(lambda: machine.runner.status().failing_since is None, what="the end of the trouble")
        eventually(lambda: {row["id"] for row in ear.events()} == {"id-1", "id-2", "id-3"}, 30)
        eventually(lambda: ear.state() == {"playing": False}, 30)
    assert caplog.text.count("cannot take events") == 2
    assert caplog.text.count("takes events again") == 2


@pytest.mark.parametrize("mode", ["slow", "silent", "garbage", "shut"])
@pytest.mark.parametrize("connected", [False, True], ids=["from the start", "later"])
def test_a_broker_that_misbehaves_harms_nothing_and_is_waited_for(home, monkeypatch, mode, connected):
    monkeypatch.setattr(mqtt_link, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(mqtt_link, "CONFIRM_SECONDS", 0.5)
    broker, ear = home
    name = f"{mode}-{connected}"
    with gated(broker.port) as gate:
        gate.mode = "open" if connected else mode
        with Machine(gate.port, name, [event(1)]) as machine:
            if connected:
                machine.delivered(1)
                gate.cut(mode)
            machine.happens(event(2))
            eventually(lambda: machine.runner.status().failing_since, 30)
            gate.cut("open")
            machine.delivered(2)
            eventually(lambda: {row["id"] for row in ear.events(name)} == {"id-1", "id-2"}, 30)
            assert machine.worker.restarts == 0


def test_stopping_is_quick_while_the_broker_says_nothing(home):
    broker, _ = home
    with gated(broker.port) as gate:
        gate.mode = "silent"
        machine = Machine(gate.port, past=[event(1)])
        machine.worker.start()
        eventually(lambda: gate.served, 30)
        began = time.monotonic()
        machine.worker.stop()
        assert machine.worker.join(10)
        machine.sink.close()
        assert time.monotonic() - began < 8


def test_noise_from_a_broker_crashes_nothing(home):
    """Whatever bytes come after the welcome, the connection is made again."""
    chance = random.Random(7)
    welcome = b"\x20\x03\x00\x00\x00"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        machine = Machine(listening.getsockname()[1], "noise", [event(1)])
        with machine:
            for attempt in range(12):
                one, _ = listening.accept()
                with one:
                    one.recv(10_000)
                    kind = [0x40, 0x20, 0x30, 0xD0, 0xE0, 0x90, 0xF0, 0x62][attempt % 8]
                    noise = chance.randbytes(chance.randrange(1, 60))
                    one.sendall(welcome + bytes([kind, len(noise)]) + noise + b"\xff\xff\xff\x7f" + bytes(2_000))
            assert machine.worker.restarts == 0
            assert machine.sink.link.connections >= 1


def test_an_hour_without_a_broker_costs_no_memory(home, monkeypatch):
    """3,600 events and as many states while it is away, all of it driven in seconds; then everything arrives."""
    broker, ear = home
    with gated(broker.port) as gate, Machine(gate.port, "hour", [event(1)]) as machine:
        machine.delivered(1)
        gate.cut("shut")
        machine.happens(*(event(number) for number in range(2, 3_602)))
        eventually(lambda: machine.runner.status().failing_since, 30)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            for second in range(3_600):
                machine.now = {"playing": True, "second": second}
                machine.wake()
            attempts = gate.served
            eventually(lambda: gate.served > attempts + 2, 30)
            assert tracemalloc.get_traced_memory()[0] - before < 300_000
        finally:
            tracemalloc.stop()
        gate.mode = "open"
        machine.delivered(3_601)
        eventually(lambda: len(ear.events("hour")) == 3_601, 30)
        assert [row["number"] for row in ear.events("hour")] == list(range(1, 3_602))


def test_a_broker_that_does_not_read_holds_little(home, monkeypatch):
    """The state changes on and on while nothing is confirmed: one message a topic is under way, no more."""
    monkeypatch.setattr("gamedetectd.sinks.mqtt.STATE_PAUSE", 0.0)
    broker, _ = home
    with gated(broker.port) as gate, Machine(gate.port, "deaf") as machine:
        eventually(lambda: machine.sink.link.connected, 30)
        eventually(lambda: not machine.sink._telling, 30)
        gate.mode = "silent"  # for those to come; this one stays, and its broker is stopped
        broker._process.send_signal(signal.SIGSTOP)
        try:
            for second in range(200):
                machine.now = {"second": second, "long": "x" * 10_000}
                machine.wake()
                time.sleep(0.001)
            eventually(lambda: machine.sink._telling, 30)
            assert len(machine.sink._telling) <= len(machine.sink.topics.retained())
        finally:
            broker._process.send_signal(signal.SIGCONT)


def test_the_thread_that_waits_is_not_stuck(home):
    broker, _ = home
    with Machine(broker.port, "calm") as machine:
        eventually(lambda: machine.sink.link.connected, 30)
        eventually(lambda: machine.worker.status().stuck_for == 0.0, 30)
        threads = [one.name for one in threading.enumerate() if one.name.startswith("mqtt.")]
        assert not threads, "nothing beside the worker is left"

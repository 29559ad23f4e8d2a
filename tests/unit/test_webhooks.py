"""Webhooks against a real HTTPS server with an authority of its own: what arrives, what is told, what harms nothing."""

import gc
import hashlib
import hmac
import json
import logging
import time
import tracemalloc

import pytest
from actions_world import HOSTILE_TITLES, NOW, Events, authority, event, serving
from real_programs import eventually

from gamedetectd.app.actions import encode, webhook_sink
from gamedetectd.config.actions import Webhook
from gamedetectd.errors import DeliveryError, SecretMissingError
from gamedetectd.security import https
from gamedetectd.security.https import Https, is_public
from gamedetectd.sinks import runner
from gamedetectd.sinks.runner import SinkRunner
from gamedetectd.sinks.webhook import HOPELESS_PAUSE, WebhookSink
from gamedetectd.sinks.webhook_bodies import TEMPLATES
from gamedetectd.worker import StopSignal, Worker


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server(certificates):
    with serving(certificates[1]) as running:
        yield running


@pytest.fixture
def made(server, certificates):
    """``made(**settings)``: a webhook as a sink, which trusts the server's authority."""

    def make(secrets=None, **settings):
        known = secrets or {}

        def secret(name):
            if name not in known:
                raise SecretMissingError(f"There is no {name}.", "Set it.")
            return known[name]

        whole = {"url": server.url, "allow_private": True, "ca_file": str(certificates[0]), **settings}
        return WebhookSink(Webhook("it", **whole), encode, secret, str, now=lambda: NOW)

    return make


def refused(sink, one=None):
    with pytest.raises(DeliveryError) as caught:
        sink.accept(one or event(1))
    return caught.value


def test_an_event_arrives_signed_and_with_its_id(server, made):
    made({"key": "s3cret-of-mine", "token": "tk_mine"}, sign_secret="key", token_secret="token").accept(event(1))
    [(headers, body)] = server.taken
    assert headers["Idempotency-Key"] == "id-1"
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Bearer tk_mine"
    assert headers["Host"] == f"localhost:{server.port}"
    at = headers["Gamedetectd-Timestamp"]
    signed = hmac.new(b"s3cret-of-mine", at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (at, headers["Gamedetectd-Signature"]) == (str(int(NOW)), f"v1={signed}")
    row = json.loads(body)
    assert (row["kind"], row["session"]["game"]["title"]) == ("started", "Portal 2")


def test_only_the_events_and_games_that_are_wanted_are_sent(server, made):
    sink = made(events=("ended",), games=("portal*",))
    for one in (event(1), event(2, "ended"), event(3, "ended", "Half-Life", game_id="steam:70"), event(4, "paused")):
        sink.accept(one)
    assert server.ids() == ["id-2"]


@pytest.mark.parametrize("title", HOSTILE_TITLES.values(), ids=HOSTILE_TITLES)
def test_a_title_arrives_as_it_is(server, made, title):
    made().accept(event(1, title=title))
    [row] = server.rows()
    assert row["session"]["game"]["title"] == title.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("title", HOSTILE_TITLES.values(), ids=HOSTILE_TITLES)
def test_no_template_is_harmed_by_a_title(server, made, template, title):
    made(template=template).accept(event(1, "ended", title))
    [row] = server.rows()
    text = row.get("content") or row.get("text") or row["message"]
    assert len(text) <= 1_500
    assert "\n" not in text
    if template == "discord":
        assert row["allowed_mentions"] == {"parse": []}
        assert "](http" not in text.replace("\\", "\0")
    if template == "slack":
        assert "<" not in text


def test_ntfy_is_told_the_topic_beside_the_message(server, made):
    made(template="ntfy", url=f"https://localhost:{server.port}/my%20games").accept(event(1))
    assert server.rows() == [{"topic": "my games", "message": "Portal 2 started", "tags": ["video_game"]}]


ANSWERS = {
    "busy": (503, "503", 0.0),
    "too many": ((429, {"Retry-After": "17"}), "429", 17.0),
    "much too long": ((429, {"Retry-After": "99999999999999"}), "429", 3600.0),
    "a date gone by": ((503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), "503", 0.0),
    "no date": ((503, {"Retry-After": "soon"}), "503", 0.0),
    "gone": (410, "deleted", HOPELESS_PAUSE),
    "not there": (404, "nothing at that address", HOPELESS_PAUSE),
    "unknown": (401, "does not know us", HOPELESS_PAUSE),
    "moved": ((302, {"Location": "http://169.254.169.254/"}), "leads elsewhere", HOPELESS_PAUSE),
    "odd": (418, "does not want this", HOPELESS_PAUSE),
    "wrong from the start": (400, "400", HOPELESS_PAUSE),
    "garbage": ("garbage", "not answer as a web server", 0.0),
    "hang up": ("hang up", "not answer as a web server", 0.0),
}


@pytest.mark.parametrize(("answer", "told", "pause"), ANSWERS.values(), ids=ANSWERS)
def test_what_a_server_answers_is_told_and_the_event_is_kept(server, made, answer, told, pause):
    server.script = [answer]
    sink = made()
    error = refused(sink)
    assert told in error.cause
    assert error.after == pause
    assert server.requests == 1, "nothing is followed"
    sink.accept(event(1))
    assert server.ids() == ["id-1"]


def test_an_event_that_alone_is_refused_is_left_out_at_last_and_told(server, made):
    sink = made()
    sink.accept(event(1))
    server.script = [400] * 5
    assert [refused(sink, event(2)).after for _ in range(4)] == [0.0] * 4
    sink.accept(event(2))
    assert "400 to event id-2, which was left out" in sink.trouble
    sink.accept(event(3))
    assert sink.trouble == ""
    assert server.ids() == ["id-1", "id-3"]


def test_a_server_of_one_byte_a_second_is_cut_off(server, made):
    server.script = ["slow"]
    sink = made(timeout=1.0)
    began = time.monotonic()
    assert "longer than 1 s" in refused(sink).cause
    assert time.monotonic() - began < 5
    eventually(lambda: not sink.aside._busy.is_set(), 5, "the thread's end")
    sink.accept(event(1))
    assert server.ids() == ["id-1"]


def test_a_wrong_certificate_ends_it(server, made, tmp_path):
    other, _ = authority(tmp_path, "other")
    assert "certificate is not trusted" in refused(made(ca_file=str(other))).cause
    assert "certificate is not trusted" in refused(made(ca_file="")).cause
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("nothing")
    assert "cannot be used (" in refused(made(ca_file=str(nonsense))).cause
    assert "No such file" in refused(made(ca_file=str(tmp_path / "none"))).cause
    assert server.requests == 0


def test_a_certificate_for_another_name_ends_it(made, tmp_path):
    ca_file, certificate = authority(tmp_path, "elsewhere", ("games.example",))
    with serving(certificate) as impostor:
        assert "certificate is not trusted" in refused(made(url=impostor.url, ca_file=str(ca_file))).cause
        assert impostor.requests == 0


def test_this_computer_and_its_network_are_out_of_reach_unless_allowed(server, made):
    for host in ("localhost", "127.0.0.1", "127.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"):
        error = refused(made(url=f"https://{host}:{server.port}/", allow_private=False))
        assert "not on the internet" in error.cause, host
        assert "allow_private" in error.remedy
    assert server.requests == 0


def test_a_name_is_looked_up_once_so_that_it_cannot_change_in_between(server, made, monkeypatch):
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(None, None, None, "", (address, port)) for address in ("10.0.0.7", "127.0.0.1")]

    monkeypatch.setattr(https.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(https, "is_public", lambda address: address == "127.0.0.1")
    post = Https(server.url, b"{}", {}, ca_file=made().webhook.ca_file)
    assert list(post._allowed("localhost", 1)) == ["127.0.0.1"], "what is not allowed is left out"
    assert asked == ["localhost"]


PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")
NOT_PUBLIC = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.53", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
    *("2002:a00:1::", "2002:7f00:1::1"),
)


def test_which_addresses_are_on_the_internet():
    assert [address for address in PUBLIC if not is_public(address)] == []
    assert [address for address in NOT_PUBLIC if is_public(address)] == []


def test_an_address_that_is_a_secret_is_never_told(server, made, caplog):
    sink = made({"there": f"{server.url}/T0P53CRET\n"}, url="", url_secret="there")
    server.script = [404]
    error = refused(sink)
    sink.accept(event(1))
    assert "T0P53CRET" not in str(error) + caplog.text
    assert server.ids() == ["id-1"]
    assert "holds must be an address" in refused(made({"there": "http://x"}, url="", url_secret="there")).cause


def test_a_secret_that_is_missing_or_no_header_keeps_the_event(made):
    with pytest.raises(SecretMissingError):
        made(sign_secret="none").accept(event(1))
    assert "no HTTP header" in refused(made({"token": "a\nb: c"}, token_secret="token")).cause


def test_a_secret_that_was_set_anew_is_taken_after_a_refusal(server, made):
    known = {"token": "old"}
    sink = made(known, token_secret="token")
    server.script = [401]
    refused(sink)
    known["token"] = "new"
    sink.accept(event(1))
    assert server.taken[0][0]["Authorization"] == "Bearer new"


def test_a_server_down_for_an_hour_loses_nothing_is_told_once_and_recovers_by_itself(
    certificates, made, monkeypatch, caplog
):
    """The pauses are driven: what passes is counted, not waited for."""
    with serving(certificates[1]) as first:
        port = first.port
    passed, servers = [0.0], []

    def rest(_stop, seconds):
        passed[0] += seconds
        if passed[0] >= 3600 and not servers:
            running = serving(certificates[1], port)
            servers.append((running, running.__enter__()))

    monkeypatch.setattr(runner, "rest", rest)
    sink = made(url=f"https://localhost:{port}/")
    one = SinkRunner(sink, Events(event(number, "started" if number % 2 else "ended") for number in range(1, 41)), note)
    stop = StopSignal()
    delivered.clear()
    tracemalloc.start()
    sizes = []
    monkeypatch.setattr(one, "_note_failure", watched(one._note_failure, sizes))
    try:
        with caplog.at_level(logging.INFO):
            while not servers or len(servers[0][1].taken) < 40:
                try:
                    one._deliver_some(stop)
                except DeliveryError as error:
                    one._note_failure(error)
                    rest(stop, min(60.0, 0.5 * 2 ** min(one._failures - 1, 10)))
                    assert one.status().failing_since is not None
                    assert "no connection" in one.status().last_error
    finally:
        tracemalloc.stop()
        for running, _ in servers:
            running.__exit__(None, None, None)
    [(_, server)] = servers
    assert server.ids() == [f"id-{number}" for number in range(1, 41)]
    assert one.status().failing_since is None
    assert 60 <= len(sizes) <= 80, "attempts in an hour"
    assert sizes[-1] - sizes[10] < 200_000
    told = [record.message for record in caplog.records if "webhook.it" in record.message]
    assert len(told) == 2
    assert "kept and offered again" in told[0]
    assert "takes events again" in told[1]


delivered = []


def note(name, number):
    delivered.append((name, number))


def watched(function, sizes):
    def call(error):
        gc.collect()  # what failed connections leave behind in circles is not what is asked for
        sizes.append(tracemalloc.get_traced_memory()[0])
        return function(error)

    return call


def test_the_end_of_the_daemon_waits_for_no_server(server, made):
    server.script = ["slow"]
    sink = made(timeout=30.0)
    one = SinkRunner(sink, Events([event(1)]), note)
    worker = Worker("webhook", one.run)
    sink.aside.attach(worker.stop_signal)
    worker.start()
    eventually(lambda: server.requests, 5, "the request")
    began = time.monotonic()
    worker.stop()
    assert worker.join(3)
    assert time.monotonic() - began < 2.5
    assert worker.restarts == 0
    assert one.status().failing_since is None, "that we end is nobody's failure"


def test_what_hides_private_titles_is_asked(server, certificates):
    webhook = Webhook("it", url=server.url, allow_private=True, ca_file=str(certificates[0]), template="slack")
    WebhookSink(webhook, encode, str, lambda _title: "[private title]").accept(event(1))
    assert server.rows()[0]["text"] == "[private title] started"
    assert webhook_sink(webhook, str, print).name == "webhook.it"

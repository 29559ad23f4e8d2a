"""Who may ask what over HTTP: the guard's decisions, without a network."""

import asyncio

import pytest

from gamedetectd.views.http_guard import (
    BAD_BODY,
    BAD_HOST,
    BAD_METHOD,
    BAD_ORIGIN,
    BAD_PATH,
    BAD_TOKEN,
    HEADERS,
    NO_TOKEN,
    READERS,
    REASONS,
    STRANGERS,
    TOO_MANY,
    Bucket,
    Guard,
    our_addresses,
)

TOKEN = b"abcdefghijklmnopqrstuvwxyz0123456789-_.~+/="
HOST = (b"host", b"127.0.0.1:8736")
AUTH = (b"authorization", b"Bearer " + TOKEN)


async def page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": b"a page"})


def make(counted=None, refused=None):
    return Guard(
        page,
        ["/healthz", "/metrics"],
        our_addresses(["127.0.0.1", "localhost", "[::1]"], 8736),
        TOKEN,
        lambda *answer: counted is not None and counted.append(answer),
        lambda refusal: refused is not None and refused.append(refusal.reason),
    )


def scope(*headers, method="GET", path="/metrics", raw=None, query=b""):
    raw = path.encode() if raw is None else raw
    headers = list(headers)
    return {"type": "http", "method": method, "path": path, "raw_path": raw, "query_string": query, "headers": headers}


def ask(guard, request):
    """The status, headers and body that come back."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(guard(request, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])


DECISIONS = [
    ("all is right", scope(HOST, AUTH), None),
    ("by name", scope((b"host", b"localhost:8736"), AUTH), None),
    ("by name in capitals", scope((b"host", b"LOCALHOST:8736"), AUTH), None),
    ("IPv6", scope((b"host", b"[::1]:8736"), AUTH), None),
    ("the scheme in any case", scope(HOST, (b"authorization", b"bearer " + TOKEN)), None),
    ("no body, said so", scope(HOST, AUTH, (b"content-length", b"0")), None),
    ("HEAD", scope(HOST, AUTH, method="HEAD"), None),
    ("our own page asks", scope(HOST, AUTH, (b"origin", b"http://127.0.0.1:8736")), None),
    ("the person typed it", scope(HOST, AUTH, (b"sec-fetch-site", b"none")), None),
    ("a sign of life", scope(HOST, path="/healthz"), None),
    ("no host", scope(AUTH), BAD_HOST),
    ("another host", scope((b"host", b"games.example:8736"), AUTH), BAD_HOST),
    ("a host that begins like ours", scope((b"host", b"127.0.0.1:8736.games.example"), AUTH), BAD_HOST),
    ("another port", scope((b"host", b"127.0.0.1:80"), AUTH), BAD_HOST),
    ("no port", scope((b"host", b"127.0.0.1"), AUTH), BAD_HOST),
    ("a dot at its end", scope((b"host", b"localhost.:8736"), AUTH), BAD_HOST),
    ("another way to write it", scope((b"host", b"127.1:8736"), AUTH), BAD_HOST),
    ("somebody's name in it", scope((b"host", b"me@127.0.0.1:8736"), AUTH), BAD_HOST),
    ("two hosts", scope(HOST, HOST, AUTH), BAD_HOST),
    ("rebinding needs no token to be refused", scope((b"host", b"evil.example"), path="/healthz"), BAD_HOST),
    ("another site's page", scope(HOST, AUTH, (b"origin", b"https://evil.example")), BAD_ORIGIN),
    ("a page from a file", scope(HOST, AUTH, (b"origin", b"null")), BAD_ORIGIN),
    ("our host over TLS", scope(HOST, AUTH, (b"origin", b"https://127.0.0.1:8736")), BAD_ORIGIN),
    ("an origin that begins like ours", scope(HOST, AUTH, (b"origin", b"http://127.0.0.1:8736.evil")), BAD_ORIGIN),
    ("another site's image", scope(HOST, AUTH, (b"sec-fetch-site", b"cross-site")), BAD_ORIGIN),
    (
        "another port's page",
        scope(HOST, path="/healthz") | {"headers": [HOST, (b"sec-fetch-site", b"same-site")]},
        BAD_ORIGIN,
    ),
    *(
        (method, scope(HOST, AUTH, method=method), BAD_METHOD)
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE")
    ),
    ("a method nobody knows", scope(HOST, AUTH, method="BREW"), BAD_METHOD),
    ("a body", scope(HOST, AUTH, (b"content-length", b"5")), BAD_BODY),
    ("lengths that differ", scope(HOST, AUTH, (b"content-length", b"0"), (b"content-length", b"5")), BAD_BODY),
    ("a body in pieces", scope(HOST, AUTH, (b"transfer-encoding", b"chunked")), BAD_BODY),
    ("a whole address", scope(HOST, AUTH, raw=b"http://evil.example/metrics"), BAD_PATH),
    ("nothing", scope(HOST, AUTH, raw=b"*"), BAD_PATH),
    ("a long path", scope(HOST, AUTH, path="/" + "a" * 300), BAD_PATH),
    ("a long query", scope(HOST, AUTH, query=b"a" * 300), BAD_PATH),
    ("no token", scope(HOST), NO_TOKEN),
    ("no token, a path that is not there", scope(HOST, path="/secret"), NO_TOKEN),
    ("another token", scope(HOST, (b"authorization", b"Bearer " + TOKEN[::-1])), BAD_TOKEN),
    ("a shorter one", scope(HOST, (b"authorization", b"Bearer " + TOKEN[:-1])), BAD_TOKEN),
    ("a longer one", scope(HOST, (b"authorization", b"Bearer " + TOKEN + b"x")), BAD_TOKEN),
    ("an empty one", scope(HOST, (b"authorization", b"Bearer ")), BAD_TOKEN),
    ("bytes that are no text", scope(HOST, (b"authorization", b"Bearer \xff\xfe\x00")), BAD_TOKEN),
    ("another scheme", scope(HOST, (b"authorization", b"Basic " + TOKEN)), BAD_TOKEN),
    ("only the token", scope(HOST, (b"authorization", TOKEN)), BAD_TOKEN),
    ("two of them", scope(HOST, AUTH, AUTH), BAD_TOKEN),
    ("in the address", scope(HOST, query=b"token=" + TOKEN), NO_TOKEN),
]


@pytest.mark.parametrize(("request_", "expected"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS])
def test_who_may_ask_what(request_, expected):
    assert make().refusal(request_) == expected


def test_every_refusal_has_a_word_that_counters_know():
    refusals = (BAD_BODY, BAD_HOST, BAD_METHOD, BAD_ORIGIN, BAD_PATH, BAD_TOKEN, NO_TOKEN, TOO_MANY)
    assert {refusal.reason for refusal in refusals} | {"syntax", "size", "full"} == set(REASONS)


@pytest.mark.parametrize("request_", [scope(HOST, AUTH), scope(HOST), scope()], ids=["a page", "no token", "no host"])
def test_every_answer_has_the_headers_that_keep_browsers_out(request_):
    _, headers, _ = ask(make(), request_)
    assert set(HEADERS) | {b"date"} <= set(headers)
    assert headers[b"connection"] == b"close"
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert b"server" not in headers


def test_a_page_may_say_otherwise_where_it_must():
    status, headers, body = ask(make(), scope(HOST, AUTH))
    assert (status, body) == (200, b"a page")
    assert headers[b"x-frame-options"] == b"SAMEORIGIN"


def test_answers_are_counted_under_paths_that_nobody_can_make_up():
    counted, refused = [], []
    guard = make(counted, refused)
    for request in (scope(HOST, AUTH), scope(HOST, AUTH, path="/made-up"), scope(HOST, path="/also-made-up")):
        ask(guard, request)
    assert counted == [("/metrics", 200), ("other", 200), ("other", 401)]
    assert refused == ["token"]


def test_what_is_no_request_is_left_alone():
    assert asyncio.run(make()({"type": "websocket"}, None, None)) is None


def test_strangers_are_slowed_down_and_whoever_has_the_token_is_not():
    guard = make()
    answers = [guard.refusal(scope(HOST)) for _ in range(int(STRANGERS[1]) + 5)]
    assert answers[: int(STRANGERS[1])] == [NO_TOKEN] * int(STRANGERS[1])
    assert answers[-1] is TOO_MANY
    assert guard.refusal(scope((b"host", b"evil"), AUTH)) is TOO_MANY, "with the token, but to the wrong address"
    assert guard.refusal(scope(HOST, AUTH)) is None
    answers = [guard.refusal(scope(HOST, AUTH)) for _ in range(int(READERS[1]) + 5)]
    assert answers[-1] is TOO_MANY


def test_a_bucket_fills_again_and_never_runs_over():
    now = [0.0]
    bucket = Bucket(2.0, 3.0, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_http_s_own_port_may_be_left_out():
    assert our_addresses(["localhost"], 80) == {b"localhost", b"localhost:80"}
    assert our_addresses(["localhost"], 8080) == {b"localhost:8080"}

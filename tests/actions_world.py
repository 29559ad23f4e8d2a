"""What hooks and webhooks are tried with: events, a certificate authority of our own, and a server that misbehaves."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind

NOW = 1_700_000_000.0
HOSTILE_TITLES = {
    "quotes": "\"'` \\ %s {title} ${HOME}",
    "lines": "first\nsecond\r\n\ttab\x1b[2J",
    "shell": "$(touch pwned) `touch pwned` ; touch pwned & | > pwned",
    "long": "x" * 10_000,
    "right to left": "\u202eشطرنج\u2066 \u05e9\u05d7",
    "mentions": "@everyone <@1> <!channel> [a](https://evil.example) **b** &lt;",
    "not text": "half \udce9 a name",
    "zero": "a\0b",
}


def event(number, kind="started", title="Portal 2", session="s1", game_id="steam:620"):
    key = ProcessKey("boot", 42, 1)
    ended = kind == "ended"
    whole = Session(
        session,
        Game(game_id, title),
        NOW,
        5.0,
        key,
        (key,),
        (Evidence("store", 6.0, "Steam started it"),),
        ended_at=NOW + 60 if ended else None,
        ended_by=EndedBy.EXIT if ended else None,
    )
    return SessionEvent(f"id-{number}", SessionEventKind(kind), NOW + number, whole, f"{number:032x}", number)


class Events:
    """The durable event table, in memory."""

    def __init__(self, events=()):
        self.events = list(events)
        self.cursors = {}

    def cursor(self, sink):
        return self.cursors.get(sink, 0)

    def last_number(self):
        return self.events[-1].number if self.events else 0

    def pending(self, sink, limit=100, after=None):
        start = self.cursor(sink) if after is None else after
        return tuple(one for one in self.events if one.number > start)[:limit]


class Trail:
    """Where the audit trail would be."""

    def __init__(self):
        self.records = []

    def record(self, action, message, *, success=True, **details):
        self.records.append((action, success, details))


def authority(directory, name="ca", hosts=("localhost", "127.0.0.1")):
    """Files of a new certificate authority, and of a certificate with its key that it signed for these hosts."""
    start, end = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days) for days in (-1, 2))

    def made(subject, issuer, signer, public, extension, critical):
        called = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])  # noqa: E731
        builder = x509.CertificateBuilder().subject_name(called(subject)).issuer_name(called(issuer))
        builder = builder.public_key(public).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(end).add_extension(extension, critical)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = made(name, name, ca_key, ca_key.public_key(), x509.BasicConstraints(ca=True, path_length=None), True)
    names = [x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts]
    leaf = made(hosts[0], name, ca_key, key.public_key(), x509.SubjectAlternativeName(names), False)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ca_file, leaf_file = directory / f"{name}.pem", directory / f"{name}-server.pem"
    ca_file.write_bytes(ca)
    leaf_file.write_bytes(leaf + secret)
    return ca_file, leaf_file


class Server:
    """Takes POSTs by HTTPS. ``script`` says what is answered, one after the other, then 200: a status, a status with
    headers, "slow", "garbage" or "hang up".
    """

    def __init__(self, certificate, port=0):
        self.taken = []
        self.script = []
        self.requests = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                server._answer(self)

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        class Listening(ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, address):
                try:
                    with context.wrap_socket(request, server_side=True) as protected:
                        super().finish_request(protected, address)
                except OSError:  # whoever called does not trust us, or went away
                    pass

        self._http = Listening(("127.0.0.1", port), Handler)
        self.port = self._http.server_address[1]
        self.url = f"https://localhost:{self.port}/hook"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def _answer(self, handler):
        self.requests += 1
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        what = self.script.pop(0) if self.script else 200
        if what == "slow":
            try:
                for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n":
                    handler.connection.sendall(bytes([byte]))
                    time.sleep(1.0)
            except OSError:
                pass
            return
        if what == "garbage":
            handler.connection.sendall(bytes(range(256)) * 40 + b"\r\n\r\n")
            return
        if what == "hang up":
            return
        status, headers = what if isinstance(what, tuple) else (what, {})
        if status == 200:
            self.taken.append((dict(handler.headers), body))
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def ids(self):
        return [headers["Idempotency-Key"] for headers, _ in self.taken]

    def rows(self):
        return [json.loads(body) for _, body in self.taken]

    def close(self):
        self._http.shutdown()
        self._thread.join(5)
        self._http.server_close()


@contextmanager
def serving(certificate, port=0):
    server = Server(certificate, port)
    try:
        yield server
    finally:
        server.close()

"""``self-update --check``: what it says of feeds that are newer, older, wrong or not there; it installs nothing."""

import json
import ssl

import jsonschema
import msgspec
import pytest
from typer.testing import CliRunner

import gamedetectd
from gamedetectd.app import self_update
from gamedetectd.cli.main import build
from gamedetectd.config.outward import Update
from gamedetectd.config.schema import Settings
from gamedetectd.control import shapes, update_shapes
from gamedetectd.errors import CatalogueUpdateError, UpdateCheckError
from gamedetectd.platforms.certificates import trusted_certificates

ADDRESS = "https://example.org/feed.json"
SET = Settings(update=Update(ADDRESS))


@pytest.fixture
def feed(monkeypatch):
    """``feed(bytes or an error)`` is what the address answers; how it is fetched is tried in test_catalogue_update."""

    def answers(said):
        def fetch(url, into, limits):
            assert url == ADDRESS
            assert limits.largest == 64_000
            if isinstance(said, Exception):
                raise said
            into.write_bytes(said if isinstance(said, bytes) else json.dumps(said).encode())

        monkeypatch.setattr(self_update, "fetch", fetch)

    return answers


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        ("1.2.0", "1.2", "current"),
        ("1.2.0", "1.2.1", "newer"),
        ("1.9", "1.10", "newer"),
        ("1.3.dev4", "1.2", "ahead"),
        ("0.1.0", "0.1.0", "current"),
    ],
)
def test_what_the_feed_says_is_compared(feed, ours, theirs, state):
    feed({"version": theirs, "url": "https://example.org/new", "more": 1})
    row = self_update.check(SET, ours)
    assert (row.version, row.newest, row.state) == (ours, theirs, state)
    jsonschema.validate(msgspec.to_builtins(row), shapes.schemas(update_shapes.SHAPES)["self-update"])


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        {},
        {"version": "newest"},
        {"version": 2},
        {"version": "1.0\u001b[31m"},
        {"version": "1.0", "url": "http://example.org/"},
        {"version": "1.0", "url": "javascript:x"},
        {"version": "1.0", "notes": "x" * 501},
        {"version": "1.0", "date": "soon"},
    ],
)
def test_what_is_no_feed_is_refused(feed, said):
    feed(said)
    with pytest.raises(UpdateCheckError, match="something else than a feed"):
        self_update.check(SET)


def test_without_an_address_nobody_is_asked(feed):
    feed(AssertionError("it was asked"))
    with pytest.raises(UpdateCheckError, match="No address is set"):
        self_update.check(Settings())


def test_nobody_answers(feed):
    feed(CatalogueUpdateError("It cannot be reached.", "…"))
    with pytest.raises(UpdateCheckError, match=r"It cannot be reached.*update\.feed_url"):
        self_update.check(SET)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("99.0", "Version 99.0 is there"),
        ("0.0.1", "the newest that was published is 0.0.1"),
        (gamedetectd.__version__, "the newest version"),
    ],
)
def test_as_a_person_sees_it(feed, tmp_path, version, said):
    feed({"version": version, "url": "https://example.org/new", "notes": "Faster.\u001b[31m"})
    environment = {"GAMEDETECTD_HOME": str(tmp_path), "GAMEDETECTD_UPDATE_FEED_URL": ADDRESS}
    told = CliRunner().invoke(build(), ["self-update", "--check"], env=environment)
    assert (told.exit_code, said in told.stdout) == (0, True)
    assert ("https://example.org/new" in told.stdout) == (version == "99.0")
    assert "\u001b[31m" not in told.stdout
    as_json = CliRunner().invoke(build(), ["self-update", "--check", "--json"], env=environment)
    assert json.loads(as_json.stdout)["newest"] == version


def test_it_never_does_more_than_tell():
    told = CliRunner().invoke(build(), ["self-update"])
    assert (told.exit_code, "only tells" in told.output) == (2, True)


def test_certificates_where_openssl_does_not_know_the_place(tmp_path, monkeypatch):
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    nowhere = ssl.DefaultVerifyPaths(None, None, "", "", "", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    assert trusted_certificates(["/nowhere", str(bundle)], "linux") == str(bundle)
    assert trusted_certificates(["/nowhere"], "linux") is None
    assert trusted_certificates([str(bundle)], "win32") is None
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere._replace(cafile="/etc/ca.pem"))
    assert trusted_certificates([str(bundle)], "linux") is None

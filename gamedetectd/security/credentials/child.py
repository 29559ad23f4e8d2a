"""The child that touches secrets: one request as JSON on its input, one answer as JSON on its output, and it is gone.

keyring and cryptography take 30 MB, which the daemon must not pay for as long as it runs, and a keyring that does not
answer holds up nobody but this process. Values travel on the two pipes and nowhere else.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gamedetectd.errors import PermissionsError, SecretError
from gamedetectd.security.credentials import keyrings, vault
from gamedetectd.security.credentials.sealed import Opened, Stretching

Request = Mapping[str, Any]
Reply = dict[str, Any]


def main() -> None:
    """The child's whole life."""
    warnings.simplefilter("ignore")  # nobody would read them
    request = json.loads(sys.stdin.buffer.read())
    print(json.dumps(answer(request, _tell_of_waiting)))  # noqa: T201 - the answer to the parent


def answer(request: Request, waiting: Callable[[], None]) -> Reply:
    """What came of one request; an error is an answer too. ``waiting`` is called before the person is asked."""
    try:
        if request["place"] == "keyring":
            return _in_keyring(request, waiting)
        return _in_file(request)
    except (SecretError, PermissionsError) as error:
        found: SecretError | PermissionsError = error
    except ImportError as error:
        found = SecretError(
            f"A library for it cannot be loaded: {error}.",
            "Install gamedetectd again: pip install --force-reinstall gamedetectd",
        )
    return {"error": {"code": found.code, "cause": found.cause, "remedy": found.remedy}}


def _in_keyring(request: Request, waiting: Callable[[], None]) -> Reply:
    row = keyrings.choose()
    if request["do"] == "look":
        return {"title": row.title, "locked": keyrings.locked(row)}
    keyring = keyrings.OpenKeyring(row, request["service"], ask=request["ask"], waiting=waiting)
    return _do(keyring, request)


def _in_file(request: Request) -> Reply:
    kept = request.get("opened")
    unlocking = vault.Unlocking(_opened(kept) if kept else None, request.get("passphrase"), request["new"])
    file = vault.Vault.open(Path(request["file"]), unlocking)
    reply = _do(file, request)
    if request["do"] == "lock_with":
        file.lock_with(request["value"])
    return {**reply, "opened": _portable(file.opened)}


def _do(place: keyrings.OpenKeyring | vault.Vault, request: Request) -> Reply:
    match request["do"]:
        case "get":
            return {"value": place.get(request["name"])}
        case "set":
            place.set(request["name"], request["value"])
        case "delete":
            place.delete(request["name"])
    return {}


def _tell_of_waiting() -> None:
    print(json.dumps({"waiting": True}), flush=True)  # noqa: T201 - read by the parent at once


def _portable(opened: Opened) -> Reply:
    how = opened.stretching
    salt, key = (base64.b64encode(data).decode() for data in (how.salt, opened.key))
    return {"log2_n": how.log2_n, "r": how.r, "p": how.p, "salt": salt, "key": key}


def _opened(found: Request) -> Opened:
    salt, key = (base64.b64decode(found[name]) for name in ("salt", "key"))
    return Opened(Stretching(found["log2_n"], found["r"], found["p"], salt), key)

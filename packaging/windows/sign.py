"""Signs the programs it is given, or says that no certificate is configured. Called by make_installer.py.

    python packaging/windows/sign.py FILE…

The environment tells which certificate: on Windows ``GAMEDETECTD_SIGN_THUMBPRINT``, of one in the account's store (that
of a hardware token too), used by ``signtool``; elsewhere ``GAMEDETECTD_SIGN_PKCS12`` and
``GAMEDETECTD_SIGN_PASSWORD_FILE``, used by ``osslsigncode``. No password is ever in a command line.
``GAMEDETECTD_SIGN_TIMESTAMP`` is the address of a time server (RFC 3161), without which a signature ends with its
certificate.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

THUMBPRINT, PKCS12 = "GAMEDETECTD_SIGN_THUMBPRINT", "GAMEDETECTD_SIGN_PKCS12"
PASSWORD_FILE, TIMESTAMP = "GAMEDETECTD_SIGN_PASSWORD_FILE", "GAMEDETECTD_SIGN_TIMESTAMP"
UNSIGNED = "Not signed: no certificate is configured, so Windows will warn of an unknown publisher."
SECONDS = 300


def configured(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there is a certificate."""
    return bool(environment.get(THUMBPRINT) or environment.get(PKCS12))


def sign_all(files: Sequence[Path], environment: Mapping[str, str] = os.environ) -> str:
    """Sign each; a sentence on what was done. Raises SystemExit where one cannot be signed."""
    if not configured(environment):
        return UNSIGNED
    for file in files:
        sign(file, environment)
    return f"Signed: {', '.join(file.name for file in files)}"


def sign(file: Path, environment: Mapping[str, str]) -> None:
    """Sign one program in its place."""
    result = file.with_name(f"{file.name}.signed")
    try:
        subprocess.run(command(file, result, environment), check=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise SystemExit(f"{file} could not be signed: {error}") from error
    if result.exists():
        result.replace(file)


def command(file: Path, result: Path, environment: Mapping[str, str]) -> list[str]:
    """What signs ``file``; ``osslsigncode`` writes to ``result``, ``signtool`` in place."""
    stamp = environment.get(TIMESTAMP, "")
    if thumbprint := environment.get(THUMBPRINT, ""):
        stamped = ["/tr", stamp, "/td", "SHA256"] if stamp else []
        return ["signtool", "sign", "/fd", "SHA256", "/sha1", thumbprint, *stamped, str(file)]
    password = environment.get(PASSWORD_FILE, "")
    opened = ["-readpass", password] if password else []
    stamped = ["-ts", stamp] if stamp else []
    name = ["-n", "gamedetectd"]
    certificate = ["-pkcs12", environment[PKCS12], *opened]
    return [
        "osslsigncode",
        "sign",
        *certificate,
        "-h",
        "sha256",
        *name,
        *stamped,
        "-in",
        str(file),
        "-out",
        str(result),
    ]


if __name__ == "__main__":
    print(sign_all([Path(name) for name in sys.argv[1:]]))

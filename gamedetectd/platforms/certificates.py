"""Which file holds the certificates this system trusts, for a program that was built on another one.

OpenSSL knows one place, the one of the system where it was built. Windows has a store of its own that Python reads.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",  # Alpine, macOS
)


def trusted_certificates(places: Sequence[str] = PLACES, system: str = sys.platform) -> str | None:
    """The file, where OpenSSL's own place is not there; None where it needs no help, or none is to be had."""
    import ssl

    if system == "win32":
        return None
    known = ssl.get_default_verify_paths()  # what is not there is None in it
    if known.cafile or (known.capath and any(Path(known.capath).iterdir())):
        return None
    return next((place for place in places if Path(place).is_file()), None)

"""Signs an application or disk image that does not come from the App Store, and has Apple notarise it.

    python packaging/macos/signature.py dist/gamedetectd.app
    python packaging/macos/signature.py --notarise dist/gamedetectd-1.2.dmg

The environment tells with what; where it does not, nothing is done but saying so. ``GAMEDETECTD_SIGN_IDENTITY`` is the
name of a certificate ``Developer ID Application: …`` in a keychain that is open. ``GAMEDETECTD_NOTARY_KEY`` is the path
of an App Store Connect key (.p8), with ``GAMEDETECTD_NOTARY_KEY_ID`` and ``GAMEDETECTD_NOTARY_ISSUER``: a command line
never holds a secret. Needs Xcode's command line tools.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bundle import ENTITLEMENTS

IDENTITY = "GAMEDETECTD_SIGN_IDENTITY"
KEY, KEY_ID, ISSUER = "GAMEDETECTD_NOTARY_KEY", "GAMEDETECTD_NOTARY_KEY_ID", "GAMEDETECTD_NOTARY_ISSUER"
UNSIGNED = f"Not signed: {IDENTITY} is not set, so macOS will refuse to open it until the person allows it by hand."
NOT_NOTARISED = f"Not notarised: {KEY}, {KEY_ID} and {ISSUER} are not all set, so macOS will warn of it."
SIGN_SECONDS, NOTARY_SECONDS = 600, 3600


def signing(file: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """The commands that sign ``file``; none without a certificate.

    What lies inside an application is signed first: ``--deep`` would miss what lies in other places than Apple expects.
    """
    identity = environment.get(IDENTITY, "")
    if not identity:
        return []
    sign = ["codesign", "--force", "--timestamp", "--sign", identity]
    if file.suffix != ".app":
        return [[*sign, str(file)]]
    hardened = [*sign, "--options", "runtime", "--entitlements", str(ENTITLEMENTS)]
    inner = [[*hardened, str(path)] for path in _code(file)]
    return [*inner, [*hardened, str(file)], ["codesign", "--verify", "--deep", "--strict", str(file)]]


def notarising(file: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """The commands that send ``file`` to Apple, wait for the word and attach it; none without a key."""
    key, number, issuer = (environment.get(name, "") for name in (KEY, KEY_ID, ISSUER))
    if not (key and number and issuer):
        return []
    access = ["--key", key, "--key-id", number, "--issuer", issuer]
    return [
        ["xcrun", "notarytool", "submit", str(file), *access, "--wait"],
        ["xcrun", "stapler", "staple", str(file)],
    ]


def _code(application: Path) -> list[Path]:
    """Libraries and programs in an application, the innermost first."""
    found = [path for path in application.rglob("*") if path.is_file() and not path.is_symlink() and _is_code(path)]
    return sorted(found, key=lambda path: (-len(path.parts), path))


def _is_code(path: Path) -> bool:
    """True for Mach-O files, by their first bytes (mach-o/loader.h, mach-o/fat.h)."""
    with path.open("rb") as file:
        magic = file.read(4)
    return magic in {b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe"}


def run(commands: Sequence[Sequence[str]], seconds: float) -> None:
    """Run them one after the other. Raises SystemExit at the first that fails."""
    for command in commands:
        try:
            subprocess.run(command, check=True, timeout=seconds)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"{command[0]} did not do it: {error}") from error


def main() -> int:
    """Sign, and notarise where asked to; 0 also where there is nothing to do it with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="an application or a disk image")
    parser.add_argument("--notarise", action="store_true", help="have Apple look at it as well")
    wanted = parser.parse_args()
    if not wanted.file.exists():
        parser.error(f"there is no {wanted.file}")
    commands = signing(wanted.file, os.environ)
    run(commands, SIGN_SECONDS)
    print(f"Signed: {wanted.file}" if commands else UNSIGNED)
    if wanted.notarise:
        commands = notarising(wanted.file, os.environ)
        run(commands, NOTARY_SECONDS)
        print(f"Notarised: {wanted.file}" if commands else NOT_NOTARISED)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Builds the program and the installer for Windows: on Windows itself, or elsewhere with a Windows Python under Wine.

    python packaging/windows/build.py                    dist/gamedetectd and dist/gamedetectd-VERSION-setup.exe
    python packaging/windows/build.py --vision           with the program that looks at the screen
    python packaging/windows/build.py --download URL     and winget's manifest of it

What else it is given goes to ``make_installer.py``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import wine

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "packaging" / "build.py"
MAKE_INSTALLER = Path(__file__).with_name("make_installer.py")


def main() -> int:
    """Do what is asked for; the exit code of what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where the results go (dist)")
    parser.add_argument("--vision", action="store_true", help="with the program that looks at the screen")
    parser.add_argument("--no-installer", action="store_true", help="the folder alone")
    wanted, rest = parser.parse_known_args()
    output: Path = wanted.output.absolute()
    vision = ["--vision"] if wanted.vision else []
    if os.name == "nt":
        code = subprocess.run([sys.executable, BUILD, "--output", output, *vision], check=False).returncode
    else:
        code = under_wine(output, vision)
    if code == 0 and not wanted.no_installer:
        make = [sys.executable, MAKE_INSTALLER, output / "gamedetectd", output, *rest]
        code = subprocess.run(make, check=False).returncode
    return code


def under_wine(output: Path, vision: list[str]) -> int:
    """Build with a Windows Python, and let the result test itself."""
    python = wine.windows_python()
    variables = wine.environment(python)
    folder = wine.windows_path(output)
    build = [python, wine.windows_path(BUILD), "--this-python", "--no-test", "--output", folder, *vision]
    built = wine.run(build, variables)
    return built or wine.run([output / "gamedetectd" / "gamedetectd.exe", "doctor", "--self-test"], variables)


if __name__ == "__main__":
    sys.exit(main())

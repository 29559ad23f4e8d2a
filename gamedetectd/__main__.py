"""Runs the command line as ``python -m gamedetectd``, and in a frozen program whatever it starts of itself."""

import sys

from gamedetectd.platforms.children import entry


def main() -> None:
    """Be a child where our parent says so, else what the command line asks for."""
    if sys.argv[1:2] == [entry.OPTION]:
        entry.become(sys.argv[2:])
    else:
        from gamedetectd.cli.entry import main as command_line

        command_line()


if __name__ == "__main__":
    main()

"""Runs the command line as ``python -m gamedetectd``."""

from gamedetectd.cli.entry import main

if __name__ == "__main__":
    main()

"""The program that looks at the screen, for itself: in a frozen installation ``gamedetectd-vision``.

Whoever starts it as a held child says so in its arguments; by hand it answers the lines that it is given, as in
``python -m gamedetectd.vision MODELS REFERENCES``.
"""

import sys

from gamedetectd.platforms.children import entry


def main() -> None:
    """Be a held child, or answer whoever started us."""
    if sys.argv[1:2] == [entry.OPTION]:
        entry.become(sys.argv[2:])
    else:
        from gamedetectd.vision.child.main import main as answer

        answer()


if __name__ == "__main__":
    main()

"""Where the frozen program begins; whatever it starts of itself begins here too."""

import os
import sys

from gamedetectd.__main__ import main

LAUNCHD = 1
"""The parent of whatever macOS opens by itself."""

if sys.platform == "darwin" and len(sys.argv) == 1 and os.getppid() == LAUNCHD:
    sys.argv.append("run")  # opened like any application: nobody is there to read a help text

main()

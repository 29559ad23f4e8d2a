"""``gamedetectd`` as ever, but for the machine of the tests, which is always busy: it is not taken for starved.

Looking at the screen rests while the machine is starved, and a test of it would wait for the other tests.
"""

import sys

from gamedetectd.__main__ import main
from gamedetectd.health.strain import Strain

if __name__ == "__main__":
    Strain.take = lambda _self, _now: None
    sys.exit(main())

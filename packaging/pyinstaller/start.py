"""Where the frozen program begins; whatever it starts of itself begins here too."""

from gamedetectd.__main__ import main

main()

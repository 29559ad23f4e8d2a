"""gamedetectd knows which game is being played on this computer, since when, and why it thinks so."""

__version__ = "0.1.0"

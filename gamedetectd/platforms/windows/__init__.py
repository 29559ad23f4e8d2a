"""Ways to learn which window has the foreground, and which windows there are: one file for each mechanism."""

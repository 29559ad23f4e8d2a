"""Ways to learn when the person last gave input: one file for each mechanism."""

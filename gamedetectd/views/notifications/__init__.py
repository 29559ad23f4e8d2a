"""What a person is told of in bubbles on the desktop, when, and in which words: pure, apart from how they are shown."""

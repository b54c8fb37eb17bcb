"""Photos that go with a move."""

"""Photos that go with a move: declared first, the move is made when the last one is here."""

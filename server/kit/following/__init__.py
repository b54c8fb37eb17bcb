"""Rows that carry their ancestors follow the union they lie below when it moves in the tree."""

"""A run: opened, counted, checked, drawn, summed, objected to."""

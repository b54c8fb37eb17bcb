"""How pages say times, names and places."""

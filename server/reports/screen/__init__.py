"""The large screen: a union's figures on a wall, read from some metres away."""

"""A union is chosen by typing a part of its name, down to the enterprise: never out of a flat list of hundreds."""

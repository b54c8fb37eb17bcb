"""A try from its start to its end."""

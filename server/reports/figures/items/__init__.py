"""The items behind the figures."""

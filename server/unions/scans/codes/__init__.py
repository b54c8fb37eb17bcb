"""The code on the screen."""

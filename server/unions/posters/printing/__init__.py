"""The poster as a picture."""

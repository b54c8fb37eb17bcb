"""Documents of safety systems."""

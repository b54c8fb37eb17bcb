"""Points and prizes."""

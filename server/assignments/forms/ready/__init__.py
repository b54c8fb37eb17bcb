"""Forms that come with the software."""

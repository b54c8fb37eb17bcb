"""Ready texts for replies."""

"""One human being in several rows."""

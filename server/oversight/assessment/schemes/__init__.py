"""Writing a scheme: its items as the pages edit them, and the ones that are shipped."""

"""Certificates to save and share, with a code that a public page verifies."""

"""Documents on paper: numbered, their words frozen and hashed, as Word and PDF."""

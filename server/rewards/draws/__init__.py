"""The draw of prizes that anyone can recompute."""

"""The Chinese calendar."""

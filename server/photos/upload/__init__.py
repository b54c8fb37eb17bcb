"""A photo on its way in: received once, checked, kept."""

"""What happened to a rectification, as each side may know it."""

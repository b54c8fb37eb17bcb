"""What goes out to a machine, and what is made of its answer."""

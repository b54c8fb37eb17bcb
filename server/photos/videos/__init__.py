"""Short videos among the photos of a report: what is taken in, and what is made of one to be shown."""

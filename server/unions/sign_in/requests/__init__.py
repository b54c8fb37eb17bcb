"""Who is asking, with which browser, and where to go then."""

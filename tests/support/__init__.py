"""What tests stand on: real servers, databases, people, photos, a running service, a browser."""

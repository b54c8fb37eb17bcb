"""What answers find: an item that failed becomes a hazard, once; what nobody there can judge waits for one who can."""

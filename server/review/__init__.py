"""The queue that every submission passes: arrival, transitions, claims, decisions, deadlines."""

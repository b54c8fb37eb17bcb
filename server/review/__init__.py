"""The queue that every submission passes: arrival, moves, claims, decisions, deadlines."""

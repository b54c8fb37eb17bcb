"""Visits (督导): a team goes to an enterprise, notes what it finds, and the union sends its opinion."""

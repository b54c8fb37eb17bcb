"""Drills (演练): the record of each, its problems, and when the next one is due."""

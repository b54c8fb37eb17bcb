"""Checking in: the code on the trainer's screen, what a phone sends, what the trainer says."""

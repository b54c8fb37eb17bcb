"""Hazards put right, shown before and after (整改案例): with the reporter's consent, released by a reviewer."""

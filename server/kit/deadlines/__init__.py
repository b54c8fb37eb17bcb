"""Deadlines in working days of the Chinese calendar, counted anew when the calendar of another year is announced."""

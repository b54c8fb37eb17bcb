"""Workbooks about one thing (a roster, a payment list), which a job writes where they are long."""

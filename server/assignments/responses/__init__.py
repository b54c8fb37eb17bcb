"""What comes back: answers that are saved while typing, sent, checked, returned, corrected."""

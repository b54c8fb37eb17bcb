"""Codes on the console's screen that a phone scans: to sign in, and to let a phone sign in from then on."""

"""Reporting without an account: a code on a receipt is all by which somebody comes back."""

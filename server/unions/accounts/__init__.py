"""Accounts and sessions: what stands behind a sign-in."""

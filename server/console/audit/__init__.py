"""The page of the audit log: who did or saw what, when."""

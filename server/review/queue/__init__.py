"""The queue that reviewers work through: filters, counts, search, keyset pages."""

"""When a question comes again, and how."""

"""What came back, added up: by union, level and flag, field by field."""

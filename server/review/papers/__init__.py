"""Papers of hazards: a hazard's own sheet, and papers of many as one file."""

"""Papers of many rows as one file, made by a job."""

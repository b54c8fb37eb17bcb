"""What is noted at the enterprise: files, the record as a whole, the form of the console."""

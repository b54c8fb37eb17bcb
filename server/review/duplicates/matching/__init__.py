"""What makes two reports alike, and what stands beside a report because of it."""

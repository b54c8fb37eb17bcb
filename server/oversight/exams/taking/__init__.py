"""Taking a test: begun, answered, handed in; the server alone draws, times and grades."""

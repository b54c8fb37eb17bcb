"""Safety systems asked about by an assignment."""

"""Groups, and the people of a plan."""

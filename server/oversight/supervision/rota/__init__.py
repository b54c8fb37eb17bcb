"""Who looks after whom: groups and the unions that they go to."""

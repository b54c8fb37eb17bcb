"""Who: the tree of unions, people and their roles, campaigns, sign-in."""

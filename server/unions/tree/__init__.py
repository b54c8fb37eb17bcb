"""The tree of unions: city, districts and their peers, towns, enterprises, teams."""

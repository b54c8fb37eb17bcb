"""A campaign's quiz as data: when it is open, its levels, and what is asked in each."""

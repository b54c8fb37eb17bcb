"""Which campaign a page of the console looks at."""

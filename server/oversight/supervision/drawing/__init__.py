"""The draw of whom to visit: a frame published as a hash, a number nobody knows yet, places that follow."""

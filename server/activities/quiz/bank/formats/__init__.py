"""Questions in files, as unions write them."""

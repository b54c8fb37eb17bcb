"""Excerpts: passages and photos of accepted answers, picked by hand for what is compiled of them."""

"""Answers in words, as pages, papers and sheets show them."""

"""Answering on a page of the console."""

"""The pool as a whole."""

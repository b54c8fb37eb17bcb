"""Denominators asked for by an assignment."""

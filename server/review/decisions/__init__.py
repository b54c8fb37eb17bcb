"""Decisions: the workflow of a submission, claims, and every move a reviewer can make."""

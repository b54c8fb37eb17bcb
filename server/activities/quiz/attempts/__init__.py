"""Attempts at a level: drawn, timed, saved answer by answer and graded by the server alone."""

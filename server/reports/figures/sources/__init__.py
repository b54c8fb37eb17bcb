"""Figures that no job counts beforehand: each is counted when it is asked for."""

"""Marks of a training's test on paper, and certificates of having attended: issued, verified by anybody, withdrawn."""

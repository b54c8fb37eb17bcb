"""The verifiable draw: who takes part, how the places follow, and what is published."""

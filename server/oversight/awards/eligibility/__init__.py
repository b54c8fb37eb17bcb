"""Who gets an award for which hazard: the facts, and what follows from them."""

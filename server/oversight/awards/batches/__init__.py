"""A batch: what its moves have in common, who is in it, and what jurors think."""

"""合理化建议: proposals, their implementation and benefit, and support by colleagues."""

"""What looks like a program's, and what people made of it."""

"""How a union is found by what people write."""

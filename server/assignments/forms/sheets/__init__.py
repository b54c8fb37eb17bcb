"""Forms from Excel, and back."""

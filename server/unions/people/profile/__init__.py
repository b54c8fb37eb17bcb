"""What people say of themselves."""

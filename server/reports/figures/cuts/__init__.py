"""What figures are cut by."""

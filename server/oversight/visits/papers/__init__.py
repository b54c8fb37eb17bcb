"""What a visit leaves on paper."""

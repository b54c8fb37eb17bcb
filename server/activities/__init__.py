"""What workers do: hazards (later suggestions, works, quiz, training, procedures, inspections)."""

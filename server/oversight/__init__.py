"""What unions do beyond review: letters, awards."""

"""Who may learn who reported something."""

"""Background work: a leased job table holds the truth, Huey is only the wake-up."""

"""What reviewers are told: the badge and the daily digest."""

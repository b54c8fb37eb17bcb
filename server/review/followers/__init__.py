"""Who stands behind a submission that somebody else sent: followers, and those whose own report was merged into it."""

"""Who hears of the moves of a submission, and when."""

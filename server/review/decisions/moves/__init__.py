"""What the moves of reviewers ask and change, by what they are about."""

"""Phone numbers that somebody has proved to be theirs: by a code in a short message, or by WeChat."""

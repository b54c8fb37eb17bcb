"""Templates that WeChat approved: which occasions they are for, and what they may hold."""

"""WeChat's pushes: what followers of the official account send becomes drafts and answers, verdicts become events."""

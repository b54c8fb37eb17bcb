"""Sign-in: workers by WeChat code, reviewers by password and TOTP; sessions that expire and can be ended."""

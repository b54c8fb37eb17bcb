"""The H5 page within WeChat: its visitors are recognised by the official account (OAuth)."""

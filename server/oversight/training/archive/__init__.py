"""What is kept of a session (一期一档) and of a person (一人一档): files, sheets, papers."""

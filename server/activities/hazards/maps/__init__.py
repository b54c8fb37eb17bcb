"""Where hazards were seen, put together by places."""

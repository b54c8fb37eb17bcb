"""WeChat as far as this service meets it: a program of its own that shares no code with the service."""

"""What every server of the tests has beside `BaseHTTPRequestHandler`."""


class Quiet:
    """No line in the terminal for each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class names it so)
        """Nothing."""

"""What is asked of a poster's picture."""

from server.core.web.schemas import In


class PictureQuery(In):
    """Whether the browser keeps the picture as a file rather than showing it."""

    download: bool = False

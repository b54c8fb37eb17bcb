"""What the upload form posts beside the file."""

from server.core.web.schemas import In
from server.unions.imports.models import ImportKind


class UploadIn(In):
    """What the sheet lists."""

    kind: ImportKind


class CommitIn(In):
    """Whether the rows that are right come without the others."""

    good_alone: bool = False

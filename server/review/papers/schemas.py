"""What is posted to have papers printed."""

from enum import StrEnum

from pydantic import ConfigDict

from server.core.web.schemas import In
from server.kit.exports.papers.sets import PaperForm


class PaperName(StrEnum):
    """Which papers."""

    SHEET = "sheet"
    NOTICE = "notice"
    RECHECK = "recheck"


class PickedOf(StrEnum):
    """Of which list the rows were picked."""

    QUEUE = "queue"
    RECTIFICATIONS = "rectifications"


class PrintIn(In):
    """Which papers of the rows that were picked, in which form."""

    model_config = ConfigDict(extra="ignore")

    of: PickedOf
    paper: PaperName
    form: PaperForm = PaperForm.DOCX

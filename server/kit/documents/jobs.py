"""Background work on letters."""

from uuid import UUID

from server.core.jobs.registry import GiveUp, JobContext, job
from server.oversight.letters.document import write_document
from server.oversight.letters.models import Letter, PdfState
from server.oversight.letters.pdf import NoPdf, convert, pdf_key


@job("letters.make_pdf", max_attempts=2)
def make_pdf(ctx: JobContext, letter_id: str) -> None:
    """Make the PDF of an issued letter. Its words are frozen, so that making it twice gives the same."""
    with ctx.database.reading() as session:
        letter = session.get(Letter, UUID(letter_id))
        if letter is None:
            raise GiveUp("the letter is gone")
        document = write_document(letter).getvalue()
    try:
        content = convert(document, ctx.settings.soffice)
    except NoPdf as error:
        _note(ctx, letter_id, PdfState.FAILED)
        raise GiveUp(str(error)) from error
    ctx.object_store.put_bytes(pdf_key(UUID(letter_id)), content, "application/pdf")
    _note(ctx, letter_id, PdfState.READY)


def _note(ctx: JobContext, letter_id: str, state: PdfState) -> None:
    with ctx.database.transaction() as session:
        session.get_one(Letter, UUID(letter_id)).pdf_state = state

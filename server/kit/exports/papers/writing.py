"""Making the file of several papers: their words at once, their pictures one paper after the other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from server.core.jobs.registry import JobContext
from server.kit.documents.files.pdf import SECONDS, NoPdf, convert
from server.kit.documents.files.store import with_pictures
from server.kit.documents.papers.kinds import Paper, render
from server.kit.exports.papers.sets import PaperForm, PickedPapers

SECONDS_EACH = 10  # on a small machine that has other work


def write_papers(
    ctx: JobContext, picked: PickedPapers, papers: Sequence[Paper], path: Path, told: Callable[[int], None]
) -> bool:
    """Write the file to `path`; `told` hears how many papers are in it. False if this machine makes no PDF of it."""
    content = render(picked.set.kind, _with_pictures(ctx, papers, told))
    if picked.form is PaperForm.PDF:
        try:
            content = convert(content, ctx.settings.soffice, seconds=SECONDS + SECONDS_EACH * len(papers))
        except NoPdf:
            return False
    path.write_bytes(content)
    return True


def _with_pictures(ctx: JobContext, papers: Sequence[Paper], told: Callable[[int], None]) -> Iterator[Paper]:
    for number, paper in enumerate(papers, 1):
        yield with_pictures(ctx.object_store, paper)
        told(number)

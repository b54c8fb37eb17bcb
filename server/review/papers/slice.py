"""A hazard's own sheet, and papers of many hazards and rectifications as one file."""

from server.core.slice import AuditWords, Slice
from server.kit.exports.papers.sets import PaperSet
from server.review.papers.document import SHEET
from server.review.papers.queries import issued_papers, list_sheets
from server.review.papers.schemas import PaperName
from server.review.rectification.papers.kinds import PAPERS

SLICE = Slice(
    documents=(SHEET,),
    paper_sets=(
        PaperSet(name=PaperName.SHEET, kind=SHEET, read=list_sheets),
        *(PaperSet(name=each.name, kind=each.kind, read=issued_papers(each.kind)) for each in PAPERS.values()),
    ),
    exports={"papers_console.sheet": "隐患、建议登记表（Word）"},
    audit=AuditWords(actions={"submission.download_sheet": "下载登记表"}),
)

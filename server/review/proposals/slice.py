"""What a machine proposes to reviewers."""

from server.core.slice import AuditWords, PersonalRows, Slice
from server.review.proposals.listing import PROPOSALS
from server.review.proposals.models import ReviewProposal
from server.review.submissions.queries import sent_by

SLICE = Slice(
    lists=(PROPOSALS,),
    audit=AuditWords(
        actions={
            "review_proposal.asked": "请机器拟等级和答复",
            "review_proposal.taken": "把机器拟的填进表单",
        },
        details={"proposed_grade": "机器拟的等级"},
    ),
    personal=(PersonalRows(model=ReviewProposal, rows=sent_by(ReviewProposal.submission_id), struck=("reply",)),),
)

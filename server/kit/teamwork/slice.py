"""What colleagues of one union give and say to each other."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.kit.teamwork.events import ColleagueMentioned, ItemGiven
from server.kit.teamwork.messages import MESSAGES
from server.kit.teamwork.models import Assignee, Comment

SLICE = Slice(
    audit=AuditWords(
        actions={"teamwork.give": "交给同事", "teamwork.comment": "同事讨论"},
        details={"assignee_id": "交给谁"},
    ),
    personal=(
        PersonalRows(model=Assignee, rows=owned_by(Assignee.assignee_id), title="同事交给自己的事", is_removed=True),
        PersonalRows(model=Comment, rows=owned_by(Comment.author_id), title="和同事讨论时说的话", struck=("text",)),
    ),
    events=(ItemGiven, ColleagueMentioned),
    messages=MESSAGES,
)

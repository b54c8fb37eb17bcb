"""Letters are given to colleagues, and talked about among them."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.teamwork.sharing import FoundItem, SharedItem, todo_of
from server.oversight.letters.models import Letter, LetterStatus
from server.oversight.letters.queries import get_letter, written_number
from server.oversight.letters.texts import KIND_NAMES
from server.unions.actor import Actor


def _find(session: Session, letter_id: UUID, actor: Actor) -> FoundItem:
    letter = get_letter(session, letter_id, actor)
    return FoundItem(letter, f"{KIND_NAMES[letter.kind]} {written_number(letter) or letter.subject}")


SHARED_ITEM = SharedItem(subject="letter", path="/console/letters", find=_find)
TODO = todo_of(
    "letter", "/console/letters?status=pending&given=1", "{} 份文书同事交给您办理", Letter.id,
    Letter.status.in_((LetterStatus.DRAFT, LetterStatus.ISSUED)),
)  # fmt: skip

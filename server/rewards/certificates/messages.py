"""What people are told of their certificates."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from server.core.events import Event
from server.kit.messages import Message, MessageWriter, PersonalMessage, id_in


def _issued(session: Session, event: Event) -> PersonalMessage:
    contest = str(event.data["contest_name"])
    return PersonalMessage(
        person_id=id_in(event, "person_id"),
        key=f"certificate:{event.subject_id}",
        message=Message("你通关了，证书已发", f"你通过了“{contest}”的全部关卡，点开可以看到并保存证书。"),
        target=f"certificate:{event.data['contest_id']}",
        what=contest,
    )


MESSAGES: Mapping[str, MessageWriter] = {"certificate.issued": _issued}

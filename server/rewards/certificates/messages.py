"""What people are told of their certificates."""

from uuid import UUID

from server.core.messages import Message, PersonalMessage
from server.rewards.contests import Contest


def issued(certificate_id: UUID, person_id: UUID, contest: Contest) -> PersonalMessage:
    """That the certificate is there."""
    return PersonalMessage(
        person_id=person_id,
        key=f"certificate:{certificate_id}",
        message=Message("你通关了，证书已发", f"你通过了“{contest.name}”的全部关卡，点开可以看到并保存证书。"),
        target=f"certificate:{contest.id}",
        what=contest.name,
    )

"""What people are told, always kept."""

from server.core.slice import PersonalRows, Slice, owned_by
from server.notifications.inbox.events import MessageDelivered, MessagesDelivered
from server.notifications.inbox.listing import MESSAGES
from server.notifications.inbox.models import InboxMessage

SLICE = Slice(
    lists=(MESSAGES,),
    personal=(
        PersonalRows(
            model=InboxMessage, rows=owned_by(InboxMessage.person_id), title="消息", is_counted=True, is_removed=True
        ),
    ),
    events=(MessageDelivered, MessagesDelivered),
)

"""Receipts of reports that were sent without an account."""

from server.core.slice import PersonalRows, Slice, owned_by
from server.unions.people.models import Receipt

SLICE = Slice(personal=(PersonalRows(model=Receipt, rows=owned_by(Receipt.person_id), title="回执", is_removed=True),))

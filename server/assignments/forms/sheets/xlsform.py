"""What both ways of XLSForm (https://xlsform.org) share: how our kinds are spelt there.

What XLSForm has no word for stands in a column of our own, `suishoupai`, as JSON; other tools leave it alone. A check
item is three rows, so that Kobo or ODK ask the same: the result, what is wrong, a photo of it.
"""

from server.assignments.forms.schemas import FieldKind

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
OWN = "suishoupai"
TYPES = {
    FieldKind.TEXT: "text",
    FieldKind.PROSE: "text",
    FieldKind.INTEGER: "integer",
    FieldKind.DECIMAL: "decimal",
    FieldKind.MONEY: "decimal",
    FieldKind.DATE: "date",
    FieldKind.TIME: "time",
    FieldKind.ONE_OF: "select_one",
    FieldKind.SEVERAL_OF: "select_multiple",
    FieldKind.YES_NO: "select_one",
    FieldKind.CHECK: "select_one",
    FieldKind.PHOTO: "image",
    FieldKind.FILE: "file",
    FieldKind.PLACE: "text",
    FieldKind.FIGURE: "note",
}
YES_NO_LIST, CHECK_LIST = "yes_no", "check_result"
PLAIN_KINDS = {
    "text": FieldKind.TEXT,
    "integer": FieldKind.INTEGER,
    "int": FieldKind.INTEGER,
    "decimal": FieldKind.DECIMAL,
    "date": FieldKind.DATE,
    "time": FieldKind.TIME,
    "image": FieldKind.PHOTO,
    "photo": FieldKind.PHOTO,
    "file": FieldKind.FILE,
}
"""The kind of a type that says nothing more."""
WORDS_OF, PHOTO_OF, NAME_OF, PHONE_OF = "_words", "_photo", "_name", "_phone"
EXTRAS = (
    "basis", "unit", "places", "max_length", "most", "place", "criterion", "suspected_major", "grade", "hint",
    "figure",
)  # fmt: skip
"""Settings that stand in our own column: XLSForm has no word for them, or one for what several of them say together."""

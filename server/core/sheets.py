"""Text in spreadsheets that other people open."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that Excel cannot take for a formula: an apostrophe goes before what begins like one."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def as_meant(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text

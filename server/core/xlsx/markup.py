"""XML of a part, read once from its beginning to its end in small memory.

A document that declares a type of its own is refused: sheets never do, and whoever does wants entities expanded.
"""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from server.core.errors import TooLarge
from server.core.xlsx.parts import TOO_MUCH, not_a_sheet

MAX_ELEMENTS = 1_000_000  # of a part; 5,000 rows of 20 cells have 300,000

Attributes = Mapping[str, str]
Begin = Callable[[str, Attributes], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def _nothing(*_: object) -> None:
    """What is not asked for is passed over."""


def read_markup(pieces: Iterable[bytes], *, begin: Begin, end: End = _nothing, text: Text = _nothing) -> None:
    """Call `begin`, `end` and `text` for what is in `pieces`; names come without their namespaces.

    Strict and transitional files differ by namespaces alone, so both are read. Raises Invalid, TooLarge.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    count = 0

    def on_begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise TooLarge(TOO_MUCH)
        begin(name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def on_doctype(*_: object) -> None:
        raise not_a_sheet()

    parser.StartElementHandler = on_begin
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that there is not
        raise not_a_sheet() from error

"""Numbers of documents as they are written."""


def number_text(mark: str, word: str, year: int, number: int) -> str:
    """青工提〔2026〕3号: the mark of the union (发文代字), the word of the kind, year and running number."""
    return f"{mark}{word}〔{year}〕{number}号"


def default_mark(short_name: str, name: str) -> str:
    """What people say of the union, cut to four characters, and 工: 市南区工."""
    said = (short_name or name).removesuffix("总工会").removesuffix("工会")
    return f"{said[:4]}工"

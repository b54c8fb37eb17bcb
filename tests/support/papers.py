"""What stands in Word files."""

import io

from docx import Document


def words_in(content: bytes) -> str:
    """Everything that a .docx says: its paragraphs, then the cells of its tables."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def pictures_in(content: bytes) -> int:
    """How many pictures a .docx shows."""
    return len(Document(io.BytesIO(content)).inline_shapes)

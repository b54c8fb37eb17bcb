"""A form from an uploaded sheet."""

from pathlib import PurePath

from server.assignments.forms.schemas import Definition, SheetKind
from server.assignments.forms.sheets.check_items import read_check_items
from server.assignments.forms.sheets.xlsform_reading import read_xlsform
from server.core.kept_files.files import PostedFile
from server.core.text import clean_line

MAX_TITLE, NO_TITLE = 100, "导入的表单"


def read_form(kind: SheetKind, file: PostedFile) -> tuple[str, Definition]:
    """(title, form): what the sheet calls it, else the file. Raises Invalid, TooLarge in words for its maker."""
    if kind is SheetKind.XLSFORM:
        title, form = read_xlsform(file.content)
    else:
        title, form = "", read_check_items(file.content)
    return (clean_line(title) or PurePath(file.name).stem)[:MAX_TITLE] or NO_TITLE, form

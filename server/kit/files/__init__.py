"""Files and photos that belong to a row of any slice: checked by content, kept durably, handed out by signed link.

A slice declares which of its rows may have files (`FileKind` in `files=` of its SLICE). Photos of submissions are older
and stand on `server.photos`.
"""

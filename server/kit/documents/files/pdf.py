"""PDF by LibreOffice, where it is present."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 120


class NoPdf(Exception):
    """LibreOffice is not there, or did not make the file; the text says which."""


@cache
def is_present(command: str) -> bool:
    """Whether the command can be run here. PATH is searched once per process: many pages ask."""
    return bool(command) and shutil.which(command) is not None


def convert(document: bytes, command: str, *, seconds: int = SECONDS) -> bytes:
    """The PDF of a .docx. LibreOffice gets a profile of its own, so that several may run, and so many seconds.

    Raises NoPdf.
    """
    if not is_present(command):
        raise NoPdf("LibreOffice is not installed")
    with TemporaryDirectory() as folder:
        source = Path(folder) / "document.docx"
        source.write_bytes(document)
        profile = (Path(folder) / "profile").as_uri()
        call = [
            command, f"-env:UserInstallation={profile}", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            done = subprocess.run(call, capture_output=True, timeout=seconds, check=False)  # noqa: S603 (our words)
        except (subprocess.TimeoutExpired, OSError) as error:
            raise NoPdf(f"LibreOffice failed: {type(error).__name__}") from error
        made = Path(folder) / "document.pdf"
        if done.returncode != 0 or not made.exists():
            raise NoPdf(f"LibreOffice ended with {done.returncode}")
        return made.read_bytes()

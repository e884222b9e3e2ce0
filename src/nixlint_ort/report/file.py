"""Writes a report to a file that is whole at every moment: what was there before, or all of the report."""

from __future__ import annotations

import os
from pathlib import Path


def write_report(path: Path, text: str) -> None:
    """Write the text in UTF-8; through a symlink, and straight into what is no regular file, such as /dev/stdout.

    Raises OSError; a file that was there is then as it was.
    """
    data = text.encode("utf-8", "surrogateescape")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    target = path.resolve()
    temporary = target.with_name(f".nixlint-ort-{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)

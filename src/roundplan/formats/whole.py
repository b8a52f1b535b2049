"""Writing one file whole or not at all."""

from __future__ import annotations

import contextlib
import uuid
from pathlib import Path

from roundplan.errors import UsageError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file under its name only once it is complete; text as UTF-8.

    Raises
    ------
    UsageError
        E1002. The folder is missing, or the file cannot be written.
    """
    # Not tempfile: its files are readable by their owner only, and stay so.
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        data = content.encode() if isinstance(content, str) else content
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        msg = f"{path.name} cannot be written: {error.strerror}"
        raise UsageError(msg) from error

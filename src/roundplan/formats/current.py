"""Which roster folder is the newest of an output folder."""

from __future__ import annotations

import re
from pathlib import Path

from roundplan.formats.codes import Code
from roundplan.formats.source import Source

CURRENT = "current"
"""The file in the output folder that holds the name of the newest roster folder."""

NUMBERED = re.compile(r"\d{4,}", re.ASCII)


def current_folder(folder: Path, source: Source) -> Path:
    """Follow the ``current`` file of an output folder.

    Raises
    ------
    DataError
        E1000. It is neither an output folder nor a roster folder.
    """
    pointer = folder / CURRENT
    if pointer.is_file():
        name = (source.read_text(pointer, CURRENT) or "").strip()
        if not NUMBERED.fullmatch(name) or not (folder / name).is_dir():
            what = "it does not name a numbered roster folder beside it"
            action = "Write the folder's name into it, such as 0001."
            source.fault(Code.NO_ROSTER, CURRENT, what, action, value=name[:80])
            source.raise_faults()
        return folder / name
    if not (folder / "roster.csv").is_file():
        what = "this is not a roster folder: it has neither current nor roster.csv"
        action = "Give the folder that roundplan plan wrote to."
        source.fault(Code.NO_ROSTER, folder.name or ".", what, action)
        source.raise_faults()
    return folder

"""The demo's problem folder, which travels with the package."""

from __future__ import annotations

import shutil
from pathlib import Path

from roundplan.datasets.folder import new_folder
from roundplan.errors import UsageError

DEMO_SEED, DEMO_CLIENTS = 1, 120
"""What ``data/demo`` was generated with."""


def demo_folder() -> Path:
    """Return the demo's problem folder, to read from.

    Beside this module in an installed wheel; ``data/demo`` in a checkout.

    Raises
    ------
    UsageError
        E1002. Neither is there.
    """
    here = Path(__file__).resolve()
    # here: ROOT/src/roundplan/datasets/demo.py in a checkout
    for folder in (here.parent / "demo", here.parents[3] / "data" / "demo"):
        if (folder / "problem.toml").is_file():
            return folder
    msg = "the demo's files are missing; install roundplan again"
    raise UsageError(msg)


def copy_demo(out: Path) -> Path:
    """Copy the demo's problem folder to a new folder, whole or not at all.

    Raises
    ------
    UsageError
        E1002. ``out`` is there already and not an empty folder, or no demo was found.
    """
    source = demo_folder()
    with new_folder(out) as folder:
        for file in sorted(source.iterdir()):
            if file.is_file():
                shutil.copyfile(file, folder / file.name)
    return out

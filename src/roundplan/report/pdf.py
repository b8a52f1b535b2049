"""Pages as PDF, printed by a browser that is there: it knows every script and emoji."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from roundplan.errors import UsageError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
"""Programs that can print a page without a window, looked for in this order."""

MOST_S = 300
"""Seconds after which a browser that has not finished is given up."""


def browser() -> str | None:
    """Return the first of `BROWSERS` that is on the path."""
    found = (shutil.which(name) for name in BROWSERS)
    return next((path for path in found if path is not None), None)


def pdf_of(page: str) -> bytes:
    """Return a page as PDF, A4 as its style sheet says.

    The page is on disk while it is printed, in a folder that only its owner can read.

    Raises
    ------
    UsageError
        E1002. There is no browser, or it fails.
    """
    program = browser()
    if program is None:
        msg = (
            "a PDF needs Chromium, Chrome or Edge, and none is on the path: write the "
            "sheets as .html, and print them from any browser"
        )
        raise UsageError(msg)
    with tempfile.TemporaryDirectory(prefix="roundplan-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8", newline="\n")
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses root without it
        try:
            subprocess.run(command, capture_output=True, timeout=MOST_S, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            msg = (
                f"{Path(program).name} could not print the PDF "
                f"({type(error).__name__}): write the sheets as .html, and print them"
            )
            raise UsageError(msg) from error

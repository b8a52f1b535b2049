"""The entry point: runs the commands and turns errors into exit codes.

0 fine; 1 violations, or essential visits unassigned; 2 bad input or usage; 3 a fault
in roundplan itself; 130 interrupted. Bad input never shows a traceback.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings

from roundplan.cli._text import printable
from roundplan.errors import DataError, RoundplanError

FINE = 0
VIOLATIONS = 1
BAD_INPUT = 2
FAULT = 3
INTERRUPTED = 130

NOTHING_WRITTEN = "Interrupted; nothing was written."

MOST_PROBLEMS = 40
"""Lines of input problems printed unless ``--all-errors`` is given."""


class InterruptSaid(SystemExit):
    """An interrupt of which the command has said what is kept."""

    def __init__(self) -> None:
        super().__init__(INTERRUPTED)


def main() -> None:
    """Run the command line, and exit with its code."""
    _make_streams_safe()
    if not (sys.warnoptions or _debugging()):
        # Warnings of libraries are for developers; ours are printed as notes.
        warnings.simplefilter("ignore")
    from roundplan.cli._app import app

    try:
        app(prog_name="roundplan")
    except KeyboardInterrupt:
        _tell(NOTHING_WRITTEN)
        sys.exit(INTERRUPTED)
    except SystemExit as stop:
        # typer turns an interrupt into this code, and says nothing
        if stop.code == INTERRUPTED and not isinstance(stop, InterruptSaid):
            _tell(NOTHING_WRITTEN)
        raise
    except Exception as error:
        if _debugging():
            raise
        sys.exit(report_error(error, all_problems="--all-errors" in sys.argv))


def report_error(error: Exception, *, all_problems: bool = False) -> int:
    """Print an error for the user on stderr, and return its exit code.

    The message of an unexpected exception is not printed: it may hold personal data.
    """
    if isinstance(error, DataError):
        _tell(_data_message(error, all_problems=all_problems))
        return BAD_INPUT
    if isinstance(error, RoundplanError):
        _tell(_sentence(str(error)))
        return BAD_INPUT
    if isinstance(error, OSError):
        where = error.filename or "a file"
        _tell(f"Cannot use {where}: {error.strerror or type(error).__name__}.")
        return BAD_INPUT
    _tell(
        f"roundplan stopped on an unexpected {type(error).__name__}.\n"
        "This is a fault in roundplan, whatever the data. Please report it:\n"
        "run the command again as `roundplan --debug ...` and send what it prints,\n"
        "after a look that it names nobody."
    )
    return FAULT


def _sentence(text: str) -> str:
    """End a message with a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _data_message(error: DataError, *, all_problems: bool) -> str:
    """Return the problems of the input, one a line, cut unless all are asked for."""
    count = len(error.problems)
    shown = error.problems if all_problems else error.problems[:MOST_PROBLEMS]
    lines = [f"{count:,} problem{'' if count == 1 else 's'} in the input:"]
    lines += [str(problem) for problem in shown]
    if len(shown) < count:
        more = f"and {count - len(shown):,} more"
        lines.append(f"{more}: `roundplan --all-errors ...` prints them all")
    return "\n".join(lines)


def _tell(message: str) -> None:
    """Print to stderr, line by line, without control characters."""
    for line in message.split("\n"):
        print(printable(line), file=sys.stderr)


def _debugging() -> bool:
    """Return whether tracebacks are wanted."""
    wanted = os.environ.get("ROUNDPLAN_DEBUG", "") not in {"", "0"}
    return wanted or "--debug" in sys.argv


def _make_streams_safe() -> None:
    """Let a console that lacks a character show "?" in its place, not crash.

    Windows consoles often speak cp1252 or cp437.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")

"""The codes of everything that can be wrong with a folder; the docs list them."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """A kind of fault in the input. The value is what messages and docs show."""

    NO_FILE = "E1101"
    NO_COLUMN = "E1102"
    NO_TABLE = "E1103"
    WRONG_CELL = "E1104"
    EMPTY_CELL = "E1105"
    DUPLICATE = "E1106"
    UNKNOWN_ID = "E1107"
    ENDS_BEFORE_START = "E1108"
    OUTSIDE = "E1109"
    CONTRADICTION = "E1110"
    OVERLAP = "E1111"
    CIRCLE = "E1112"
    SETTING = "E1113"
    NO_POSITION = "E1114"
    TRAVEL = "E1115"
    RATES_OVERLAP = "E1116"
    CHANGED = "E1117"
    NO_ROSTER = "E1118"


CODE_SUMMARY: dict[Code, str] = {
    Code.NO_FILE: "A file or folder is missing, is not a file, or cannot be opened",
    Code.NO_COLUMN: "A required column is missing",
    Code.NO_TABLE: (
        "A file is not a table: empty, damaged quotes, NUL bytes, a column named "
        "twice, a row with too many cells"
    ),
    Code.WRONG_CELL: "A cell is not what its column holds",
    Code.EMPTY_CELL: "A required cell is empty",
    Code.DUPLICATE: "An id, or a pair of ids, is used twice",
    Code.UNKNOWN_ID: "An id that no row of its own file has",
    Code.ENDS_BEFORE_START: "A window, shift, break or period ends before it starts",
    Code.OUTSIDE: (
        "A visit outside the horizon or its client's package dates, or a start "
        "outside its window"
    ),
    Code.CONTRADICTION: "Cells of a row, or of two rows, contradict each other",
    Code.OVERLAP: "Two shifts of one worker overlap",
    Code.CIRCLE: "Visits follow each other in a circle",
    Code.SETTING: (
        "problem.toml or another file of settings: unreadable, an unknown key, or a "
        "wrong value"
    ),
    Code.NO_POSITION: "A place has no position, or no crs, and a network needs one",
    Code.TRAVEL: (
        "Travel times: none at all, impossible ones, or none for a place of the problem"
    ),
    Code.RATES_OVERLAP: "Two rows of a rates file hold for the same day",
    Code.CHANGED: "An input file has changed since the roster was made",
    Code.NO_ROSTER: "A roster folder is incomplete, or one of its files is damaged",
}

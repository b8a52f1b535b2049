"""The problem folder in, the roster folder out, by the field tables."""

from roundplan.formats.changes import load_changes
from roundplan.formats.checkpoint import (
    CHECKPOINT,
    drop_checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from roundplan.formats.clock import WallClock, local_horizon
from roundplan.formats.codes import CODE_SUMMARY, Code
from roundplan.formats.field_tables import (
    Field,
    docs_tables,
    field_table,
    refreshed_docs,
)
from roundplan.formats.load import ProblemFolder, load_problem, read_folder
from roundplan.formats.people import Person, load_people
from roundplan.formats.previous import load_previous
from roundplan.formats.published import Published, load_published, save_published
from roundplan.formats.records import load_rates
from roundplan.formats.roster_load import RosterFolder, load_figures, load_roster
from roundplan.formats.roster_save import save_roster
from roundplan.formats.save import save_problem
from roundplan.formats.shifts import shift_ids
from roundplan.formats.whole import write_whole

__all__ = [
    "CHECKPOINT",
    "CODE_SUMMARY",
    "Code",
    "Field",
    "Person",
    "ProblemFolder",
    "Published",
    "RosterFolder",
    "WallClock",
    "docs_tables",
    "drop_checkpoint",
    "field_table",
    "load_changes",
    "load_checkpoint",
    "load_figures",
    "load_people",
    "load_previous",
    "load_problem",
    "load_published",
    "load_rates",
    "load_roster",
    "local_horizon",
    "read_folder",
    "refreshed_docs",
    "save_checkpoint",
    "save_problem",
    "save_published",
    "save_roster",
    "shift_ids",
    "write_whole",
]

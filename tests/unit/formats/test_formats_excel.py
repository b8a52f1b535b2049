"""Tables as Excel saves them: short rows, tabs, and workbooks by mistake."""

from __future__ import annotations

import pytest

from roundplan.formats import load_problem


def test_cells_missing_at_the_end_of_a_row_are_empty(write):
    """Excel leaves out the separators of the last columns where they are empty."""
    clients = "client_id,x,y,team_size,patch\nC1,0,0\nC2,600,0,2\n"
    first, second = load_problem(write({"clients.csv": clients})).problem.clients
    assert (first.team_size, first.patch) == (None, None)
    assert (second.team_size, second.patch) == (2, None)


@pytest.mark.parametrize("told", ["", "sep=\t\n"])
def test_tab_separated_file_is_read(write, told):
    """Tabs come from text that was pasted or saved from a spreadsheet."""
    visits = (
        "visit_id\tclient_id\tdate\tearliest_start\tlatest_start\tduration_min\t"
        "skills\nV1\tC1\t2026-06-01\t08:00\t09:00\t30\tpeg;hoist\n"
    )
    workers = "worker_id,skills\nW1,hoist;peg\nW2,\n"
    changes = {"visits.csv": told + visits, "workers.csv": workers}
    (visit,) = load_problem(write(changes)).problem.visits
    assert visit.skills == {"peg", "hoist"}
    assert visit.duration_s == 1800


def test_workbook_says_how_to_save_it(faults):
    (fault,) = faults({"clients.csv": b"PK\x03\x04"})
    assert fault.action == "Open it in Excel, and save it as CSV (UTF-8)."


def test_surplus_cells_advise_quotation_marks(faults):
    (fault,) = faults({"workers.csv": "worker_id,skills\nW1,a,b\nW2\n"})
    assert "quotation marks" in fault.action

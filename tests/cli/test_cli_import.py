"""``roundplan import``: workbooks and exports into problem folders."""

import csv
import io
from datetime import date, datetime, time

import pytest
import xlsxwriter
from cli_folders import FILES

from roundplan.formats import load_problem


def typed(column, cell):
    """A cell as a spreadsheet holds it."""
    if column == "date" and cell:
        return datetime.combine(date.fromisoformat(cell), time())
    if column in ("earliest_start", "latest_start", "start", "end") and cell:
        return time.fromisoformat(cell)
    numbers = ("duration_min", "workers_required", "hourly_rate")
    if column in numbers and cell and cell != "soon":
        return float(cell)
    return cell


def book(path, **changes):
    """The small problem as a workbook, with dates and times as Excel has them."""
    sheets = {
        name.removesuffix(".csv"): list(csv.reader(io.StringIO(text)))
        for name, text in FILES.items()
        if name.endswith(".csv")
    } | changes
    with xlsxwriter.Workbook(path) as made:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        clock = made.add_format({"num_format": "hh:mm"})
        sheet = made.add_worksheet("Problem")
        sheet.write(0, 0, "key")
        sheet.write(1, 0, "start_date")
        sheet.write_datetime(1, 1, datetime(2026, 6, 1), day)  # noqa: DTZ001
        sheet.write(2, 0, "days")
        sheet.write(2, 1, 1)
        sheet.write(3, 0, "policy.unknown_worker_p")
        sheet.write(3, 1, 250)
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name.title())
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    value = typed(rows[0][c], cell) if r else cell
                    if isinstance(value, datetime):
                        sheet.write_datetime(r, c, value, day)
                    elif isinstance(value, time):
                        sheet.write_datetime(r, c, value, clock)
                    else:
                        sheet.write(r, c, value)
    return path


def test_a_workbook_gives_the_same_problem_as_the_folder(
    command, problem_folder, tmp_path
):
    out = tmp_path / "imported"
    said = command("import", book(tmp_path / "week.xlsx"), "--out", out)
    assert said.code == 0, said.err
    assert "visits.csv: 6 rows of Visits" in said.out
    theirs, ours = load_problem(problem_folder).problem, load_problem(out).problem
    assert ours.clients == theirs.clients
    assert ours.visits == theirs.visits
    assert ours.workers == theirs.workers
    assert ours.shifts == theirs.shifts
    assert ours.policy.unknown_worker_p == 250
    assert load_problem(out).travel == load_problem(problem_folder).travel
    assert (
        command("plan", out, "--out", tmp_path / "roster", "--iterations", 20).code == 0
    )


def test_exports_with_other_headings_are_mapped_and_their_columns_kept(
    command, problem_folder, tmp_path
):
    visits = FILES["visits.csv"].replace("visit_id", "Ref").replace("date,", "Day,")
    visits = visits.replace("2026-06-01", "01/06/2026")
    lines = visits.splitlines()
    head, rows = f"{lines[0]},Zone", [f"{line},N1" for line in lines[1:]]
    export = tmp_path / "Rota export.csv"
    export.write_text("\n".join([head, *rows]).replace(",", ";"), encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[visits]\nsheet = "rota export"\nvisit_id = "Ref"\ndate = "Day"\n'
        'date_format = "%d/%m/%Y"\n',
        encoding="utf-8",
    )
    out = tmp_path / "imported"
    workbook = book(tmp_path / "rest.xlsx", visits=[["visit_id"]])
    said = command("import", workbook, export, "--out", out, "--columns", mapping)
    assert said.code == 0, said.err
    assert "visits.csv: 6 rows of Rota export, with Zone besides" in said.out
    assert "left out, since they are no table: Visits" in said.out
    ours = load_problem(out).problem
    theirs = load_problem(problem_folder).problem
    assert [v.visit_id for v in ours.visits] == [v.visit_id for v in theirs.visits]
    assert all(v.extra == (("Zone", "N1"),) for v in ours.visits)


def test_what_is_wrong_is_said_by_row_and_nothing_is_written(command, tmp_path):
    rows = list(csv.reader(io.StringIO(FILES["visits.csv"])))
    rows[3][1] = "C99"
    rows[4][5] = "soon"
    out = tmp_path / "imported"
    said = command("import", book(tmp_path / "b.xlsx", visits=rows), "--out", out)
    assert said.code == 2
    assert "E1107 visits.csv:4 client_id 'C99'" in said.err
    assert "visits.csv:5 duration_min 'soon'" in said.err
    assert not out.exists()
    assert not list(tmp_path.glob(".import-*"))


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("[visitors]\n", "no table of a problem folder"),
        ('[visits]\nward = "W"\n', "[visits] has no column ward"),
        ('[visits]\nsheet = "Calls"\n', "no sheet or file 'Calls'"),
        ("[visits\n", "cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping, told, command, tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    out = tmp_path / "imported"
    workbook = book(tmp_path / "b.xlsx")
    said = command("import", workbook, "--out", out, "--columns", path)
    assert said.code == 2
    assert told in " ".join(said.err.split())
    assert not out.exists()


def test_files_that_are_no_tables_are_refused(command, tmp_path):
    (tmp_path / "bad.xlsx").write_text("no workbook", encoding="utf-8")
    said = command("import", tmp_path / "bad.xlsx", "--out", tmp_path / "x")
    assert (said.code, "damaged" in said.err) == (2, True)
    said = command("import", tmp_path / "none.xlsx", "--out", tmp_path / "x")
    assert (said.code, "no such file" in said.err) == (2, True)
    said = command("import", book(tmp_path / "b.xlsx"), "--out", tmp_path)
    assert (said.code, "is there already" in said.err) == (2, True)

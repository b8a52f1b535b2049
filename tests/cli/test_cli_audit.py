"""``roundplan audit``: our rosters and anybody's tables."""

import csv

import pandas as pd
import pytest

from browsing import CLIPPED, NASTY, opened

TABLE = """\
Visit Ref,Carer,Service User,Visit Date,From,To,Gap travel (min),Paid (min),Rate
V1,Ann,C1,01/06/2026,08:00:00,08:30:00,,,14.80
V2,Ann,C2,01/06/2026,08:40:00,08:55:00,15,15,14.80
V3,Bob,C1,01/06/2026,23:30:00,00:30:00,,,12.00
"""
MAPPING = """\
visit_id = "Visit Ref"
worker_id = "Carer"
client_id = "Service User"
date = "Visit Date"
start = "From"
end = "To"
travel_min = "Gap travel (min)"
paid_travel_min = "Paid (min)"
hourly_rate = "Rate"
date_format = "%d/%m/%Y"
"""


@pytest.fixture
def theirs(tmp_path):
    (tmp_path / "export.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def test_a_roster_of_ours_is_audited_and_written_in_every_form(
    command, roster_folder, tmp_path
):
    files = {f"--{form}": tmp_path / f"audit.{form}" for form in ("csv", "html")}
    files["--excel"] = tmp_path / "audit.xlsx"
    given = [part for pair in files.items() for part in pair]
    said = command("audit", roster_folder, *given)
    assert said.code == 0, said.out + said.err
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    assert "✓ (8) nobody has to rush: kept" in said.out
    with files["--csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["criterion"] for r in rows} == {*map(str, range(1, 15)), "law"}
    sheets = pd.read_excel(files["--excel"], sheet_name=None, engine="calamine")
    assert list(sheets) == [
        "Findings",
        "Breaches",
        "Continuity",
        "Definitions",
        "About",
    ]
    assert len(sheets["Findings"]) == 19


def test_a_table_of_anybodys_is_audited_by_its_mapping(command, theirs):
    out = theirs / "audit.csv"
    said = command(
        *("audit", theirs / "export.csv", "--columns", theirs / "mapping.toml"),
        *("--csv", out),
    )
    assert said.code == 1
    assert "1 attendances end on the next day" in said.out
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    broken = {(r["criterion"], r["what"], r["amount"]) for r in rows if r["what"]}
    assert ("1", "15 minutes", "15") in broken
    assert ("8", "gap shorter than travel", "5") in broken
    assert ("14", "paid below the living wage", "280") in broken
    assert "? (12) training free and paid: not testable" in said.out


def test_an_excel_file_says_the_same_as_a_csv_file(command, theirs):
    table = pd.read_csv(theirs / "export.csv", dtype=str)
    table.to_excel(theirs / "export.xlsx", index=False, engine="xlsxwriter")
    said = {}
    for name in ("export.csv", "export.xlsx"):
        done = command("audit", theirs / name, "--columns", theirs / "mapping.toml")
        said[name] = done.out.replace(name, "")
    assert said["export.csv"] == said["export.xlsx"]


def test_five_columns_suffice_and_what_they_cannot_show_is_said(command, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text(
        "visit_id,worker_id,date,start,end\nV1,W1,2026-06-01,08:00,09:00\n",
        encoding="utf-8",
    )
    said = command("audit", path)
    assert said.code == 0
    for number, needs in ((3, "travel_s"), (7, "client_id"), (14, "hourly_rate")):
        at = said.out.index(f"? ({number}) ")
        assert f"needs {needs}" in said.out[at : at + 200]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("visit_id,worker_id,date,start\nV1,W1,2026-06-01,08:00\n", "'end' is missing"),
        ("visit_id,worker_id,date,start,end\n", "it has no rows"),
        ("visit_id,worker_id,date,start,end\nV,,2026-06-01,08:00,09:00\n", "is empty"),
        ("visit_id,worker_id,date,start,end\nV,W,1/6/26,08:00,09:00\n", "no date"),
        ("visit_id,worker_id,date,start,end\nV,W,2026-06-01,8am,09:00\n", "no time"),
        (
            "visit_id,worker_id,date,start,end\nV,W,2026-06-01,09:00,08:00\n",
            "ends before it starts",
        ),
        (
            "visit_id,worker_id,date,start,end,travel_s\nV,W,2026-06-01,8:00,9:00,-1\n",
            "no number from 0",
        ),
    ],
)
def test_bad_tables_are_refused_by_row_and_column(table, told, command, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(table, encoding="utf-8")
    said = command("audit", path, "--csv", tmp_path / "out.csv")
    assert said.code == 2
    assert told in " ".join(said.err.split())
    assert not (tmp_path / "out.csv").exists()


def test_ids_that_the_problem_does_not_know_are_faults(command, problem_folder):
    path = problem_folder.parent / "actual.csv"
    path.write_text(
        "visit_id,worker_id,date,start,end\n"
        "V1,W1,2026-06-01,08:00,09:00\n"
        "V77,W1,2026-06-01,10:00,11:00\n"
        "V2,W9,2026-06-01,10:00,11:00\n",
        encoding="utf-8",
    )
    said = command("audit", path, "--problem", problem_folder)
    assert said.code == 2
    assert "actual.csv:3 visit_id 'V77'" in said.err
    assert "actual.csv:4 worker_id 'W9'" in said.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--policy", "kingsmill"), "no charter policy"),
        (("--columns", "none.toml"), "cannot be read"),
        (("--html", "no/such/a.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_asked(options, told, command, theirs):
    said = command("audit", theirs / "export.csv", *options)
    assert said.code == 2
    assert told in " ".join(said.err.split())


def test_wages_past_the_table_are_refused(command, tmp_path):
    path = tmp_path / "late.csv"
    path.write_text(
        "visit_id,worker_id,date,start,end,hourly_rate\n"
        "V1,W1,2009-06-01,08:00,09:00,14.80\n",
        encoding="utf-8",
    )
    said = command("audit", path)
    assert said.code == 2
    assert "there is no national_minimum_wage for 2009-06-01" in said.err


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_read_whole_and_names_are_names(width, command, tmp_path):
    path = tmp_path / "nasty.csv"
    rows = [
        {
            "visit_id": f"V{i}",
            "worker_id": name,
            "client_id": name,
            "date": "2026-06-01",
            "start": "08:00",
            "end": "08:15",
        }
        for i, name in enumerate(NASTY)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    page = tmp_path / "audit.html"
    assert command("audit", path, "--html", page).code == 1
    with opened(page, width) as shown:
        for summary in shown.locator("summary").all():
            summary.click()
        assert NASTY[0] in shown.inner_text("main")
        assert [f for f in shown.evaluate(CLIPPED) if "TABLE" not in f] == []


def test_wages_past_the_table_and_evidence_from_the_command_line(command, tmp_path):
    late, shown = tmp_path / "late.csv", tmp_path / "shown.toml"
    late.write_text(
        "visit_id,worker_id,date,start,end,hourly_rate\n"
        "V1,W1,2031-06-02,08:00,09:00,20\n"
    )
    shown.write_text('[open-prices]\nkept = true\nreference = "Fees of 2031"\n')
    said = command("audit", late)
    assert said.code == 2
    assert "is verified to" in said.err
    said = command("audit", late, "--unverified", "--evidence", shown)
    assert said.code == 0
    assert "is verified to" in said.out
    assert "by the provider's evidence: Fees of 2031" in said.out
    assert command("audit", late, "--llw-from", "soon").code == 2

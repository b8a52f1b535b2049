"""``roundplan export``: a roster as files, or a reason why not."""

import pytest


def test_run_sheets_are_written(command, roster_folder, tmp_path):
    out = tmp_path / "sheets.html"
    said = command("export", roster_folder, "--sheets", out)
    assert said.code == 0
    assert "3 workers, 1 day, 6 attendances" in said.out
    assert "no people.csv" in said.out
    text = out.read_text(encoding="utf-8")
    assert text.count('class="sheet"') == 3


def test_only_those_asked_for(command, roster_folder, tmp_path):
    out = tmp_path / "sheets.html"
    said = command(
        "export",
        roster_folder,
        "--sheets",
        out,
        "--worker",
        "W2",
        "--date",
        "2026-06-01",
    )
    assert "1 worker, 1 day, 1 attendance" in said.out
    assert 'data-worker="W1"' not in out.read_text(encoding="utf-8")


def test_who_is_not_in_people_csv_is_counted(command, roster_folder, tmp_path):
    people = "client_id,worker_id,name\nC1,,Ada\n"
    (tmp_path / "problem" / "people.csv").write_text(people, encoding="utf-8")
    out = tmp_path / "sheets.html"
    said = command("export", roster_folder, "--sheets", out)
    assert "3 clients are not in people.csv" in said.out
    assert "Ada" in out.read_text(encoding="utf-8")
    assert "Ada" not in said.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "--sheets"),
        (["--sheets", "sheets.txt"], ".html"),
        (["--excel", "book.xls"], ".xlsx"),
        (["--ical", "all.ics"], "--worker"),
        (["--sheets", "s.html", "--ical", "all.ics"], "--worker"),
        (["--geojson", "map.geojson"], "position"),
        (["--sheets", "nowhere/sheets.html"], "cannot be written"),
        (["--sheets", "s.html", "--worker", "W7"], "W7"),
        (["--sheets", "s.html", "--date", "2027-01-01"], "2027-01-01"),
        (["--sheets", "s.html", "--date", "soon"], "--date"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_written_is_refused(
    arguments, complaint, command, roster_folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    said = command("export", roster_folder, *arguments)
    assert said.code == 2
    assert complaint in said.err
    assert sorted(tmp_path.iterdir()) == before


def all_forms(command, roster, tmp_path):
    """Write every form and the report, without an error; return the run sheets."""
    names = {
        "--sheets": "s.html",
        "--client-sheets": "c.html",
        "--excel": "w.xlsx",
        "--ical": "i.zip",
    }
    arguments = [word for o, name in names.items() for word in (o, tmp_path / name)]
    said = command("export", roster, *arguments)
    assert (said.code, said.err) == (0, "")
    assert all((tmp_path / n).stat().st_size > 20 for n in names.values())
    assert command("report", roster, "--out", tmp_path / "r.html").code == 0
    return (tmp_path / "s.html").read_text(encoding="utf-8")


def test_every_form_at_once(command, roster_folder, tmp_path):
    assert all_forms(command, roster_folder, tmp_path).count('class="sheet"') == 3
    one = tmp_path / "w1.ics"
    assert command("export", roster_folder, "--ical", one, "--worker", "W1").code == 0
    assert one.read_bytes().startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        (("V5,C1,W3", "V9,C9,W8"), "Visit V9 is not in the problem folder"),
        (("V5,C1,W3", "V5,C1,W8"), 'data-worker="W8"'),
        (("10:00,10:30", "10:30,10:00"), "10:30–10:00"),
        (("2026-06-01,10:00", "2026-06-03,10:00"), "10:00 on 2026-06-03"),
    ],
)
def test_a_roster_changed_by_hand_is_shown_as_it_is(
    edit, shown, command, roster_folder, tmp_path
):
    path = roster_folder / "0001" / "roster.csv"
    text = path.read_text(encoding="utf-8")
    assert edit[0] in text
    path.write_text(text.replace(*edit), encoding="utf-8")
    assert shown in all_forms(command, roster_folder, tmp_path)


def test_a_roster_without_rounds_is_shown_too(command, roster_folder, tmp_path):
    for name in ("roster", "rounds", "breaks"):
        path = roster_folder / "0001" / f"{name}.csv"
        header = path.read_text(encoding="utf-8").partition("\n")[0]
        path.write_text(f"{header}\n", encoding="utf-8")
    assert "nothing to show" in all_forms(command, roster_folder, tmp_path)


def test_client_sheets_mark_what_another_roster_had(command, roster_folder, tmp_path):
    out = tmp_path / "clients.html"
    plain = command("export", roster_folder, "--client-sheets", out)
    assert plain.code == 0
    assert "no earlier roster" in out.read_text(encoding="utf-8")
    past = tmp_path / "past"
    past.mkdir()
    text = (roster_folder / "0001" / "roster.csv").read_text(encoding="utf-8")
    (past / "roster.csv").write_text(text.replace("V5,C1,W3", "V5,C1,W2"), "utf-8")
    said = command("export", roster_folder, "--client-sheets", out, "--previous", past)
    assert (said.code, said.err) == (0, "")
    assert out.read_text(encoding="utf-8").count("instead of") == 1

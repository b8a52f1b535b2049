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


def test_a_roster_changed_by_hand_is_shown_as_it_is(command, roster_folder, tmp_path):
    path = roster_folder / "0001" / "roster.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("V5,C1,W3", "V9,C9,W8"), encoding="utf-8")
    out = tmp_path / "sheets.html"
    assert command("export", roster_folder, "--sheets", out).code == 0
    text = out.read_text(encoding="utf-8")
    assert "Visit V9 is not in the problem folder" in text
    assert 'data-worker="W8"' in text


def test_every_form_at_once(command, roster_folder, tmp_path):
    outputs = {
        "--sheets": tmp_path / "s.html",
        "--excel": tmp_path / "w.xlsx",
        "--ical": tmp_path / "c.zip",
    }
    arguments = [word for pair in outputs.items() for word in pair]
    said = command("export", roster_folder, *arguments)
    assert (said.code, said.err) == (0, "")
    assert all(path.stat().st_size > 1000 for path in outputs.values())
    one = tmp_path / "w1.ics"
    assert command("export", roster_folder, "--ical", one, "--worker", "W1").code == 0
    assert one.read_bytes().startswith(b"BEGIN:VCALENDAR")


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

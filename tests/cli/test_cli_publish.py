"""``roundplan publish``: what is new to workers, recorded once."""


def test_a_roster_is_published_once(command, roster_folder, tmp_path):
    hours = tmp_path / "hours.csv"
    arguments = ("publish", roster_folder, "--at", "2026-05-28T09:00")
    dry = command(*arguments, "--dry-run")
    assert (dry.code, dry.last) == (0, "Nothing was recorded.")
    assert not (roster_folder / "published.csv").exists()
    said = command(*arguments, "--hours", hours)
    assert said.code == 0
    assert "New to 3 workers on 2026-05-28 09:00" in said.out
    assert "1 published day of 84, too few to say" in said.out
    assert "Shortest: W1 on 2026-06-01, 95 h before" in said.out
    ledger = (roster_folder / "published.csv").read_text(encoding="utf-8")
    assert "2026-05-28T09:00+01:00,0001," in ledger
    assert hours.read_text(encoding="utf-8").splitlines()[1] == "W1,1,6.17,,0.00"
    again = command(*arguments)
    assert "Nothing is new" in again.out
    assert (roster_folder / "published.csv").read_text(encoding="utf-8") == ledger


def test_a_roster_that_breaks_a_rule_is_not_published(command, roster_folder):
    path = roster_folder / "0001" / "roster.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("V5,C1,W3", "V5,C3,W3"), encoding="utf-8")
    said = command("publish", roster_folder)
    assert said.code == 1
    assert "Not published" in said.out
    assert not (roster_folder / "published.csv").exists()


def test_a_roster_that_changed_after_it_was_published_is_named(command, roster_folder):
    command("publish", roster_folder, "--at", "2026-05-28T09:00")
    path = roster_folder / "0001" / "roster.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("10:00,10:30", "10:05,10:35"), encoding="utf-8")
    said = command("publish", roster_folder, "--at", "2026-05-31T11:00")
    assert "0001 has changed since it was published" in said.out
    assert "New to 1 worker" in said.out
    assert "under 24 hours" in said.out


def test_a_time_that_is_none_is_refused(command, roster_folder):
    assert command("publish", roster_folder, "--at", "soon").code == 2

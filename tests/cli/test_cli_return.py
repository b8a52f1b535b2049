"""The council's return, and printed ones, from the command line."""

import pandas as pd


def test_islingtons_printed_return_is_recomputed(command):
    said = command("return", "--reconcile", "islington-2024-25")
    assert said.code == 1
    assert "130 of 290 are 44.8%" in said.out
    assert "233 of 445 are 52.4%" in said.out
    assert "workforce Q1: no one number fits all of" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_return_whose_shares_follow(command, tmp_path):
    path = tmp_path / "printed.csv"
    path.write_text("figure,count,of,printed\nregular,583,723,81\n")
    said = command("return", "--reconcile", path)
    assert said.code == 0
    assert "80.6%" in said.out
    path.write_text("figure,count,of,printed\nregular,583,0,81\n")
    said = command("return", "--reconcile", path)
    assert said.code == 2
    assert "printed.csv:2 of '0'" in said.err


def test_a_return_is_made_written_and_compared(command, roster_folder, tmp_path):
    path = tmp_path / "q1.csv"
    said = command("return", roster_folder, "--csv", path)
    assert said.code == 0, said.err
    lines = [line for line in said.out.splitlines() if str(tmp_path) not in line]
    assert max(map(len, lines)) <= 80
    assert "visits by someone not known" in said.out
    assert "needs guaranteed_offered (y/n)" in " ".join(said.out.split())
    book = tmp_path / "q2.xlsx"
    again = command("return", roster_folder, "--last", path, "--excel", book)
    assert "= +0 +0.0" in again.out
    sheets = pd.read_excel(book, sheet_name=None, engine="calamine")
    rows = sheets["Return"].set_index("Figure")
    regular = rows.loc["residents with a regular care worker"]
    assert regular["Count"] == regular["Last count"]
    assert regular["Change"] == 0
    lacking = rows.loc["providers that contribute to travel costs"]
    assert lacking[["Count", "Of", "Change"]].isna().all()
    assert lacking["Definition, or what it needs"].startswith("needs travel_costs")
    other = command("return", roster_folder, "--last", path, "--known-days", "30")
    assert "the definition has changed" in other.out


def test_rosters_or_a_printed_return(command, roster_folder):
    for arguments in [(), (roster_folder, "--reconcile", "islington-2024-25")]:
        said = command("return", *arguments)
        assert said.code == 2
        assert "give rosters, or --reconcile" in said.err
    said = command("return", "--reconcile", "islington-2024-25", "--csv", "x.csv")
    assert said.code == 2
    assert "goes without" in said.err

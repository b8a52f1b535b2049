"""``roundplan rates``."""

import csv

import pytest

MINE = (
    "rate,region,value,unit,effective_from,effective_to,verified_to,source\n"
    "london_living_wage,London,16.00,GBP/hour,2028-05-01,,2029-04-30,letter\n"
)


def test_the_rates_of_a_day_with_what_is_not_vouched_for(command, tmp_path):
    said = command("rates", "--on", "2026-06-01", "--csv", tmp_path / "rates.csv")
    assert said.code == 0
    lines = [li for li in said.out.splitlines() if str(tmp_path) not in li]
    assert max(map(len, lines)) <= 80
    assert any(li.split() == ["london", "living", "wage", "14.80", "GBP/hour",
                              "2026-05-01", "2027-04-30"] for li in lines)  # fmt: skip
    bicycle = next(li for li in lines if li.startswith("amap bicycle"))
    assert bicycle.endswith("! 2026-04-05")
    with (tmp_path / "rates.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["rate"]: row for row in csv.DictReader(file)}
    assert rows["london_living_wage"]["source"]
    assert rows["nlw_21plus"]["value"] == "12.71"
    assert "nlw_25plus" not in rows


def test_living_wages_by_announcement_and_names_only(command):
    said = command(
        *("rates", "living wage", "--on", "2013-11-04", "--llw-from", "announced"),
        "--sources",
    )
    assert said.code == 0
    assert "8.80" in said.out
    assert "london living wage: " in said.out
    assert "amap" not in said.out


def test_a_day_past_the_table_says_so(command, tmp_path):
    said = command("rates", "london_living", "--on", "2028-06-01")
    assert "! 1 rate is not vouched for on this day" in said.out
    (tmp_path / "mine.csv").write_text(MINE, encoding="utf-8")
    said = command(
        *("rates", "london_living", "--on", "2028-06-01"),
        *("--rates", tmp_path / "mine.csv"),
    )
    assert "16.00" in said.out
    assert "!" not in said.out
    said = command("rates", "carbon", "--on", "2050-01-01")
    assert "Not known on this day" in said.out


def test_a_build_up_beside_the_published_price(command):
    said = command("rates", "--build-up", "ukhca-2020-21")
    assert said.code == 0
    assert "a contact hour       £20.69" in said.out
    row = next(li for li in said.out.splitlines() if li.startswith("ni and pension"))
    assert row.split()[-3:] == ["£1.14", "£1.14", "£0.00"]


def test_a_build_up_of_one_s_own_by_length_of_visit(command, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'on = 2026-05-01\npay_rate = "london_living_wage"\nvisit_min = [15, 30, 60]\n'
        "contact_hours_week = [16, 25]\ntravel_min = 8\nwaiting_min = 2\n"
        "pension_lower_p_week = 12000\nsick_days_year = 7\nsick_spells_year = 2\n"
        "occupational_percent = 100\nrunning_p_hour = 700\nsurplus_percent = 3\n",
        encoding="utf-8",
    )
    said = command("rates", "--build-up", tmp_path / "mine.toml")
    assert said.code == 0
    total = next(li for li in said.out.splitlines() if li.startswith("a contact hour"))
    prices = [float(p.removeprefix("£")) for p in total.split()[3:]]
    assert len(prices) == 3
    assert prices == sorted(prices, reverse=True)
    assert "published" not in said.out


def test_the_worked_case(command):
    said = command("rates", "--case", "southwark-2014")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert "£1,670,000.00" in said.out
    assert "travel of 13.6 minutes a visit would give it exactly" in said.out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--build-up", "ukhca-2020-21", "--case", "southwark-2014"), "not both"),
        (("--build-up", "ukhca-2020-21", "--on", "2020-05-01"), "leave out --on"),
        (("--case", "southwark-2014", "--csv", "x.csv"), "of the list of rates"),
        (("--build-up", "no.toml"), "does not exist"),
        (("--rates", "no.csv"), "does not exist"),
        (("no such rate", "--on", "2026-01-01"), "no rate has no such rate"),
        (("--csv", "no/such/rates.csv"), "cannot be written"),
        (("--on", "June"), "June"),
        (("--llw-from", "may"), "announced, deadline, april"),
    ],
)
def test_what_cannot_be_done_is_said(command, options, told):
    said = command("rates", *options)
    assert said.code == 2
    assert told in said.err

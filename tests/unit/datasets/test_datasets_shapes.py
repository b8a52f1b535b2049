"""Named shapes: near what was published, every figure told, loadable, repeatable."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from roundplan import datasets
from roundplan.datasets import generate, shapes
from roundplan.datasets.assumptions import Assumption, Figures, figures
from roundplan.datasets.chance import Dice
from roundplan.datasets.demand.clients import make_clients
from roundplan.datasets.demand.packages import SENIOR, packages_running
from roundplan.datasets.folder import area_km2, generated_files
from roundplan.datasets.town import build_town
from roundplan.errors import UsageError
from roundplan.formats import load_problem

NAMES = (
    "camden-2024",
    "islington-2024",
    "lewisham-2022",
    "reablement",
    "southwark-2014",
)
SMALL = 60


@pytest.fixture(scope="module", params=NAMES)
def small(request, tmp_path_factory):
    """A small folder of each shape, and what it was made with."""
    out = tmp_path_factory.mktemp("shapes") / request.param
    generate(out, like=request.param, clients=SMALL, seed=2)
    return out, figures(request.param)


@lru_cache
def demand(name: str, days: int = 7) -> tuple[list, int]:
    """Return the clients of a whole shape, and the visits of their horizon."""
    shape = figures(name)
    start = date.fromisoformat(shape.text("start_date"))
    count = packages_running(int(shape.number("clients")), days, shape)
    town = build_town(1, shape.number("area_km2"), shape)
    clients = make_clients(town, count, start, days, shape, Dice(1, 3))
    horizon = [start + timedelta(days=i) for i in range(days)]
    visits = sum(c.due(v, day) for c in clients for v in c.visits for day in horizon)
    return clients, visits


def test_the_shapes_are_those_of_the_issue():
    assert shapes() == NAMES


def test_an_unknown_shape_is_refused_with_the_names(tmp_path):
    with pytest.raises(UsageError, match=r"'southwork'.*camden-2024.*southwark-2014"):
        generate(tmp_path / "out", like="southwork")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_source_and_a_note(name):
    for row in figures(name).rows.values():
        assert row.source, row.name
        assert row.note, row.name


@pytest.mark.parametrize("name", NAMES)
def test_shares_of_clients_add_up(name):
    often = ("part_week", "one_a_day", "two_a_day", "three_a_day", "four_a_day")
    total = sum(figures(name).number(f"clients_{how}") for how in often)
    assert total == pytest.approx(1)


def test_southwark_has_the_clients_visits_and_hours_of_2014():
    """Cabinet, 22 Jul 2014: 1,100 people, 540,000 visits and 502,000 hours a year."""
    clients, visits = demand("southwark-2014")
    assert len(clients) == 1100
    assert visits == pytest.approx(540_000 / 52, rel=0.02)
    minutes = sum(v.a_week * v.minutes for c in clients for v in c.visits)
    a_week = sum(v.a_week for c in clients for v in c.visits)
    assert minutes / a_week == pytest.approx(60 * 502_000 / 540_000, rel=0.02)
    short = sum(v.a_week for c in clients for v in c.visits if v.minutes == 30)
    assert short / a_week > 0.3


@pytest.mark.parametrize(
    ("name", "pounds_a_week", "price"),
    [
        ("camden-2024", 16_000_000 / 52.18, 25.95),
        ("lewisham-2022", 91_000_000 / 5 / 52.18, 23.20),
    ],
)
def test_spending_pays_the_hours_that_a_shape_comes_to(name, pounds_a_week, price):
    clients, _ = demand(name)
    minutes = sum(v.a_week * v.minutes * v.workers for c in clients for v in c.visits)
    assert minutes / 60 == pytest.approx(pounds_a_week / price, rel=0.03)


def test_camden_has_its_share_of_the_years_residents():
    shape = figures("camden-2024")
    present = shape.number("clients_a_year") * shape.number("share_present")
    assert shape.number("clients") == present


def test_islington_has_its_patches_providers_and_tiers():
    clients, _ = demand("islington-2024")
    assert {c.address.patch for c in clients} == {"North", "Central", "South"}
    tiers = Counter(c.provider.split()[0] for c in clients)
    assert tiers["Back-up"] / len(clients) == pytest.approx(0.28, abs=0.04)
    assert tiers["Spot"] / len(clients) == pytest.approx(0.07, abs=0.02)
    for client in clients:
        if "Locality" in client.provider:
            assert client.provider.startswith(client.address.patch)
    shape = figures("islington-2024")
    assert len(shape.items("locality_providers")) == 9
    assert len(shape.items("secondary_providers")) == 14


def test_lewisham_has_four_neighbourhoods_with_a_lead_provider_each():
    clients, _ = demand("lewisham-2022")
    by_patch = Counter(c.address.patch for c in clients)
    assert len(by_patch) == len(figures("lewisham-2022").items("locality_providers"))
    assert min(by_patch.values()) > len(clients) / 6
    south = [c.address.lat for c in clients if c.address.patch.startswith("South")]
    north = [c.address.lat for c in clients if c.address.patch.startswith("North")]
    assert sum(north) / len(north) > sum(south) / len(south) + 0.01


@pytest.mark.parametrize("days", [7, 28])
def test_reablement_takes_in_twenty_four_a_week_for_up_to_six_weeks(days):
    clients, _ = demand("reablement", days)
    start = date.fromisoformat(figures("reablement").text("start_date"))
    new = sum(start <= c.start_date < start + timedelta(days=days) for c in clients)
    assert new / days * 7 == pytest.approx(1250 / 52, abs=9 if days == 7 else 5)
    lengths = [(c.end_date - c.start_date).days + 1 for c in clients]
    assert set(lengths) == {14, 21, 28, 35, 42}
    assert all(c.start_date.weekday() < 6 for c in clients)
    assert all(c.end_date >= start for c in clients)


def test_reablement_tapers_to_one_visit_a_day():
    clients, _ = demand("reablement", 28)
    checked = 0
    for client in clients:
        care = [v for v in client.visits if SENIOR not in v.skills]
        horizon = [client.start_date + timedelta(days=i) for i in range(42)]
        a_day = [
            sum(client.due(v, day) for v in care)
            for day in horizon
            if day <= client.end_date
        ]
        first = care[0].visit_id
        assert any(v.visit_id == first and v.last_day is None for v in care)
        assert a_day == sorted(a_day, reverse=True)
        assert a_day[-1] == 1
        checked += a_day[0] > 1
    assert checked > 50


def test_seniors_assess_on_the_first_day_and_review_every_week():
    clients, _ = demand("reablement", 28)
    for client in clients:
        for visit in client.visits:
            if SENIOR in visit.skills:
                days = [client.start_date + timedelta(days=i) for i in range(42)]
                due = [i for i, day in enumerate(days) if client.due(visit, day)]
                if visit.visit_id.endswith("-assessment"):
                    assert due == [0]
                else:
                    assert due == list(range(7, len(due) * 7 + 1, 7))


def test_a_shape_keeps_its_density_when_it_is_small():
    for name in NAMES:
        shape = figures(name)
        half = shape.given(clients=int(shape.number("clients")) // 2)
        assert area_km2(shape) == shape.number("area_km2")
        assert area_km2(half) == pytest.approx(area_km2(shape) / 2, rel=0.01)


def test_a_small_folder_loads_with_everything_in_it(small):
    out, shape = small
    folder = load_problem(out)
    problem = folder.problem
    assert len(problem.clients) == SMALL
    assert str(problem.horizon.start_date) == shape.text("start_date")
    assert problem.notes == ()
    assert problem.history
    pay = min(worker.contract.rate_p for worker in problem.workers)
    assert pay == round(100 * shape.number("london_living_wage"))
    assert {p.provider for p in problem.providers} >= {
        w.provider for w in problem.workers
    }
    able = {skill for worker in problem.workers for skill in worker.skills}
    assert {skill for visit in problem.visits for skill in visit.skills} <= able


def test_the_same_seed_gives_the_same_bytes(small):
    out, shape = small
    again = generated_files(shape.given(clients=SMALL), 2, 7)
    assert {p.name for p in out.iterdir()} == set(again)
    for name, text in again.items():
        assert (out / name).read_bytes() == text, name
    other = generated_files(shape.given(clients=SMALL), 3, 7)
    assert other["visits.csv"] != again["visits.csv"]


class Watched(dict):
    """Rows that note who asked for them."""

    def __init__(self, rows):
        super().__init__(rows)
        self.asked = set()

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)


def listed(text: str) -> dict[str, list[str]]:
    """Return the cells of the rows of a README's table of figures."""
    table = text[text.index("## What it rests on") :]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if "|" in line]
    return {cells[0]: cells[1:] for cells in rows}


def undocumented(shape: Figures, text: str) -> set[str]:
    """Return the figures that a folder was made with and its README does not have."""
    watched = Watched(shape.rows)
    generated_files(Figures(rows=watched, shape=shape.shape), 2, 7)
    return {
        name
        for name in watched.asked
        if (found := listed(text).get(name)) is None
        or found != [*cells_of(shape.rows[name])]
    }


def cells_of(row: Assumption) -> tuple[str, str, str]:
    """Return a row's value, source and note as the table has them."""
    return row.value, row.source, row.note


@pytest.mark.parametrize("name", ["", "reablement"])
def test_the_readme_lists_every_figure_that_was_asked_for(name):
    shape = figures(name).given(clients=20)
    text = generated_files(shape, 2, 7)["README.md"].decode()
    assert undocumented(shape, text) == set()
    for lost in ("clients_two_a_day", "skills", "area_km2"):
        line = next(x for x in text.splitlines() if x.startswith(f"| {lost} |"))
        assert undocumented(shape, text.replace(line + "\n", "")) == {lost}


def test_no_share_or_table_stands_in_the_code():
    """Module constants of the demand are names and method, never drawn from.

    Whoever adds a number there must put it into the table, or here with a reason.
    """
    method = {
        "BIN_MIN",  # how finely the day is counted
        "BINS",
        "PARTS",  # which stretches of a day are staffed one by one
        "HIRED_FOR",
        "LENGTHS",  # names of rows
        "LONG_MIN",  # above it, a visit is kept from the change of shifts
        "HOURS_ON_TOP",
        "LAST_NUMBERS",  # a range of telephone numbers
    }
    found = set()
    for file in (Path(datasets.__file__).parent / "demand").glob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and any(
                isinstance(part, ast.Constant) and isinstance(part.value, int | float)
                for part in ast.walk(node.value or ast.Constant(None))
            ):
                target = getattr(node, "targets", [getattr(node, "target", None)])[0]
                found.add(target.id)
    assert found == method

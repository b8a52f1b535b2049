"""A week on real streets, from a map file to a checked roster folder.

The map lies beside the project, not in it; the generated town, which every other test
uses, carries the same tags.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

import roundplan as rp
from drawn_week import draw_week
from roundplan.cost import round_figures
from roundplan.domain import Priority

STREETS = (
    Path(__file__).parents[3] / "shared" / "data" / "osm" / "bounds_green_2026.osm"
)
SIZE = {"clients": 60, "workers": 20, "seed": 1}
ITERATIONS = 20_000

pytestmark = pytest.mark.skipif(
    not STREETS.is_file(), reason=f"no {STREETS.name} in ../shared/data/osm"
)


@pytest.fixture(scope="module", autouse=True)
def _no_travel_of_an_earlier_run():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDPLAN_CACHE", "off")
        yield


@pytest.fixture(scope="module")
def by_store(tmp_path_factory):
    """The folder, with a network that was built and stored beforehand."""
    home = tmp_path_factory.mktemp("by_store")
    store = home / "streets.roundplan"
    rp.save_network(rp.build_network(STREETS), store)
    draw_week(STREETS, home / "problem", network=store, **SIZE)
    return rp.load_problem(home / "problem")


@pytest.fixture(scope="module")
def by_map(tmp_path_factory):
    """The same folder, which names the map itself."""
    folder = tmp_path_factory.mktemp("by_map")
    draw_week(STREETS, folder, network=STREETS, **SIZE)
    return rp.load_problem(folder)


@pytest.fixture(scope="module")
def travel(by_store):
    return rp.travel_for(by_store)


@pytest.fixture(scope="module")
def result(by_store, travel):
    return rp.plan(by_store.problem, travel, iterations=ITERATIONS)


def test_the_week_asks_for_everything_that_a_provider_asks_for(by_store):
    visits, clients = by_store.problem.visits, by_store.problem.clients
    assert len(clients) == SIZE["clients"]
    assert {v.workers_required for v in visits} == {1, 2}
    assert {v.day for v in visits} == set(range(7))
    assert any(v.time_critical for v in visits)
    assert any(v.after_visit for v in visits)
    assert {"hoist", "medication", "dementia"} <= set().union(
        *(v.skills for v in visits)
    )
    assert {"any", "female", "male"} == {c.worker_gender for c in clients}


def test_every_place_joins_the_streets_and_reaches_every_other(travel):
    matrix = travel.matrices["walk"]
    assert len(matrix.place_ids) == SIZE["clients"] + SIZE["workers"]
    assert (matrix.times_s >= 0).all()


def test_the_map_and_the_stored_network_give_the_same_travel(by_map, by_store, travel):
    assert by_map.problem == by_store.problem
    again = rp.travel_for(by_map).matrices["walk"]
    stored = travel.matrices["walk"]
    assert again.place_ids == stored.place_ids
    np.testing.assert_array_equal(again.times_s, stored.times_s)
    np.testing.assert_array_equal(again.metres, stored.metres)


def test_the_plan_keeps_every_rule(by_store, travel, result):
    assert rp.check(by_store.problem, travel, result.roster) == []


def test_the_plan_costs_what_the_specification_says(by_store, travel, result):
    again = rp.cost_of(by_store.problem, travel, result.roster)
    assert result.cost.total == again.total
    assert result.cost == again


def test_every_visit_is_placed_or_says_why_not(by_store, result):
    """A few of 631 visits find no room; the most of them do."""
    placed = {v.visit_id for r in result.roster.rounds for v in r.visits}
    left = {u.visit_id: u for u in result.roster.unassigned}
    assert placed.isdisjoint(left)
    assert placed | set(left) == {v.visit_id for v in by_store.problem.visits}
    assert all(u.code and u.reason.strip() for u in left.values())
    assert len(left) < 0.05 * len(by_store.problem.visits)


def test_the_roster_folder_reads_back_and_passes_the_check(
    by_store, travel, result, tmp_path, monkeypatch, capsys
):
    from roundplan.cli import main

    rp.save_roster(
        tmp_path / "roster",
        problem_folder=by_store,
        travel=travel,
        roster=result.roster,
        cost=result.cost.to_dict(),
        kpis=rp.kpis(by_store.problem, travel, result.roster),
        round_figures=round_figures(by_store.problem, travel, result.roster),
    )
    assert rp.load_roster(tmp_path / "roster").roster == result.roster

    monkeypatch.setattr(sys, "argv", ["roundplan", "check", str(tmp_path / "roster")])
    with pytest.raises(SystemExit) as stop:
        main()
    assert capsys.readouterr().out.splitlines()[-1] == "0 violations"
    problem = by_store.problem
    essential = any(
        problem.visit(u.visit_id).priority is Priority.ESSENTIAL
        for u in result.roster.unassigned
    )
    assert (stop.value.code or 0) == int(essential)

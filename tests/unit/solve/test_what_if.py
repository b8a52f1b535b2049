"""What a change would do, on streets where the answer is known by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_network_travel import CYCLE, DRIVE, NODES, WALK, WAYS, problem

import helpers as h
from roundplan.domain import Mode
from roundplan.errors import TravelError, UsageError
from roundplan.formats import ProblemFolder
from roundplan.solve import Callbacks, Change, Figure, what_if
from roundplan.solve.what_if import changed_problem
from streets_by_hand import osm_text


@pytest.fixture
def folder(tmp_path):
    """A driver and a walker; the straight road is closed to cars."""
    path = tmp_path / "streets.osm"
    path.write_text(osm_text(NODES, WAYS), encoding="utf-8")
    return ProblemFolder(
        problem=problem(DRIVE),
        travel=None,
        network=path,
        folder=tmp_path,
        hashes=(),
    )


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDPLAN_CACHE", str(tmp_path / "cache"))


def by_name(comparison):
    return {f.name.strip(): f for f in comparison.figures}


def test_without_filters_the_car_takes_the_straight_road(folder):
    made = what_if(folder, Change.WITHOUT_FILTERS, seeds=(1, 2), iterations=50)
    distance = by_name(made)["Distance"]
    # between the visits: 5.3 km round the closed road, 3.9 km along it
    assert distance.before == (5.3, 5.3)
    assert distance.after == (3.9, 3.9)
    assert distance.difference == pytest.approx(-1.4)
    assert distance.distinct
    cost = by_name(made)["Cost, all terms"]
    assert cost.before == tuple(r.cost.total_p for r in made.before)
    assert cost.after == tuple(r.cost.total_p for r in made.after)
    assert cost.difference < 0
    assert by_name(made)["drive"].same
    assert "no modal filter stops a car; 1 workers may drive" in made.notes


def test_the_folder_itself_is_not_changed(folder):
    before = folder.problem
    what_if(folder, Change.WALK_ONLY, seeds=(1,), iterations=10)
    assert folder.problem == before
    assert folder.problem.workers[0].modes == (Mode.DRIVE,)


def test_walk_only_takes_every_vehicle_away(folder):
    made = what_if(folder, Change.WALK_ONLY, seeds=(1,), iterations=10)
    walk = by_name(made)["walk"]
    assert (walk.before, walk.after) == ((0.0,), (100.0,))
    assert by_name(made)["CO2e"].after == (0.0,)
    assert made.notes[0] == "everybody walks; 1 of 1 workers did not only"


def test_ebikes_go_to_those_with_most_hours_who_have_none():
    of = problem(WALK, CYCLE, (Mode.WALK, Mode.EBIKE), WALK)
    longer = {"W1": "21:00", "W2": "22:00"}
    shifts = tuple(
        replace(s, end_s=h.clock(longer.get(s.worker_id, "20:00")))
        for s in of.shifts
        if s.worker_id != "W3"
    )
    changed, notes = changed_problem(
        replace(of, shifts=shifts), Change.EBIKES, ebikes=1
    )
    modes = {w.worker_id: w.modes for w in changed.workers}
    assert modes == {
        "W0": (Mode.WALK,),
        "W1": (Mode.CYCLE, Mode.EBIKE),
        "W2": (Mode.WALK, Mode.EBIKE),
        "W3": (Mode.WALK,),
    }
    assert notes[0].endswith("first: W1")
    with pytest.raises(UsageError, match="2 workers with a work shift have no e-bike"):
        changed_problem(replace(of, shifts=shifts), Change.EBIKES, ebikes=3)


def test_a_travel_file_says_nothing_of_filters_or_other_vehicles(folder):
    matrix = h.travel(folder.problem, mode=Mode.DRIVE)
    filed = replace(folder, travel=matrix, network=None)
    with pytest.raises(TravelError, match="where the modal filters are"):
        what_if(filed, Change.WITHOUT_FILTERS, iterations=1)
    with pytest.raises(TravelError, match="nothing of going by walk"):
        what_if(filed, Change.WALK_ONLY, iterations=1)


def test_an_interrupted_plan_interrupts_the_comparison(folder):
    class Impatient(Callbacks):
        def on_progress(self, progress):
            del progress
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        what_if(
            folder,
            Change.WALK_ONLY,
            seeds=(1,),
            iterations=500,
            callbacks=lambda *_: Impatient(),
        )


def test_no_seeds_are_refused(folder):
    with pytest.raises(UsageError, match="at least one seed"):
        what_if(folder, Change.WALK_ONLY, seeds=(), iterations=1)


@pytest.mark.parametrize(
    ("before", "after", "distinct"),
    [
        ((1, 2, 3), (4, 5, 6), True),
        ((4, 5, 6), (1, 2, 3), True),
        ((1, 2, 3), (3, 4, 5), False),
        ((1, 5, 3), (4, 6, 7), False),
        ((1,), (9,), False),
        ((2, 2), (2, 2), False),
    ],
)
def test_a_difference_counts_when_no_plan_of_one_side_is_among_the_others(
    before, after, distinct
):
    figure = Figure(name="x", unit="", before=before, after=after)
    assert figure.distinct is distinct


def test_the_difference_is_the_median_seed_by_seed():
    figure = Figure(name="x", unit="", before=(1, 10, 100), after=(2, 13, 105))
    assert figure.difference == 3

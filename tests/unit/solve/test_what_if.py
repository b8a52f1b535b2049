"""What a change would do, on streets where the answer is known by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_network_travel import CYCLE, DRIVE, NODES, WALK, WAYS, problem

import helpers as h
from roundplan.domain import Mode
from roundplan.errors import NetworkError, TravelError, UsageError
from roundplan.formats import ProblemFolder
from roundplan.solve import Callbacks, Change, Figure, travel_for, what_if
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
    # what fits into the first column of the table at 80 columns
    assert max(len(f"{f.name}, {f.unit}") for f in made.figures) <= 20
    assert "no modal filter stops a car; 1 worker may drive" in made.notes


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
    assert made.notes[0] == (
        "everybody walks; 1 of 1 worker could go another way before"
    )


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
    with pytest.raises(UsageError, match="a number from 1 to 2, the workers with"):
        changed_problem(replace(of, shifts=shifts), Change.EBIKES, ebikes=3)
    everybody = tuple(replace(w, modes=(Mode.EBIKE,)) for w in of.workers)
    with pytest.raises(UsageError, match="has an e-bike already"):
        changed_problem(replace(of, workers=everybody), Change.EBIKES, ebikes=1)


def test_neighbourhoods_of_another_place_are_refused_not_ignored(folder, tmp_path):
    # longitude and latitude the wrong way round
    ring = [[51.6, -0.1], [51.6, -0.11], [51.61, -0.11], [51.61, -0.1], [51.6, -0.1]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    one = {"type": "Feature", "properties": {"name": "A"}, "geometry": shape}
    path = tmp_path / "cells.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8"
    )
    with pytest.raises(NetworkError, match="no cell in the area of the network"):
        travel_for(replace(folder, cells=path))


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


def crossing_patches():
    """W1 lives by the southern client, W2 by the northern: each works in the other's.

    Without patches a worker visits the client next door; apart they swap.
    """
    return h.problem(
        [h.visit("V1", "C1"), h.visit("V2", "C2")],
        clients=[
            h.client("C1", x=0.0, patch="North", introduced_workers=("W1", "W2")),
            h.client("C2", x=3000.0, patch="South", introduced_workers=("W1", "W2")),
        ],
        workers=[
            h.worker("W1", x=0.0, patch="South"),
            h.worker("W2", x=3000.0, patch="North"),
        ],
        shifts=[h.shift(w, start_place=w, end_place=w) for w in ("W1", "W2")],
    )


def test_by_neighbourhood_workers_stay_in_their_patch(tmp_path):
    of = crossing_patches()
    folder = ProblemFolder(
        problem=of, travel=h.travel(of), network=None, folder=tmp_path, hashes=()
    )
    made = what_if(folder, Change.NEIGHBOURHOODS, seeds=(1, 2), iterations=50)
    outside = by_name(made)["Other patch"]
    assert (outside.before, outside.after) == ((2, 2), (0, 0))
    cost = by_name(made)["Cost, all terms"]
    assert cost.difference > 0, "home legs of 3 km are dearer than none"
    assert made.before[0].cost.other_patch == 0
    assert "2 neighbourhoods" in made.notes[0]


def test_a_visit_that_only_others_can_make_is_made_from_outside(tmp_path):
    of = crossing_patches()
    alone = replace(
        of,
        visits=tuple(replace(v, skills=frozenset({"peg"})) for v in of.visits),
        workers=(replace(of.workers[0], skills=frozenset({"peg"})), of.workers[1]),
        shifts=of.shifts,
    )
    later = replace(
        alone,
        visits=(
            alone.visits[0],
            replace(h.visit("V2", "C2", "11:00"), skills=frozenset({"peg"})),
        ),
    )
    folder = ProblemFolder(
        problem=later, travel=h.travel(later), network=None, folder=tmp_path, hashes=()
    )
    made = what_if(folder, Change.NEIGHBOURHOODS, seeds=(1,), iterations=50)
    assert by_name(made)["Unassigned"].after == (0,)
    assert by_name(made)["Other patch"].after == (1,)
    cost = by_name(made)["Cost, all terms"]
    assert cost.same, "the last resort's price is in neither side's cost"


def test_neighbourhoods_need_patches(folder):
    with pytest.raises(UsageError, match="at least two patches"):
        what_if(folder, Change.NEIGHBOURHOODS, seeds=(1,), iterations=10)

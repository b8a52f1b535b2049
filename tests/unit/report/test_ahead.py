"""Absence and freed capacity, by hand."""

from __future__ import annotations

from helpers import client, problem, shift, visit, worker
from roundplan.domain import ShiftKind
from roundplan.report.ahead import Away, Freed, absence, freed_capacity

H = 3600


def test_absence_counts_workers_and_hours_of_leave():
    of = problem(
        [visit()],
        workers=[worker("W1"), worker("W2")],
        shifts=[
            shift("W1", "07:00", "11:00", shift_id="a", kind=ShiftKind.LEAVE),
            shift("W1", "12:00", "14:00", shift_id="b", kind=ShiftKind.LEAVE),
            shift("W2", "07:00", "11:00"),
            shift("W2", "12:00", "13:00", shift_id="t", kind=ShiftKind.TRAINING),
            shift("W1", day=1),
            shift("W2", day=1),
        ],
        days=2,
    )
    assert absence(of) == (
        Away(day=0, workers=1, leave_s=6 * H, on_shift=1),
        Away(day=1, workers=0, leave_s=0, on_shift=2),
    )


def freed(visits, **fields):
    return freed_capacity(
        problem(visits, clients=[client("C1", **fields)], days=7, workers=[worker()])
    )


def test_a_package_frees_its_week_in_the_week_of_its_end():
    daily = [visit(f"V{d}", "C1", minutes=60, day=d) for d in range(7)]
    once = Freed(week=1, package="reablement", clients=1, contact_s_week=7 * H)
    assert freed(daily, end_day=7, package="reablement") == (once,)
    assert [f.week for f in freed(daily, end_day=6)] == [0]
    assert freed(daily) == ()


def test_a_package_that_runs_for_part_of_the_days_is_made_a_week_of():
    half = [visit(f"V{d}", "C1", minutes=60, day=d) for d in (0, 1)]
    (found,) = freed(half, end_day=1)
    assert found.contact_s_week == 7 * H
    late = [visit("V6", "C1", minutes=60, day=6, workers_required=2)]
    (found,) = freed(late, start_day=6, end_day=20)
    assert (found.week, found.contact_s_week) == (2, 14 * H)


def test_a_package_that_ended_before_or_begins_after_frees_nothing():
    assert freed([visit()], end_day=-1) == ()
    assert freed([visit()], start_day=9, end_day=20) == ()

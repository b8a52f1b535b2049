"""The second look at reasons: a wrong one is found, a right one is not doubted."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import client, clock, problem, roster, travel, visit, worker
from roundplan.domain import Gender, Roster

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"

pytestmark = pytest.mark.skipif(not BENCHMARKS.is_dir(), reason="not a checkout")

SHIFT = "W1@0-07:00"
"""The day of the first worker, 07:00 to 15:00."""


@pytest.fixture
def refuted(monkeypatch):
    """Returns the left-out visits of a small roster whose reason does not hold."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.delitem(sys.modules, "reasons", raising=False)
    from reasons import refuted

    def of(visits, starts, code="no_room", **fields):
        p = problem(visits, **fields)
        by = travel(p)
        left = [v.visit_id for v in visits if v.visit_id not in dict(starts)]
        made = roster(p, by, {SHIFT: starts} if starts else {}, unassigned=left)
        coded = tuple(replace(u, code=code) for u in made.unassigned)
        return refuted(p, by, Roster(rounds=made.rounds, unassigned=coded))

    return of


def test_a_gap_before_between_or_after_refutes_the_reason(refuted):
    """10 minutes on foot and 3 of buffer each way: 09:13 to 09:43, then 09:56."""
    placed = [visit("A", "C1", "08:30"), visit("B", "C1", "09:50")]
    starts = [("A", "08:30"), ("B", "09:56")]
    between = visit("V", "C2", "08:30", "09:13")
    assert refuted([*placed, between], starts) == ["V"]
    assert refuted([*placed, visit("V", "C2", "07:00", "07:30")], starts) == ["V"]
    assert refuted([*placed, visit("V", "C2", "13:00")], starts) == ["V"]


def test_a_gap_a_minute_too_short_does_not(refuted):
    placed = [visit("A", "C1", "08:30"), visit("B", "C1", "09:50")]
    between = visit("V", "C2", "08:30", "09:13")
    assert refuted([*placed, between], [("A", "08:30"), ("B", "09:55")]) == []


def test_an_empty_shift_refutes_it(refuted):
    assert refuted([visit("V")], []) == ["V"]
    assert refuted([visit("V", earliest="15:30")], []) == []


def test_lateness_that_is_allowed_counts_as_room(refuted):
    """A quarter of an hour after the window, with the charter."""
    placed = visit("A", "C1", "08:00", "08:00")
    for latest, found in (("08:15", ["V"]), ("08:14", [])):
        v = visit("V", "C1", "08:00", latest)
        assert refuted([placed, v], [("A", "08:00")]) == found


@pytest.mark.parametrize(
    "fields",
    [
        {"visit": {"skills": frozenset({"peg"})}},
        {"client": {"worker_gender": Gender.MALE}},
        {"client": {"barred_workers": frozenset({"W1"})}},
    ],
)
def test_the_rules_between_visit_and_worker_are_kept(refuted, fields):
    v = visit("V", **fields.get("visit", {}))
    c = client("C1", **fields.get("client", {}))
    assert refuted([v], [], clients=[c]) == []


def test_the_hours_of_the_week_are_kept(refuted):
    limited = worker(contract=replace(worker().contract, max_s=clock("00:40")))
    visits = [visit("A"), visit("V", earliest="10:00")]
    assert refuted(visits, [("A", "08:00")], workers=[limited]) == []


def test_other_reasons_and_pairs_are_passed_over(refuted):
    assert refuted([visit("V")], [], code="too_dear") == []
    assert refuted([visit("V", workers_required=2)], []) == []

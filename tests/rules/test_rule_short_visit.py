"""Short visits: none of 15 minutes; under 30 only agreed, by a known worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rule_helpers import found, helps, only

from helpers import MONDAY, client, problem, roster, travel, visit
from roundplan.domain import HistoryEntry, Problem, Roster, Rule, named_policy


def _case(
    minutes: int, *, agreed: bool = False, known: bool = False, **fields: Any
) -> tuple[Problem, Roster]:
    introduced = ("W1",) if known else ()
    of = problem(
        [visit("V1", minutes=minutes, short_visit_agreed=agreed)],
        clients=[client(introduced_workers=introduced)],
        **fields,
    )
    return of, roster(of, travel(of), {"W1@0-07:00": [("V1", "08:00")]})


@pytest.mark.parametrize(
    ("minutes", "agreed", "known", "short_min"),
    [
        (14, True, True, 2),
        (15, True, True, 1),
        (15, False, False, 1),
        (16, True, True, 0),
        (16, True, False, 14),
        (16, False, True, 14),
        (29, True, True, 0),
        (29, True, False, 1),
        (29, False, True, 1),
        (29, False, False, 1),
        (30, False, False, 0),
    ],
)
def test_lengths(minutes: int, agreed: bool, known: bool, short_min: int) -> None:
    case = _case(minutes, agreed=agreed, known=known)
    if short_min:
        only(*case, Rule.SHORT_VISIT, short_min * 60)
    else:
        assert found(*case) == []


@pytest.mark.parametrize(("days_ago", "short_s"), [(1, 0), (90, 0), (91, 600)])
def test_a_worker_of_the_last_ninety_days_is_known(days_ago: int, short_s: int) -> None:
    last = MONDAY - timedelta(days=days_ago)
    entry = HistoryEntry(
        client_id="C1", worker_id="W1", visits=3, first_visit=last, last_visit=last
    )
    case = _case(20, agreed=True, history=(entry,))
    if short_s:
        only(*case, Rule.SHORT_VISIT, short_s)
    else:
        assert found(*case) == []


def test_another_worker_or_client_in_the_history_is_no_help() -> None:
    entries = tuple(
        HistoryEntry(
            client_id=c, worker_id=w, visits=9, first_visit=MONDAY, last_visit=MONDAY
        )
        for c, w in (("C1", "W2"), ("C2", "W1"))
    )
    only(*_case(20, agreed=True, history=entries), Rule.SHORT_VISIT, 600)


def _after(first_client: str) -> tuple[Problem, Roster]:
    """A short visit to C1 after another to ``first_client`` by the same worker."""
    of = problem(
        [
            visit("V1", first_client),
            visit("V2", "C1", "10:00", minutes=20, short_visit_agreed=True),
        ],
        clients=[client("C1"), client("C2", x=600.0)],
    )
    stops = [("V1", "08:00"), ("V2", "10:00")]
    return of, roster(of, travel(of), {"W1@0-07:00": stops})


def test_a_worker_becomes_known_through_an_earlier_visit_of_the_roster() -> None:
    assert found(*_after("C1")) == []
    only(*_after("C2"), Rule.SHORT_VISIT, 600)


def test_a_later_visit_does_not_make_a_worker_known() -> None:
    of = problem(
        [
            visit("V1", "C1", "10:00"),
            visit("V2", "C1", "08:00", minutes=20, short_visit_agreed=True),
        ]
    )
    stops = [("V2", "08:00"), ("V1", "10:00")]
    made = roster(of, travel(of), {"W1@0-07:00": stops})
    only(of, made, Rule.SHORT_VISIT, 600)


def test_without_the_charter_short_visits_are_allowed() -> None:
    assert found(*_case(15, policy=named_policy("plain"))) == []


def test_overrides() -> None:
    assert helps(*_case(15), rule=Rule.SHORT_VISIT, visit_id="V1")
    assert helps(*_case(15), rule=Rule.SHORT_VISIT, worker_id="W1", day=0)
    assert not helps(*_case(15), rule=Rule.SHORT_VISIT, worker_id="W1", day=1)

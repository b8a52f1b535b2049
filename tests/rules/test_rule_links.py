"""Links: the gap from start to start of linked visits is within its bounds."""

from __future__ import annotations

from rule_helpers import found, helps, only

from helpers import problem, roster, travel, visit, worker
from roundplan.domain import Problem, Roster, Rule


def _case(
    second_start: str, max_gap_s: int | None = 4 * 3600
) -> tuple[Problem, Roster]:
    of = problem(
        [
            visit("V1"),
            visit(
                "V2",
                earliest="08:30",
                latest="14:30",
                after_visit="V1",
                min_gap_s=3 * 3600,
                max_gap_s=max_gap_s,
            ),
        ]
    )
    stops = [("V1", "08:00"), ("V2", second_start)]
    return of, roster(of, travel(of), {"W1@0-07:00": stops})


def test_both_bounds_of_the_gap_are_allowed() -> None:
    assert found(*_case("11:00")) == []
    assert found(*_case("12:00")) == []


def test_too_soon_and_too_late_count_the_time_outside() -> None:
    breach = only(*_case("10:59"), Rule.LINKS, 60)
    assert breach.message == "Visit V2 starts 1 minute too soon after visit V1."
    breach = only(*_case("12:01"), Rule.LINKS, 60)
    assert breach.message == "Visit V2 starts 1 minute too late after visit V1."


def test_a_link_may_have_no_largest_gap() -> None:
    assert found(*_case("14:30", max_gap_s=None)) == []


def test_a_link_to_an_unassigned_visit_asks_nothing() -> None:
    of, _ = _case("11:00")
    made = roster(of, travel(of), {"W1@0-07:00": [("V2", "09:00")]}, unassigned=["V1"])
    assert found(of, made) == []


def test_the_earlier_start_of_two_workers_counts() -> None:
    of = problem(
        [
            visit("V1", workers_required=2),
            visit("V2", earliest="10:00", after_visit="V1", max_gap_s=2 * 3600),
        ],
        workers=[worker("W1"), worker("W2")],
    )
    made = roster(
        of,
        travel(of),
        {
            "W1@0-07:00": [("V1", "08:00"), ("V2", "10:01")],
            "W2@0-07:00": [("V1", "08:02")],
        },
    )
    assert found(of, made) == [(Rule.DOUBLE_HANDED, 120, "s"), (Rule.LINKS, 60, "s")]


def test_overrides() -> None:
    assert helps(*_case("12:30"), rule=Rule.LINKS, visit_id="V2")
    assert not helps(*_case("12:30"), rule=Rule.LINKS, visit_id="V2", day=1)
    assert not helps(*_case("12:30"), rule=Rule.LINKS, visit_id="V1")


def test_whoever_made_the_earlier_visit_may_be_barred_from_the_later() -> None:
    of = problem(
        [
            visit("V1", workers_required=2),
            visit("V2", earliest="10:00", after_visit="V1", other_worker=True),
        ],
        workers=[worker("W1"), worker("W2"), worker("W3")],
    )

    def made(later: str) -> Roster:
        rounds = {f"{w}@0-07:00": [("V1", "08:00")] for w in ("W1", "W2")}
        by = f"{later}@0-07:00"
        rounds[by] = [*rounds.get(by, []), ("V2", "10:00")]
        return roster(of, travel(of), rounds)

    assert found(of, made("W3")) == []
    breach = only(of, made("W2"), Rule.LINKS, 1, "count")
    assert breach.worker_id == "W2"
    assert breach.message == "Visit V2 must not have worker W2, who makes visit V1."

"""Every term of docs/model.md, calculated by hand, in pence.

The worker earns 1,480p an hour unless said otherwise; clients are 600 m, ten minutes
on foot, apart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpers import (
    MONDAY,
    client,
    clock,
    contract,
    problem,
    roster,
    shift,
    travel,
    visit,
    worker,
)
from roundplan.cost import changed_visits, cost_of
from roundplan.domain import (
    UNREACHABLE,
    Break,
    HistoryEntry,
    Horizon,
    Made,
    Mode,
    Place,
    Previous,
    Priority,
    Problem,
    Provider,
    Roster,
    ShiftKind,
    Tier,
    Travel,
    named_policy,
)
from roundplan.errors import RateError
from roundplan.units import AMOUNT_PER_PENNY, HOUR_S

SHIFT = "W1@0-07:00"
KNOWN = ("W1", "W2", "W3")


def charter(**fields):
    return named_policy("charter", **fields)


def known_client(client_id: str = "C1", x: float = 0.0, **fields):
    return client(client_id, x, introduced_workers=KNOWN, **fields)


def two_clients(**fields):
    return [known_client("C1", **fields), known_client("C2", 600.0, **fields)]


def terms(of: Problem, rounds, by: Travel | None = None, previous=None, **parts):
    """The terms that are not 0, in amounts divided by a penny."""
    by = by or travel(of)
    cost = cost_of(of, by, roster(of, by, rounds, **parts), previous)
    return {
        name: amount / AMOUNT_PER_PENNY
        for name, amount in cost.amounts.items()
        if amount
    }


def test_contact_travel_and_waiting_at_the_workers_rate() -> None:
    """An hour's contact, 10 minutes' travel, 20 waiting: 1480p, 246.67p, 493.33p."""
    p = problem([visit("V1", "C1"), visit("V2", "C2", "09:00")], clients=two_clients())
    assert terms(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]}) == {
        "contact": 1480,
        "travel": 1480 / 6,
        "waiting": 1480 / 3,
    }


def test_an_unpaid_wait_and_a_break_cost_nothing() -> None:
    """Gap of 100 minutes: 10 travel, 90 wait; with a 30-minute break 60 are paid."""
    p = problem([visit("V1", "C1"), visit("V2", "C2", "10:10")], clients=two_clients())
    starts = {SHIFT: [("V1", "08:00"), ("V2", "10:10")]}
    assert "waiting" not in terms(p, starts)
    rest = Break(start_s=clock("09:00"), end_s=clock("09:30"))
    assert terms(p, starts, breaks={SHIFT: [rest]})["waiting"] == 1480


def test_pay_is_the_rate_of_the_day() -> None:
    """The living wage rises from 1385p to 1480p on 1 May 2026."""
    p = problem(
        [visit("V1", day=0), visit("V2", day=1)],
        clients=[known_client()],
        workers=[worker(contract=contract(rate_p=None))],
        days=2,
        horizon=Horizon(start_date=MONDAY.replace(month=4, day=30), days=2),
    )
    rounds = {SHIFT: [("V1", "08:00")], "W1@1-07:00": [("V2", "08:00")]}
    assert terms(p, rounds) == {"contact": (1385 + 1480) / 2}


def test_pay_percent_takes_its_share_of_every_pay_term() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        clients=two_clients(),
        policy=charter(pay_percent=50),
    )
    found = terms(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert found == {"contact": 740, "travel": 740 / 6, "waiting": 740 / 3}


def test_parking_is_paid() -> None:
    """Six minutes after a car leg: 148p."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        clients=two_clients(),
        workers=[worker(modes=(Mode.DRIVE,))],
        policy=charter(parking_s=360, mileage=False),
    )
    by = travel(p, mode=Mode.DRIVE)
    found = terms(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]}, by)
    assert found["parking"] == 148
    assert found["waiting"] == 1480 * 14 / 60


def test_training_and_meetings_are_paid_and_leave_is_not() -> None:
    """Two hours' training and half an hour's meeting, at 1480p; no leave."""
    p = problem(
        [visit("V1")],
        clients=[known_client()],
        shifts=[
            shift(),
            shift(start="15:00", end="17:00", kind=ShiftKind.TRAINING),
            shift(start="17:00", end="17:30", kind=ShiftKind.MEETING),
            shift(start="18:00", end="20:00", kind=ShiftKind.LEAVE),
        ],
    )
    found = terms(p, {SHIFT: [("V1", "08:00")]})
    assert found == {"contact": 740, "paid_blocks": 1480 * 2.5}


def test_a_price_on_travel_time_beside_pay() -> None:
    """Ten minutes at 7p a minute; a home leg is not paid travel."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        clients=two_clients(),
        shifts=[shift(start_place="W1", end_place="W1")],
        policy=charter(travel_p_min=7),
    )
    found = terms(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert found["travel_price"] == 70


@pytest.mark.parametrize(
    ("mode", "pence"),
    [(Mode.DRIVE, 55), (Mode.CYCLE, 20), (Mode.EBIKE, 20), (Mode.WALK, 0)],
)
def test_mileage_by_mode_rounded_down_leg_by_leg(mode, pence) -> None:
    """600 m are 600,000/1,609,344 mile; two such legs, each rounded down."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00"), visit("V3", "C1", "10:00")],
        clients=two_clients(),
        workers=[worker(modes=(mode,))],
    )
    by = travel(p, mode=mode)
    starts = {SHIFT: [("V1", "08:00"), ("V2", "09:00"), ("V3", "10:00")]}
    cost = cost_of(p, by, roster(p, by, starts))
    assert cost.mileage == 2 * (600_000 * pence * 3600 // 1_609_344)


def test_mileage_takes_the_rate_of_the_horizons_first_day() -> None:
    """45p on 5 April 2026, although the second day is in the year of 55p."""
    p = problem(
        [visit("V1", "C1", day=1), visit("V2", "C2", "09:00", day=1)],
        clients=two_clients(),
        workers=[worker(modes=(Mode.DRIVE,))],
        days=2,
        horizon=Horizon(start_date=MONDAY.replace(month=4, day=5), days=2),
    )
    by = travel(p, mode=Mode.DRIVE)
    made = roster(p, by, {"W1@1-07:00": [("V1", "08:00"), ("V2", "09:00")]})
    assert cost_of(p, by, made).mileage == 600_000 * 45 * 3600 // 1_609_344


def office_problem(mode: Mode, **fields) -> tuple[Problem, Travel]:
    """Out from an office, to C1, to C2, home: one office leg, one between, one home."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        clients=two_clients(),
        workers=[worker(modes=(mode,))],
        shifts=[shift(start_place="office", end_place="W1")],
        places=(Place(place_id="office", x=1200.0, y=0.0),),
        **fields,
    )
    crossings = {("office", "C1"): 2, ("C1", "C2"): 1, ("C2", "W1"): 4}
    return p, travel(p, mode=mode, crossings=crossings)


STARTS = {SHIFT: [("V1", "08:00"), ("V2", "09:00")]}


def test_a_fare_for_each_transit_leg_but_not_to_home() -> None:
    p, by = office_problem(Mode.TRANSIT)
    assert terms(p, STARTS, by)["fares"] == 2 * 175


def test_no_fare_for_staying_with_the_client() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C1", "09:00")],
        clients=[known_client()],
        workers=[worker(modes=(Mode.TRANSIT,))],
    )
    assert "fares" not in terms(p, STARTS, travel(p, mode=Mode.TRANSIT))


def test_boundaries_are_priced_for_cars_alone_and_not_to_home() -> None:
    p, by = office_problem(Mode.DRIVE)
    assert terms(p, STARTS, by)["ltn"] == 3 * 50
    p, by = office_problem(Mode.CYCLE)
    assert "ltn" not in terms(p, STARTS, by)


def test_another_neighbourhood_is_priced_between_clients_alone() -> None:
    """C1 and C2 are in one, C3 in another; nobody knows of C4 and the office."""
    p = problem(
        [
            visit("V1", "C1", "08:00"),
            visit("V2", "C2", "09:00"),
            visit("V3", "C3", "10:00"),
            visit("V4", "C4", "11:00"),
            visit("V5", "C1", "12:00"),
        ],
        policy=charter(cell_change_p=40),
    )
    starts = [(f"V{i}", f"{7 + i:02}:00") for i in range(1, 6)]
    by = replace(travel(p), cells={"C1": "north", "C2": "north", "C3": ""})
    assert terms(p, {SHIFT: starts}, by)["cell_changes"] == 40
    assert "cell_changes" not in terms(p, {SHIFT: starts}, travel(p))


def test_carbon_of_car_legs() -> None:
    """1200 m and 600 m at 170 g/km and 30,000p a tonne: 6.12p and 3.06p."""
    p, by = office_problem(
        Mode.DRIVE, policy=charter(co2e_g_km_drive=170, carbon_p_tonne=30_000)
    )
    assert terms(p, STARTS, by)["co2e"] == pytest.approx(9.18)
    p, by = office_problem(
        Mode.CYCLE, policy=charter(co2e_g_km_drive=170, carbon_p_tonne=30_000)
    )
    assert "co2e" not in terms(p, STARTS, by)


def test_home_legs_have_a_price_apart_from_pay() -> None:
    """C2 to home is 600 m: ten minutes at 5p; the office leg is paid travel."""
    p, by = office_problem(Mode.WALK)
    found = terms(p, STARTS, by)
    assert found["home_legs"] == 50
    assert found["travel"] == 1480 * 30 / 60


def guaranteed(hours: int, start_weekday: int = 0, days: int = 7, **fields):
    """A worker with guaranteed hours, half an hour of visits on the first day."""
    return problem(
        [visit("V1")],
        clients=[known_client()],
        workers=[worker(contract=contract(guaranteed_s=hours * HOUR_S, **fields))],
        days=days,
        horizon=Horizon(start_date=MONDAY + timedelta(days=start_weekday), days=days),
    )


def test_guaranteed_hours_not_worked_are_paid() -> None:
    """16 hours guaranteed, half an hour worked: 15.5 hours."""
    found = terms(guaranteed(16), {SHIFT: [("V1", "08:00")]})
    assert found["guaranteed_hours"] == 15.5 * 1480


def test_guaranteed_hours_are_prorated_in_part_weeks() -> None:
    """Saturday to Monday: 14 h x 2/7 less the half hour worked, then 14 h x 1/7."""
    found = terms(guaranteed(14, start_weekday=5, days=3), {SHIFT: [("V1", "08:00")]})
    assert found["guaranteed_hours"] == (3.5 + 2) * 1480


def test_guaranteed_seconds_are_prorated_rounded_down() -> None:
    """10 h are 36,000 s; a seventh of it 5,142 s, rounded down."""
    p = guaranteed(10, days=1)
    found = terms(p, {SHIFT: [("V1", "08:00")]})
    assert found["guaranteed_hours"] == pytest.approx((5142 - 1800) * 1480 / 3600)


def test_training_uses_up_guaranteed_hours_and_leave_does_not() -> None:
    p = guaranteed(16)
    blocks = [
        shift(start="15:00", end="17:00", kind=ShiftKind.TRAINING),
        shift(start="18:00", end="20:00", kind=ShiftKind.LEAVE),
    ]
    p = replace(p, shifts=(*p.shifts, *blocks))
    found = terms(p, {SHIFT: [("V1", "08:00")]})
    assert found["guaranteed_hours"] == 13.5 * 1480


def test_the_rate_of_a_shortfall_is_that_of_the_weeks_first_day() -> None:
    """The week of Monday 27 April 2026 starts under 1385p."""
    p = problem(
        [visit("V1")],
        clients=[known_client()],
        workers=[worker(contract=contract(guaranteed_s=7 * HOUR_S, rate_p=None))],
        days=7,
        horizon=Horizon(start_date=MONDAY.replace(month=4, day=27), days=7),
    )
    assert terms(p, {SHIFT: [("V1", "08:00")]})["guaranteed_hours"] == 6.5 * 1385


def test_a_policy_may_leave_guaranteed_hours_out() -> None:
    p = replace(guaranteed(16), policy=charter(guaranteed_hours=False))
    assert "guaranteed_hours" not in terms(p, {SHIFT: [("V1", "08:00")]})


def test_a_round_past_midnight_counts_in_the_week_it_opens_in() -> None:
    """Sunday 23:30 to Monday 01:30, 2 h: both hours are Sunday's week's."""
    p = problem(
        [visit("V1", earliest="23:30", minutes=120, day=6)],
        clients=[known_client()],
        workers=[worker(contract=contract(guaranteed_s=7 * HOUR_S))],
        shifts=[shift(start="22:00", end="26:00", day=6)],
        days=14,
    )
    found = terms(p, {"W1@6-22:00": [("V1", "23:30")]})
    assert found["guaranteed_hours"] == (5 + 7) * 1480


def test_overtime_is_the_premium_above_contracted_hours() -> None:
    """Half an hour worked, 10 minutes contracted: 20 minutes x 1480p x 25%."""
    p = problem(
        [visit("V1")],
        clients=[known_client()],
        workers=[worker(contract=contract(contracted_s=7 * 600))],
    )
    found = terms(p, {SHIFT: [("V1", "08:00")]})
    assert found["overtime"] == pytest.approx(1480 / 3 / 4, abs=1 / AMOUNT_PER_PENNY)


def test_overtime_is_rounded_down_once_per_worker_and_week() -> None:
    p = problem(
        [visit("V1")],
        clients=[known_client()],
        workers=[worker(contract=contract(contracted_s=0, rate_p=1483))],
        policy=charter(overtime_percent=33),
    )
    by = travel(p)
    cost = cost_of(p, by, roster(p, by, {SHIFT: [("V1", "08:00")]}))
    assert cost.overtime == 1800 * 1483 * 33 // 100


def test_no_overtime_up_to_contracted_hours_or_without_any() -> None:
    for contracted_s in (7 * 1800, None):
        p = problem(
            [visit("V1")],
            clients=[known_client()],
            workers=[worker(contract=contract(contracted_s=contracted_s))],
        )
        assert "overtime" not in terms(p, {SHIFT: [("V1", "08:00")]})


def history(days_ago: int, worker_id: str = "W1") -> HistoryEntry:
    day = MONDAY - timedelta(days=days_ago)
    return HistoryEntry(
        client_id="C1", worker_id=worker_id, visits=9, first_visit=day, last_visit=day
    )


@pytest.mark.parametrize(
    ("days_ago", "pence"), [(90, 0), (91, 300), (1, 0), (400, 300)]
)
def test_a_worker_is_known_for_ninety_days(days_ago, pence) -> None:
    p = problem([visit("V1")], history=(history(days_ago),))
    found = terms(p, {SHIFT: [("V1", "08:00")]})
    assert found.get("unknown_worker", 0) == pence


def test_the_visits_day_counts_not_the_horizons_first() -> None:
    """Last seen 88 days before Monday: known on Wednesday, not on Thursday."""
    for day, pence in ((2, 0), (3, 300)):
        p = problem([visit("V1", day=day)], days=4, history=(history(88),))
        found = terms(p, {f"W1@{day}-07:00": [("V1", "08:00")]})
        assert found.get("unknown_worker", 0) == pence


def test_the_latest_row_of_the_history_counts() -> None:
    p = problem([visit("V1")], history=(history(200), history(5), history(150)))
    assert "unknown_worker" not in terms(p, {SHIFT: [("V1", "08:00")]})


def test_an_unknown_worker_is_priced_once_for_each_client() -> None:
    """W1's first visits at C1 and C2; the second visit at C1 is by one known."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00"), visit("V3", "C1", "10:00")],
        clients=[client("C1"), client("C2", 600.0)],
    )
    starts = {SHIFT: [("V1", "08:00"), ("V2", "09:00"), ("V3", "10:00")]}
    assert terms(p, starts)["unknown_worker"] == 2 * 300


def test_an_introduced_worker_is_known_from_the_start() -> None:
    p = problem([visit("V1")], clients=[client(introduced_workers=("W1",))])
    assert "unknown_worker" not in terms(p, {SHIFT: [("V1", "08:00")]})


def team(days: int, visit_days: list[int], **client_fields):
    """One visit a day at one client, by W1, W2, W3 in turn."""
    p = problem(
        [visit(f"V{d}", day=d) for d in visit_days],
        clients=[known_client(**client_fields)],
        workers=[worker(w) for w in KNOWN],
        days=days,
    )
    rounds = {
        f"{KNOWN[i % 3]}@{d}-07:00": [(f"V{d}", "08:00")]
        for i, d in enumerate(visit_days)
    }
    return terms(p, rounds).get("extra_workers", 0)


def test_workers_beyond_the_team_size_are_priced() -> None:
    """Three visits a week are for one worker, so two of three are too many."""
    assert team(7, [0, 1, 2]) == 2 * 500


def test_the_team_grows_with_attendances_a_week() -> None:
    """Four visits a week: two workers."""
    assert team(7, [0, 1, 2, 3]) == 500


def test_a_clients_own_team_size_goes_first() -> None:
    assert team(7, [0, 1, 2], team_size=3) == 0
    assert team(7, [0, 1, 2, 3, 4, 5, 6], team_size=1) == 2 * 500


def test_workers_are_counted_in_blocks_of_seven_days() -> None:
    """One worker in days 0-6, two in days 7-13: one too many, once."""
    assert team(14, [6, 7, 8]) == 500


def test_a_double_handed_client_has_a_team_of_two() -> None:
    p = problem(
        [visit("V1", workers_required=2)],
        clients=[known_client()],
        workers=[worker("W1"), worker("W2")],
        days=7,
    )
    rounds = {SHIFT: [("V1", "08:00")], "W2@0-07:00": [("V1", "08:00")]}
    assert "extra_workers" not in terms(p, rounds)
    own = replace(p, clients=(known_client(team_size=1),))
    assert terms(own, rounds)["extra_workers"] == 500


@pytest.mark.parametrize(("start", "pence"), [("08:20", 40), ("07:50", 20)])
def test_minutes_from_the_preferred_start_either_way(start, pence) -> None:
    wanted = visit("V1", earliest="07:30", preferred_start_s=clock("08:00"))
    p = problem([wanted], clients=[known_client()])
    assert terms(p, {SHIFT: [("V1", start)]})["preferred_start"] == pence


def test_starts_are_priced_once_for_two_workers_and_the_earlier_counts() -> None:
    wanted = visit(
        "V1", latest="08:05", workers_required=2, preferred_start_s=clock("08:00")
    )
    p = problem(
        [wanted], clients=[known_client()], workers=[worker("W1"), worker("W2")]
    )
    same = terms(p, {SHIFT: [("V1", "08:10")], "W2@0-07:00": [("V1", "08:10")]})
    assert (same["preferred_start"], same["lateness"]) == (20, 100)
    apart = terms(p, {SHIFT: [("V1", "08:07")], "W2@0-07:00": [("V1", "08:10")]})
    assert (apart["preferred_start"], apart["lateness"]) == (14, 40)


def test_lateness_is_counted_from_the_windows_end() -> None:
    """Five minutes at 20p; on the last allowed second nothing."""
    p = problem([visit("V1", latest="08:30")], clients=[known_client()])
    assert terms(p, {SHIFT: [("V1", "08:35")]})["lateness"] == 100
    assert "lateness" not in terms(p, {SHIFT: [("V1", "08:30")]})


def test_the_largest_lateness_has_its_own_price() -> None:
    """Late by 5 and by 8 minutes: 13 x 20p, and 8 x 3p."""
    p = problem(
        [visit("V1", "C1", latest="08:30"), visit("V2", "C2", "09:00", "09:30")],
        clients=two_clients(),
        policy=charter(largest_lateness_p_min=3),
    )
    found = terms(p, {SHIFT: [("V1", "08:35"), ("V2", "09:38")]})
    assert (found["lateness"], found["largest_lateness"]) == (260, 24)


def by_attendance(client_fields, worker_fields, policy=None, **fields):
    """Two visits, one of them double-handed: three attendances."""
    p = problem(
        [visit("V1"), visit("V2", earliest="09:00", workers_required=2)],
        clients=[known_client(**client_fields)],
        workers=[worker("W1", **worker_fields), worker("W2", **worker_fields)],
        policy=policy or charter(),
        **fields,
    )
    rounds = {
        SHIFT: [("V1", "08:00"), ("V2", "09:00")],
        "W2@0-07:00": [("V2", "09:00")],
    }
    return terms(p, rounds)


def test_another_patch_is_priced_by_attendance() -> None:
    found = by_attendance({"patch": "North"}, {"patch": "South"})
    assert found["other_patch"] == 3 * 200


@pytest.mark.parametrize(
    ("client_patch", "worker_patch"),
    [("North", "North"), (None, "South"), ("North", None)],
)
def test_no_price_for_the_same_patch_or_none(client_patch, worker_patch) -> None:
    found = by_attendance({"patch": client_patch}, {"patch": worker_patch})
    assert "other_patch" not in found


def test_another_language_is_priced_by_attendance() -> None:
    policy = charter(other_language_p=70)
    found = by_attendance({"language": "bn"}, {"languages": ("en",)}, policy)
    assert found["other_language"] == 210
    found = by_attendance({"language": "bn"}, {"languages": ("en", "bn")}, policy)
    assert "other_language" not in found
    assert "other_language" not in by_attendance({}, {}, policy)


def test_a_worker_not_preferred_is_priced_when_any_is_named() -> None:
    policy = charter(not_preferred_p=90)
    found = by_attendance({"preferred_workers": ("W1",)}, {}, policy)
    assert found["not_preferred"] == 90, "W2's one attendance"
    assert "not_preferred" not in by_attendance({}, {}, policy)


@pytest.mark.parametrize(
    ("provider", "pence"),
    [("local", 0), ("second", 300), ("spot", 900), ("nobody", 0), (None, 0)],
)
def test_the_workers_providers_tier(provider, pence) -> None:
    providers = (
        Provider(provider="local"),
        Provider(provider="second", tier=Tier.SECONDARY),
        Provider(provider="spot", tier=Tier.SPOT),
    )
    found = by_attendance({}, {"provider": provider}, providers=providers)
    assert found.get("provider_tier", 0) == pence


def test_a_change_of_workers_from_the_roster_before() -> None:
    """V1 keeps its worker, V2 changes, V3 is left out now; V4 is new, V5 half changed.

    W9 of V6 is no worker any more; V7 is not of this problem.
    """
    p = problem(
        [
            *(visit(f"V{i}", earliest=f"{7 + i:02}:00") for i in (1, 2, 3, 4)),
            visit("V5", earliest="12:00", workers_required=2),
            visit("V6", earliest="13:00"),
        ],
        clients=[known_client()],
        workers=[worker("W1"), worker("W2")],
    )
    by = travel(p)
    before = Previous(
        made={
            **{f"V{i}": Made(workers=("W1",)) for i in (1, 2, 3, 5)},
            "V6": Made(workers=("W9",)),
            "V7": Made(workers=("W1",)),
        },
        change_p=40,
    )
    now = {
        SHIFT: [("V1", "08:30"), ("V4", "11:00"), ("V5", "12:00"), ("V6", "13:00")],
        "W2@0-07:00": [("V2", "09:00"), ("V5", "12:00")],
    }
    assert terms(p, now, by, previous=before)["change"] == 3 * 40
    assert changed_visits(before, roster(p, by, now)) == (3, 4)
    assert "change" not in terms(p, now, by), "no roster before, no change"


@pytest.mark.parametrize(
    ("priority", "pence"),
    [
        (Priority.ESSENTIAL, 100_000),
        (Priority.STANDARD, 30_000),
        (Priority.FLEXIBLE, 5_000),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_visit_in_no_round_is_unassigned_listed_or_not(
    priority, pence, listed
) -> None:
    p = problem([visit("V1", priority=priority)])
    left = ["V1"] if listed else []
    assert terms(p, {}, unassigned=left) == {"unassigned": pence}


def test_a_double_handed_visit_left_out_is_priced_once() -> None:
    p = problem([visit("V1", workers_required=2)])
    assert terms(p, {}) == {"unassigned": 30_000}


def test_a_leg_that_cannot_be_travelled_costs_nothing() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "08:30")], clients=two_clients())
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "08:30")]})
    times = by.matrices["walk"].times_s.copy()
    times[0, 1] = UNREACHABLE
    cut = Travel(matrices={"walk": replace(by.matrices["walk"], times_s=times)})
    cost = cost_of(p, cut, made)
    assert cost.total_p == cost.pence()["contact"] == 1480


def test_a_worker_with_no_vehicle_in_the_travel_costs_no_travel() -> None:
    p = problem([visit("V1", "C1"), visit("V2", "C2", "08:30")], clients=two_clients())
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00"), ("V2", "08:30")]})
    assert cost_of(p, Travel(matrices={}), made).total_p == 1480


def test_a_roster_of_strangers_costs_what_is_left_undone() -> None:
    p = problem([visit("V1")])
    by = travel(p)
    made = roster(p, by, {SHIFT: [("V1", "08:00")]})
    (care_round,) = made.rounds
    edited = Roster(rounds=(replace(care_round, worker_id="W9"),))
    assert cost_of(p, by, edited).pence()["unassigned"] == 30_000


def test_the_benchmark_policy_counts_travel_seconds() -> None:
    """One second of travel is one penny, and nothing else has a price."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        policy=named_policy("benchmark"),
        workers=[worker(contract=contract(rate_p=None))],
    )
    by = travel(p, metres_per_s=600 / 541)
    found = terms(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]}, by)
    assert found == {"travel_price": 541}


def test_a_missing_rate_is_an_error_with_the_way_out() -> None:
    p = problem(
        [visit("V1")],
        workers=[worker(contract=contract(rate_p=None))],
        horizon=Horizon(start_date=MONDAY.replace(year=2005), days=1),
    )
    by = travel(p)
    with pytest.raises(RateError, match=r"E1201.*\[rates\] file"):
        cost_of(p, by, roster(p, by, {SHIFT: [("V1", "08:00")]}))

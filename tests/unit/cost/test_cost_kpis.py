"""Key figures by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from helpers import (
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
from roundplan.cost import client_continuity, cost_of, kpis, worked_rounds
from roundplan.domain import (
    Mode,
    Priority,
    Provider,
    Roster,
    ShiftKind,
    Tier,
)
from roundplan.units import HOUR_S

SHIFT = "W1@0-07:00"


def figures(of, rounds, by=None):
    by = by or travel(of)
    return kpis(of, by, roster(of, by, rounds))


def test_an_empty_roster_has_figures_without_denominators() -> None:
    found = figures(problem([visit()]), {})
    assert found["visits_placed"] == 0
    assert found["visits_unassigned"] == 1
    for name in (
        "travel_per_contact_percent",
        "travel_per_paid_percent",
        "active_per_leg_percent",
        "active_per_metre_percent",
        "used_per_guaranteed_percent",
        "preferred_start_mean_minutes",
        "upc_mean",
        "unknown_per_attendance_percent",
        "three_workers_cover_70_per_client_percent",
    ):
        assert found[name] is None
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_delivery_counts() -> None:
    p = problem(
        [
            visit("V1", workers_required=2),
            visit("V2", earliest="09:00"),
            visit("V3", priority=Priority.ESSENTIAL),
            visit("V4", priority=Priority.FLEXIBLE),
        ],
        workers=[worker("W1"), worker("W2")],
    )
    rounds = {
        SHIFT: [("V1", "08:00"), ("V2", "09:00")],
        "W2@0-07:00": [("V1", "08:00")],
    }
    found = figures(p, rounds)
    assert (found["visits"], found["attendances"]) == (4, 5)
    assert (found["visits_placed"], found["attendances_placed"]) == (2, 3)
    assert found["visits_unassigned"] == 2
    assert found["unassigned_by_priority"] == {
        "essential": 1,
        "standard": 0,
        "flexible": 1,
    }
    assert found["double_handed_visits"] == 1


def test_shares_of_time_and_their_denominators() -> None:
    """Contact 60 min, travel 10, waiting 20, a meeting of 10: paid 100 minutes."""
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00")],
        shifts=[
            shift(),
            shift(start="15:00", end="15:10", kind=ShiftKind.MEETING),
        ],
    )
    found = figures(p, {SHIFT: [("V1", "08:00"), ("V2", "09:00")]})
    assert found["paid_s"] == 6000
    assert found["paid_hours"] == 1.67
    assert found["travel_per_contact_percent"] == 16.7
    assert found["travel_per_paid_percent"] == 10.0
    assert found["waiting_per_paid_percent"] == 20.0
    assert found["contact_per_paid_percent"] == 60.0
    assert found["paid_per_shift_percent"] == round(100 * 90 / 480, 1)


def test_guaranteed_hours_used_and_unused() -> None:
    """W1: 7 h a week, 1 h in one day of it; W2: worked beyond what is guaranteed."""
    p = problem(
        [visit("V1", minutes=30), visit("V2", minutes=60, earliest="09:00")],
        workers=[
            worker("W1", contract=contract(guaranteed_s=7 * HOUR_S)),
            worker("W2", contract=contract(guaranteed_s=7 * 1800)),
        ],
    )
    rounds = {SHIFT: [("V1", "08:00")], "W2@0-07:00": [("V2", "09:00")]}
    found = figures(p, rounds)
    assert found["guaranteed_hours"] == 1.5
    assert found["guaranteed_unused_hours"] == 0.5
    assert found["used_per_guaranteed_percent"] == 66.7


def test_attendances_and_rounds_by_neighbourhood() -> None:
    p = problem(
        [
            visit("V1", "C1"),
            visit("V2", "C2", "09:00"),
            visit("V3", "C3", "10:00"),
            visit("V4", "C3", "11:00"),
        ],
        workers=[worker(), worker("W2")],
    )
    rounds = {
        SHIFT: [("V1", "08:00"), ("V2", "09:00"), ("V3", "10:00")],
        "W2@0-07:00": [("V4", "11:00")],
    }
    assert "cell_changes" not in figures(p, rounds)
    by = replace(travel(p), cells={"C1": "north", "C2": "south", "C3": ""})
    found = figures(p, rounds, by)
    assert found["attendances_by_cell"] == {"": 2, "north": 1, "south": 1}
    assert found["cell_changes"] == 2
    assert found["cells_per_round_mean"] == 2.0
    nowhere = replace(travel(p), cells=dict.fromkeys(("C1", "C2", "C3"), ""))
    found = figures(p, rounds, nowhere)
    assert (found["cell_changes"], found["cells_per_round_mean"]) == (0, None)


def test_travel_by_mode_and_active_share() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "09:00"), visit("V3", "C2", "10:00")],
        workers=[worker(x=-600.0, modes=(Mode.DRIVE,))],
        shifts=[shift(start_place="W1")],
    )
    by = travel(p, mode=Mode.DRIVE, crossings={("C1", "C2"): 2, ("W1", "C1"): 5})
    rounds = {SHIFT: [("V1", "08:00"), ("V2", "09:00"), ("V3", "10:00")]}
    found = figures(p, rounds, by)
    assert found["metres_by_mode"]["drive"] == found["metres"] == 600
    assert found["home_leg_metres"] == 600
    assert found["ltn_crossings"] == 2
    assert found["active_per_leg_percent"] == 0.0
    assert found["legs_by_mode"]["drive"] == 1
    assert found["travel_hours_by_mode"]["drive"] == 0.17
    assert found["co2e_kg"] == found["co2e_kg_by_mode"]["drive"] == 0.1  # 600 m at 166
    own = replace(p, policy=replace(p.policy, co2e_g_km_drive=90))
    assert figures(own, rounds, by)["co2e_kg"] == 0.054
    cycling = replace(p, workers=(worker(x=-600.0, modes=(Mode.CYCLE,)),))
    found = figures(cycling, rounds, travel(cycling, mode=Mode.CYCLE))
    assert found["active_per_leg_percent"] == 100.0
    assert found["active_per_metre_percent"] == 100.0
    assert found["co2e_kg"] == 0


def test_starts_against_preferences_and_windows() -> None:
    """15 minutes early, 30 late and 40 late; the last one 10 after its window."""
    p = problem(
        [
            visit(f"V{hour}", earliest=f"0{hour}:00", latest=f"0{hour}:30",
                  preferred_start_s=clock(wanted))
            for hour, wanted in ((7, "07:15"), (8, "08:00"), (9, "09:00"))
        ]
    )  # fmt: skip
    found = figures(p, {SHIFT: [("V7", "07:00"), ("V8", "08:30"), ("V9", "09:40")]})
    assert found["preferred_start_mean_minutes"] == 28.3
    assert found["preferred_start_within_15_percent"] == 33.3
    assert found["preferred_start_within_30_percent"] == 66.7
    assert (found["late_visits"], found["late_minutes"]) == (1, 10.0)
    assert found["largest_late_minutes"] == 10.0


def daily(workers_by_day):
    """One client visited each day by the workers named, one letter a visit."""
    names = sorted(set("".join(workers_by_day)))
    p = problem(
        [
            visit(f"V{d}-{i}", earliest=f"{8 + i:02}:00", day=d)
            for d, letters in enumerate(workers_by_day)
            for i in range(len(letters))
        ],
        workers=[worker(n) for n in names],
        days=len(workers_by_day),
    )
    rounds: dict[str, list[tuple[str, str]]] = {}
    for d, letters in enumerate(workers_by_day):
        for i, name in enumerate(letters):
            stop = (f"V{d}-{i}", f"{8 + i:02}:00")
            rounds.setdefault(f"{name}@{d}-07:00", []).append(stop)
    by = travel(p)
    made = roster(p, by, rounds)
    (only,) = client_continuity(p, worked_rounds(p, by, made))
    return only


def test_continuity_indices_by_their_formulas() -> None:
    """A A B A C: n = 3, 1, 1; N = 5."""
    found = daily(["A", "A", "B", "A", "C"])
    assert found.distinct_workers == 3
    assert found.upc == 3 / 5
    assert found.coci == (9 + 1 + 1 - 5) / 20
    assert found.secon == 1 / 4
    assert found.team_of_three


def test_one_worker_for_all_is_perfect_continuity() -> None:
    found = daily(["AA", "AA"])
    assert (found.upc, found.coci, found.secon, found.best_three) == (1, 1, 1, 1)
    assert found.visits_a_day == 2


def test_a_single_visit_has_no_index_of_change() -> None:
    found = daily(["A"])
    assert (found.coci, found.secon) == (None, None)
    assert found.upc == 1


@pytest.mark.parametrize(
    ("days", "covered"), [(["ABC", "ABC", "AD", "EF"], True), (["ABCDE"], False)]
)
def test_three_workers_cover_seventy_percent(days, covered) -> None:
    """Seven of ten attendances are exactly enough, three of five are not."""
    assert daily(days).team_of_three is covered


def test_each_worker_of_a_double_handed_visit_counts_once() -> None:
    """A and B, then A and C: n = 2, 1, 1; half of the second pair came before."""
    p = problem(
        [visit("V1", workers_required=2), visit("V2", day=1, workers_required=2)],
        workers=[worker(n) for n in "ABC"],
        days=2,
    )
    rounds = {
        "A@0-07:00": [("V1", "08:00")],
        "B@0-07:00": [("V1", "08:00")],
        "A@1-07:00": [("V2", "08:00")],
        "C@1-07:00": [("V2", "08:00")],
    }
    found = figures(p, rounds)
    assert found["clients"]["C1"] == {
        "attendances": 4,
        "distinct_workers": 3,
        "upc": 0.5,
        "coci": round((4 + 1 + 1 - 4) / 12, 3),
        "secon": 0.5,
        "best_three": 1.0,
    }
    assert found["unknown_worker_visits"] == 3
    assert found["unknown_per_attendance_percent"] == 75.0


def test_clients_are_grouped_by_visits_a_day_and_averaged() -> None:
    """C1 once a day by A; C2 five times a day, by A and B."""
    p = problem(
        [
            visit("V1", "C1"),
            *(visit(f"D{i}", "C2", f"{9 + i:02}:00") for i in range(5)),
        ],
        clients=[client("C1"), client("C2")],
        workers=[worker("A"), worker("B")],
    )
    rounds = {
        "A@0-07:00": [("V1", "08:00"), ("D0", "09:00"), ("D1", "10:00")],
        "B@0-07:00": [(f"D{i}", f"{9 + i:02}:00") for i in (2, 3, 4)],
    }
    found = figures(p, rounds)
    groups = found["continuity_by_visits_a_day"]
    assert list(groups) == ["1", "2", "3", "4+"]
    assert (groups["1"]["clients"], groups["4+"]["clients"]) == (1, 1)
    assert groups["4+"]["upc_mean"] == 0.6
    assert groups["2"]["upc_mean"] is None
    assert found["clients_visited"] == 2
    assert found["distinct_workers_mean"] == 1.5
    assert found["upc_mean"] == 0.8


def test_clients_are_grouped_by_visits_a_week() -> None:
    """Of seven days: one with a daily visit, one with a single one; of two, twice."""
    daily_visits = [visit(f"V{day}", "C1", day=day) for day in range(7)]
    p = problem(
        [*daily_visits, visit("S", "C2", "10:00")],
        clients=[client("C1"), client("C2")],
        workers=[worker("A"), worker("B")],
        days=7,
    )
    rounds = {f"A@{day}-07:00": [(f"V{day}", clock("08:00", day))] for day in range(7)}
    rounds["B@0-07:00"] = [("S", "10:00")]
    groups = figures(p, rounds)["continuity_by_visits_a_week"]
    assert list(groups) == ["1-3", "4-7", "8-14", "15-21", "22+"]
    assert (groups["1-3"]["clients"], groups["4-7"]["clients"]) == (1, 1)
    assert groups["4-7"]["distinct_workers_mean"] == 1
    assert groups["8-14"]["distinct_workers_mean"] is None

    short = problem([visit("V0", "C1"), visit("V1", "C1", "10:00")], days=1)
    rounds = {SHIFT: [("V0", "08:00"), ("V1", "10:00")]}
    groups = figures(short, rounds)["continuity_by_visits_a_week"]
    assert groups["8-14"]["clients"] == 1


def test_provider_tiers_share_residents_and_hours() -> None:
    """C1: an hour each from spot and locality, a tie; C2: an hour from nobody known."""
    p = problem(
        [
            visit("V1", "C1", minutes=60),
            visit("V2", "C1", "10:00", minutes=60),
            visit("V3", "C2", "10:00", minutes=60),
        ],
        workers=[
            worker("W1", provider="local"),
            worker("W2", provider="spot"),
            worker("W3"),
        ],
        providers=(
            Provider(provider="spot", tier=Tier.SPOT),
            Provider(provider="local"),
        ),
    )
    rounds = {
        SHIFT: [("V1", "08:00")],
        "W2@0-07:00": [("V2", "10:00")],
        "W3@0-07:00": [("V3", "10:00")],
    }
    tiers = figures(p, rounds)["provider_tiers"]
    assert tiers["locality"] == {
        "residents": 1,
        "per_resident_percent": 50.0,
        "contact_hours": 1.0,
        "per_contact_percent": 33.3,
    }
    assert (tiers["spot"]["residents"], tiers["spot"]["contact_hours"]) == (0, 1.0)
    assert (tiers["unknown"]["residents"], tiers["secondary"]["residents"]) == (1, 0)
    assert figures(replace(p, providers=()), rounds)["provider_tiers"] == {}


def test_a_large_roster_is_counted_and_costed() -> None:
    """10,000 visits of 200 workers on 7 days; no claim on time, only that it works."""
    visits, rounds = [], {}
    for i in range(10_000):
        w, day, slot = i % 200, i // 200 % 7, i // 1400
        at = clock("07:00", day) + slot * 3600
        visits.append(visit(f"V{i}", f"C{i % 300}", f"{7 + slot:02}:00", day=day))
        rounds.setdefault(f"W{w}@{day}-06:00", []).append((f"V{i}", at))
    workers = [worker(f"W{w}") for w in range(200)]
    shifts = [shift(f"W{w}", "06:00", "22:00", d) for w in range(200) for d in range(7)]
    p = problem(visits, workers, shifts, days=7)
    by = travel(p)
    made = roster(p, by, rounds)
    assert kpis(p, by, made)["attendances_placed"] == 10_000
    assert cost_of(p, by, made).unassigned == 0
    assert cost_of(p, by, Roster(rounds=())).unassigned == 10_000 * 30_000 * 3600


def test_hours_of_providers_against_their_bands() -> None:
    """Two days: an hour of one provider is 3.5 a week, below its band of 5 to 10."""
    p = problem(
        [visit("V1", "C1", minutes=60), visit("V2", "C2", "10:00", minutes=240)],
        workers=[worker("W1", provider="few"), worker("W2", provider="many")],
        providers=(
            Provider(provider="few", min_s_week=5 * HOUR_S, max_s_week=10 * HOUR_S),
            Provider(provider="many", max_s_week=10 * HOUR_S),
            Provider(provider="idle", min_s_week=HOUR_S),
        ),
        days=2,
    )
    rounds = {SHIFT: [("V1", "08:00")], "W2@0-07:00": [("V2", "10:00")]}
    hours = figures(p, rounds)["provider_hours"]
    assert hours["few"] == {
        "contact_hours_week": 3.5,
        "min_hours_week": 5.0,
        "max_hours_week": 10.0,
        "short_hours": 1.5,
        "over_hours": 0.0,
    }
    assert (hours["many"]["contact_hours_week"], hours["many"]["over_hours"]) == (14, 4)
    assert hours["many"]["min_hours_week"] is None
    assert (hours["idle"]["short_hours"], hours["idle"]["over_hours"]) == (1.0, 0.0)


def test_attendances_from_another_patch_are_counted() -> None:
    p = problem(
        [visit("V1", "C1"), visit("V2", "C2", "10:00"), visit("V3", "C3", "12:00")],
        clients=[
            client("C1", patch="North"), client("C2", patch="South"), client("C3")
        ],
        workers=[worker("W1", patch="North")],
    )  # fmt: skip
    rounds = {SHIFT: [("V1", "08:00"), ("V2", "10:00"), ("V3", "12:00")]}
    assert figures(p, rounds)["other_patch_attendances"] == 1
    nobody = replace(p, workers=(worker("W1"),))
    assert figures(nobody, rounds)["other_patch_attendances"] == 0

"""A saved problem reads back equal, notes apart."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import helpers
from roundplan.domain import (
    CHARTER,
    LAT_LON,
    PLAIN,
    CareWorker,
    Client,
    Contract,
    ContractKind,
    Gender,
    HistoryEntry,
    Horizon,
    LlwFrom,
    Mode,
    Override,
    Place,
    Priority,
    Problem,
    Provider,
    Rate,
    Rule,
    Shift,
    ShiftKind,
    Tier,
    TimeWindow,
    Visit,
)
from roundplan.errors import DomainError, UsageError
from roundplan.formats import load_problem, local_horizon, save_problem, shift_ids

STARTS = [date(2026, 3, 27), date(2026, 10, 23), date(2026, 6, 1)]
WORDS = st.sampled_from(
    ["hoist", "insulin", "Català", "a|b", "=1+1", '"q", x', "@home"]
)
LISTS = st.lists(WORDS, max_size=3, unique=True).map(tuple)
TEXT = st.sampled_from(["late bus", "two\nlines", 'say "yes", then', "-5", "£3"])
EXTRA = st.sampled_from([(), (("colour", "blue"),), (("a, b", "x;y"), ("colour", "1"))])
HOURS = st.none() | st.integers(0, 40 * 3600)


def maybe(*values: object) -> st.SearchStrategy:
    return st.sampled_from([None, *values])


@st.composite
def places(draw: st.DrawFn, place_id: str) -> Place:
    degrees = st.floats(-80, 80, allow_subnormal=False)
    crs = draw(st.sampled_from([LAT_LON, "EPSG:27700", None, "none"]))
    if crs == "none":
        return Place(place_id=place_id)
    return Place(place_id=place_id, x=draw(degrees), y=draw(degrees), crs=crs)


@st.composite
def shifts_of(draw: st.DrawFn, worker_id: str, horizon: Horizon) -> list[Shift]:
    made: list[tuple[int, int, int, ShiftKind]] = []
    for day in range(horizon.days):
        free_from = max([end for _, _, end, _ in made], default=0)
        for _ in range(draw(st.integers(0, 2))):
            start = max(free_from, horizon.midnights_s[day])
            start += draw(st.integers(0, 6 * 3600))
            end = start + draw(st.integers(1, 7 * 3600))
            if start > horizon.midnights_s[day] + 24 * 3600:
                break
            made.append((day, start, end, draw(st.sampled_from(list(ShiftKind)))))
            free_from = end
    names = shift_ids(
        (worker_id, str(horizon.date_of(day)), kind, start)
        for day, start, _, kind in made
    )
    if draw(st.booleans()):
        names = [f"own-{worker_id}-{i}" for i in range(len(made))]
    ends = maybe(worker_id, "HUB", "C1")
    return [
        Shift(
            shift_id=name,
            worker_id=worker_id,
            day=day,
            start_s=start,
            end_s=end,
            kind=kind,
            start_place=draw(ends),
            end_place=draw(ends),
            extra=draw(EXTRA),
        )
        for name, (day, start, end, kind) in zip(names, made, strict=True)
    ]


@st.composite
def workers_of(draw: st.DrawFn, worker_id: str) -> CareWorker:
    kind = draw(st.sampled_from(list(ContractKind)))
    guaranteed = draw(st.integers(0, 40 * 3600))
    return CareWorker(
        worker_id=worker_id,
        home=draw(places(worker_id)),
        patch=draw(maybe("N", "S")),
        provider=draw(maybe("Acme")),
        modes=tuple(
            draw(st.lists(st.sampled_from(list(Mode)), min_size=1, unique=True))
        ),
        ltn_exempt=draw(st.booleans()),
        skills=frozenset(draw(LISTS)),
        gender=draw(maybe(Gender.FEMALE, Gender.MALE)),
        languages=draw(LISTS),
        contract=Contract(
            kind=kind,
            guaranteed_s=guaranteed if kind is ContractKind.GUARANTEED else 0,
            contracted_s=draw(HOURS),
            max_s=draw(maybe(60 * 3600, 150_001)),
            rate_p=draw(st.none() | st.integers(1, 9999)),
            has_fixed_base=draw(st.booleans()),
            wtr_opt_out=draw(st.booleans()),
            worked_16_weeks_s=draw(HOURS),
        ),
        extra=draw(EXTRA),
    )


@st.composite
def visits_of(
    draw: st.DrawFn, index: int, horizon: Horizon, earlier: list[str]
) -> Visit:
    day = draw(st.integers(0, horizon.days - 1))
    opens = horizon.midnights_s[day] + draw(st.integers(0, 30 * 3600))
    closes = opens + draw(st.integers(0, 5 * 3600))
    required = draw(st.sampled_from([1, 2]))
    within = st.none() | st.integers(opens, closes)
    low = draw(st.integers(0, 9999))
    return Visit(
        visit_id=f"V{index}@x",
        client_id=draw(st.sampled_from(["C1", "C2"])),
        day=day,
        window=TimeWindow(earliest_start_s=opens, latest_start_s=closes),
        duration_s=60 * draw(st.integers(1, 300)),
        preferred_start_s=draw(within),
        workers_required=required,
        skills=frozenset(draw(LISTS)),
        priority=draw(st.sampled_from(list(Priority))),
        time_critical=draw(st.booleans()),
        after_visit=draw(maybe(*earlier)),
        min_gap_s=low,
        max_gap_s=draw(st.none() | st.integers(low, 99_999)),
        other_worker=draw(st.booleans()),
        short_visit_agreed=draw(st.booleans()),
        pinned_workers=draw(st.sampled_from([(), ("W1",), ("W2", "W1")[:required]])),
        pinned_start_s=draw(within),
        extra=draw(EXTRA),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    horizon = local_horizon(draw(st.sampled_from(STARTS)), draw(st.integers(1, 5)))
    clients = tuple(
        Client(
            client_id=client_id,
            place=draw(places(client_id)),
            patch=draw(maybe("N", "S")),
            provider=draw(maybe("Acme")),
            package=draw(maybe("homecare")),
            start_day=draw(maybe(-30, 0)),
            end_day=draw(maybe(28, 99)),
            language=draw(maybe("English", "Somali")),
            worker_gender=draw(st.sampled_from(list(Gender))),
            team_size=draw(maybe(1, 3)),
            preferred_workers=draw(st.sampled_from([(), ("W1", "W2")])),
            barred_workers=draw(st.sampled_from([(), ("W3",)])),
            introduced_workers=draw(st.sampled_from([(), ("W2",)])),
            extra=draw(EXTRA),
        )
        for client_id in ("C1", "C2")
    )
    workers = tuple(draw(workers_of(w)) for w in ("W1", "W2", "W3"))
    visits: list[Visit] = []
    for index in range(draw(st.integers(0, 6))):
        earlier = [v.visit_id for v in visits]
        visits.append(draw(visits_of(index, horizon, earlier)))
    overrides = [
        Override(
            rule=draw(st.sampled_from(list(Rule))),
            worker_id="W1",
            reason=draw(TEXT),
            approved_by=draw(TEXT),
            day=draw(maybe(0)),
        )
    ]
    return Problem(
        horizon=horizon,
        clients=clients,
        visits=tuple(visits),
        workers=workers,
        shifts=tuple(s for w in workers for s in draw(shifts_of(w.worker_id, horizon))),
        places=(draw(places("HUB")),),
        history=(
            HistoryEntry(
                client_id="C1",
                worker_id="W1",
                visits=3,
                first_visit=date(2026, 1, 1),
                last_visit=date(2026, 2, 1),
            ),
        ),
        providers=(
            Provider(
                provider="Acme",
                tier=draw(st.sampled_from(list(Tier))),
                patches=draw(LISTS),
                min_s_week=draw(maybe(0, 3600)),
                max_s_week=draw(maybe(7200)),
                extra=draw(EXTRA),
            ),
        ),
        overrides=tuple(overrides),
        policy=draw(
            st.sampled_from(
                [
                    CHARTER,
                    replace(PLAIN, pay_floor=None, team_sizes=((9, 9),), mileage=False),
                    replace(CHARTER, buffer_s=0, guaranteed_hours=False),
                ]
            )
        ),
        rates=draw(
            st.sampled_from(
                [
                    (),
                    (
                        Rate(
                            rate="llw",
                            region="London",
                            value="14.80",
                            unit="GBP/hour",
                            announced=None,
                            effective_from=date(2026, 1, 1),
                            effective_to=None,
                            verified_to=date(2026, 6, 1),
                            source="a letter, unsigned",
                            confidence="",
                        ),
                    ),
                ]
            )
        ),
        llw_from=draw(st.sampled_from(list(LlwFrom))),
    )


@settings(deadline=None, max_examples=50)
@given(problems())
def test_saved_problem_reads_back_equal(problem):
    travel = helpers.travel(problem)
    with tempfile.TemporaryDirectory() as folder:
        save_problem(problem, folder, travel=travel, max_snap_m=80)
        loaded = load_problem(folder)
    assert replace(loaded.problem, notes=()) == problem
    assert loaded.travel is not None
    assert loaded.max_snap_m == 80
    used = {p.place_id for p in problem.all_places()}
    assert used <= set(loaded.travel.matrices["walk"].place_ids)


def small() -> Problem:
    return helpers.problem([helpers.visit("V1"), helpers.visit("V2", "C2")])


def test_problem_with_a_network_reads_back(tmp_path: Path):
    problem = small()
    at = [replace(c, place=replace(c.place, crs="EPSG:27700")) for c in problem.clients]
    problem = replace(problem, clients=tuple(at))
    folder = tmp_path / "new" / "problem"
    save_problem(
        problem,
        folder,
        network="streets.osm",
        people=[{"client_id": "C1", "name": "Somebody"}],
        extra_files={"streets.osm": b"<osm/>"},
    )
    loaded = load_problem(folder)
    assert replace(loaded.problem, notes=()) == problem
    assert loaded.network == folder / "streets.osm"
    assert "people.csv" in dict(loaded.hashes)


def test_folder_that_holds_a_problem_is_not_written_over(tmp_path: Path):
    save_problem(small(), tmp_path)
    with pytest.raises(UsageError, match="choose a new folder"):
        save_problem(small(), tmp_path)


def test_extra_file_may_not_leave_the_folder(tmp_path: Path):
    with pytest.raises(UsageError):
        save_problem(small(), tmp_path / "p", extra_files={"../x": b""})
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    "problem",
    [
        replace(small(), policy=replace(CHARTER, name="mine")),
        helpers.problem([helpers.visit(skills=frozenset({"a;b"}))]),
        helpers.problem([helpers.visit(earliest="40:00")]),
        replace(
            small(),
            horizon=replace(small().horizon, midnights_s=(0, 3600)),
        ),
    ],
)
def test_what_the_files_cannot_say_is_refused(problem, tmp_path: Path):
    with pytest.raises(DomainError):
        save_problem(problem, tmp_path)
    assert not list(tmp_path.iterdir())

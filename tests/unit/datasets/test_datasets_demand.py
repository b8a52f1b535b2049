"""A generated week: near its sources, within the charter, and possible to staff."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from roundplan.datasets.assumptions import BANDS, figures
from roundplan.datasets.demand import Week, make_week
from roundplan.datasets.demand.load import cover, load
from roundplan.datasets.demand.skills import eligible
from roundplan.datasets.demand.staffing import PARTS
from roundplan.datasets.town import build_town

START = date(2026, 6, 1)
FIGURES = figures()
SPARE = int(FIGURES.number("spare_workers"))


def make(clients: int, seed: int, start: date = START, days: int = 7) -> Week:
    town = build_town(seed, 1.8 if clients < 60 else 6.25)
    return make_week(
        town, clients=clients, seed=seed, start_date=start, days=days, figures=FIGURES
    )


@pytest.fixture(scope="module")
def week():
    return make(120, 1)


@pytest.fixture(scope="module", params=[1, 2, 5])
def any_week(request):
    return make(120, request.param)


def visits(of: Week) -> list:
    return [(client, visit) for client in of.clients for visit in client.visits]


def test_every_assumption_has_a_source_and_a_note():
    rows = FIGURES.rows.values()
    assert all(a.name and a.source and a.note for a in rows)
    assert {f"band_{name}" for name in BANDS} <= FIGURES.rows.keys()


def test_shares_of_clients_by_visits_a_day_add_up():
    often = ("part_week", "one_a_day", "two_a_day", "three_a_day", "four_a_day")
    assert sum(FIGURES.number(f"clients_{name}") for name in often) == pytest.approx(1)


def test_the_copied_figures_are_those_of_the_calibration_table(shared_statistics):
    """The package's own table says what the sources say."""
    mix = next(
        v for k, v in shared_statistics.items() if k.endswith("15/30/45/60 min: median")
    )
    lengths = [FIGURES.rows[f"length_{m}"].value for m in (15, 30, 45, 60)]
    assert (
        f"derived mix {'/'.join(x.removesuffix('.0') for x in lengths)}".replace(
            "72/18/", "72.0/18.0/"
        )
        in mix
    )
    assert shared_statistics["clients with one / two visits a day"] == "35% / 27%"
    assert (
        FIGURES.number("clients_one_a_day"),
        FIGURES.number("clients_two_a_day"),
    ) == (0.35, 0.27)
    assert FIGURES.number("zero_hours_workers") == 0.42
    assert shared_statistics["domiciliary workers on zero-hours contracts"].startswith(
        "42%"
    )
    slots = shared_statistics["visit slots"]
    assert all(FIGURES.rows[f"band_{name}"].value in slots for name in BANDS)


@pytest.fixture
def shared_statistics():
    import csv
    from pathlib import Path

    file = Path(__file__).parents[4] / "shared" / "data" / "uk_homecare_stats.csv"
    if not file.is_file():
        pytest.skip("needs ../shared/data/uk_homecare_stats.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {row["measure"]: row["value"] for row in rows}


def test_clients_have_one_and_two_visits_a_day_as_often_as_published(any_week):
    """Healthwatch Halton: 35% and 27%, on the days they have visits."""
    daily = [c for c in any_week.clients if c.visits[0].a_week >= 5]
    a_day = Counter(len(client.visits) for client in daily)
    assert a_day[1] / 120 == pytest.approx(0.35, abs=0.01)
    assert a_day[2] / 120 == pytest.approx(0.27, abs=0.01)


def test_visit_lengths_are_the_torbay_mix_without_fifteen_minutes(any_week):
    """72, 18 and 8.4 percent share what the 1.6 percent of 15 minutes leave."""
    counts = Counter[int]()
    for client, visit in visits(any_week):
        if client.often not in ("domestic", "respite"):
            counts[visit.minutes] += visit.a_week
    total = sum(counts.values())
    assert set(counts) == {30, 45, 60}
    for minutes, percent in ((30, 72), (45, 18), (60, 8.4)):
        assert counts[minutes] / total == pytest.approx(percent / 98.4, abs=0.04)


def test_longer_visits_are_a_few(any_week):
    long = sum(v.a_week for _, v in visits(any_week) if v.minutes > 60)
    total = sum(v.a_week for _, v in visits(any_week))
    assert 0.005 < long / total < 0.04


def test_visits_per_client_are_not_far_from_southwarks(any_week):
    """9.4 a week there; about a fifth fewer here, for fewer large packages."""
    per_client = sum(v.a_week for _, v in visits(any_week)) / len(any_week.clients)
    assert per_client == pytest.approx(FIGURES.number("visits_week_client"), rel=0.25)


def test_double_handed_clients_are_the_assumed_share(any_week):
    doubles = [c for c in any_week.clients if c.double]
    assert len(doubles) == round(0.05 * 120)
    assert all(
        v.workers == 2 and "hoist" in v.skills for c in doubles for v in c.visits
    )


def test_starts_lie_in_southwarks_bands(any_week):
    for client, visit in visits(any_week):
        if client.often == "domestic":
            continue
        start, end = FIGURES.band(visit.slot)
        slack = 10 if client.often == "respite" else 0
        assert start - slack <= visit.earliest
        assert visit.latest <= end + slack
        assert visit.latest + visit.minutes <= 22 * 60


def test_no_visit_breaks_the_charter_and_every_window_holds_its_preference(any_week):
    for _, visit in visits(any_week):
        assert visit.minutes >= 30
        assert visit.earliest <= visit.preferred <= visit.latest
        assert visit.workers in (1, 2)
        assert visit.a_week > 0


def test_windows_are_narrow_when_time_critical_and_wide_when_flexible(any_week):
    wide = defaultdict(list)
    for _, visit in visits(any_week):
        kind = "critical" if visit.time_critical else visit.priority
        wide[kind].append(visit.latest - visit.earliest)
    assert max(wide["critical"]) <= 60
    assert min(wide["flexible"]) >= 240
    assert sum(wide["standard"]) / len(wide["standard"]) > 60
    assert all(
        v.priority == "essential" for _, v in visits(any_week) if v.time_critical
    )


def test_linked_doses_can_be_four_hours_apart_on_the_same_days(any_week):
    linked = 0
    for client, visit in visits(any_week):
        if visit.after_visit:
            first = next(v for v in client.visits if v.visit_id == visit.after_visit)
            linked += 1
            assert visit.days == first.days
            assert visit.min_gap == 240
            assert visit.latest - first.earliest >= 240 + 30
            if visit.max_gap:
                assert visit.latest - first.earliest <= visit.max_gap
    assert linked > 0


def test_reablement_starts_or_ends_in_the_week(any_week):
    packages = [c for c in any_week.clients if c.package == "reablement"]
    assert len(packages) == round(0.06 * 120)
    for client in packages:
        assert client.end_date - client.start_date == timedelta(weeks=6)
        turn = (client.start_date, client.end_date)
        assert any(START <= day < START + timedelta(days=7) for day in turn)


def test_a_respite_package_keeps_one_worker_on_for_over_six_hours(any_week):
    """Pinned, back to back, with gaps that are paid: a break is due."""
    (client,) = [c for c in any_week.clients if c.often == "respite"]
    first, second, third = client.visits
    assert third.earliest + third.minutes - first.latest > 6 * 60 + 20
    for before, after in ((first, second), (second, third)):
        assert after.earliest - before.latest - before.minutes >= 10
        assert after.latest - before.earliest - before.minutes <= 60
        assert after.preferred - before.preferred - before.minutes >= 20
    (pinned,) = {v.pinned for v in client.visits}
    (worker,) = [w for w in any_week.workers if w.worker_id == pinned[0]]
    for day in (0, 2, 4):
        assert all(worker.covers(day, v) for v in client.visits)
    assert all(worker.may_visit(client, v) for v in client.visits)


def test_there_are_about_thirty_workers_for_120_clients(any_week):
    assert 28 <= len(any_week.workers) <= 36


def test_contracts_are_as_published(any_week):
    workers = any_week.workers
    zero = sum(w.zero_hours for w in workers)
    assert zero / len(workers) == pytest.approx(0.42, abs=0.02)
    assert all((w.guaranteed == 0) == w.zero_hours for w in workers)
    full = sum(w.hours_kind == "full" for w in workers)
    assert full / len(workers) == pytest.approx(0.47, abs=0.08)


def test_pay_is_the_living_wage_of_the_start_or_more(week):
    assert min(w.rate_p for w in week.workers) == round(
        100 * FIGURES.number("london_living_wage")
    )
    later = make(10, 1, date(2025, 1, 6))
    assert min(w.rate_p for w in later.workers) >= 1315


def test_hours_make_sense_together(any_week):
    for worker in any_week.workers:
        assert worker.guaranteed <= (worker.contracted or 48) <= 48
        assert worker.shift_hours <= 48
        assert min(48, worker.shift_hours) <= worker.most <= 48
        assert worker.hours_16_weeks <= 16 * 48


def test_every_half_hour_has_enough_workers_on_shift(any_week):
    """More than attendances under way, on average over two hours."""
    busy, on = load(any_week.clients), cover(any_week.workers)
    for day in range(7):
        for low in range(15, 40):
            need = sum(busy[day][low : low + 4])
            have = sum(on[day][low : low + 4])
            assert have >= 1.15 * need, (day, low, need, have)


def test_every_part_of_a_day_has_a_third_more_workers_than_visits(any_week):
    busy, on = load(any_week.clients), cover(any_week.workers)
    for day in range(7):
        for start, end in PARTS:
            part = slice(start // 30, end // 30)
            assert sum(on[day][part]) >= 1.3 * sum(busy[day][part])


def test_every_visit_has_workers_to_choose_from(any_week):
    """Skills, gender, bars and shifts together leave two more than it needs."""
    for client, visit in visits(any_week):
        for day in range(7):
            if visit.on(day):
                able = eligible(client, visit, day, any_week.workers)
                assert len(able) >= visit.workers + SPARE


def test_no_worker_has_two_shifts_at_once_or_too_little_rest(any_week):
    """Shifts alone leave eleven hours between days, but for walks home."""
    for worker in any_week.workers:
        for before, after in zip(worker.shifts, worker.shifts[1:], strict=False):
            assert (before.day, before.end) <= (after.day, after.start + 0)
            gap = (after.day - before.day) * 1440 + after.start - before.end
            work = {"leave"}.isdisjoint({before.kind, after.kind})
            assert gap >= (11 * 60 if work and after.day != before.day else 0)


def test_every_worker_has_a_day_of_rest_each_week(any_week):
    for worker in any_week.workers:
        assert len({s.day for s in worker.shifts if s.kind != "leave"}) <= 6


def test_there_are_training_meetings_leave_and_office_starts(week):
    shifts = [s for w in week.workers for s in w.shifts]
    assert Counter(s.kind for s in shifts).keys() == {
        "work",
        "training",
        "meeting",
        "leave",
    }
    places = Counter(s.start_place for s in shifts if s.kind == "work")
    assert places["home"] > 5 * places["OFFICE"] > 0


def test_all_workers_walk_first(any_week):
    assert all(w.modes[0] == "walk" for w in any_week.workers)
    assert any("cycle" in w.modes for w in any_week.workers)


def test_most_past_visits_were_made_by_two_or_three_workers(any_week):
    """Regular workers as DOMAIN 5 has them: a small team covers 70% and more."""
    by_client = defaultdict(list)
    for past in any_week.history:
        by_client[past.client_id].append(past.visits)
    assert len(by_client) > 110
    shares = [sum(sorted(v)[-3:]) / sum(v) for v in by_client.values()]
    assert sum(share >= 0.7 for share in shares) / len(shares) > 0.9


def test_history_fits_shifts_and_lies_in_the_past(any_week):
    clients = {c.client_id: c for c in any_week.clients}
    workers = {w.worker_id: w for w in any_week.workers}
    pairs = [(p.client_id, p.worker_id) for p in any_week.history]
    assert len(pairs) == len(set(pairs))
    for past in any_week.history:
        client, worker = clients[past.client_id], workers[past.worker_id]
        assert past.first <= past.last < START
        assert past.visits > 0
        assert worker.worker_id not in client.barred
        assert client.start_date is None or client.start_date <= past.first
        assert any(
            worker.covers(day, visit) and worker.may_visit(client, visit)
            for visit in client.visits
            for day in range(7)
            if visit.on(day)
        )


def test_some_workers_were_last_seen_too_long_ago_to_be_known(any_week):
    old = [p for p in any_week.history if START - p.last > timedelta(days=90)]
    assert old


def test_new_clients_have_an_introduction_instead_of_a_past(any_week):
    new = [c for c in any_week.clients if c.start_date and c.start_date >= START]
    known = {p.client_id for p in any_week.history}
    assert new
    for client in new:
        assert client.client_id not in known
        assert client.introduced


def test_wishes_and_bars_are_there_and_do_not_contradict(any_week):
    workers = {w.worker_id: w for w in any_week.workers}
    assert sum(bool(c.barred) for c in any_week.clients) >= 3
    assert sum(bool(c.preferred) for c in any_week.clients) > 20
    assert sum(c.gender == "female" for c in any_week.clients) > 5
    assert sum(bool(c.language) for c in any_week.clients) == round(0.12 * 120)
    for client in any_week.clients:
        assert not set(client.barred) & {*client.preferred, *client.introduced}
        for worker_id in client.preferred:
            assert client.gender in ("any", workers[worker_id].gender)


@pytest.mark.parametrize("clients", [1, 2, 7, 25])
def test_a_handful_of_clients_is_staffed_too(clients):
    small = make(clients, 3)
    assert len(small.clients) == clients
    for client, visit in visits(small):
        for day in range(7):
            if visit.on(day):
                able = eligible(client, visit, day, small.workers)
                assert len(able) >= visit.workers


def test_a_horizon_may_start_on_any_day_and_last_two_weeks():
    long = make(30, 1, date(2026, 6, 4), days=14)
    days = {s.day for w in long.workers for s in w.shifts}
    assert days == set(range(14))
    for worker in long.workers:
        for shift in worker.shifts:
            weekday = (START + timedelta(days=3 + shift.day)).weekday()
            if shift.kind == "work":
                assert (shift.start, shift.end) in worker.week[weekday]
